use core::{error::Error, fmt};

/// The reason why a document could not be fetched. Operators see it in events.
#[derive(Debug)]
pub(in crate::remote) enum FetchError {
    /// The host's name has no address.
    Unresolved,
    /// The host's name leads to an address that is not allowed.
    AddressRefused,
    /// No connection, or a broken one.
    Connection(Box<dyn Error + Send + Sync>),
    /// The certificate or the handshake is wrong.
    Tls(Box<dyn Error + Send + Sync>),
    /// A redirect, which is not followed.
    Redirect,
    /// Another status than 200.
    Status(u16),
    /// The answer is longer than 256 KiB.
    TooLong,
    /// There was no answer, or no connection, in the time for it.
    TooSlow,
    /// The answer is no JSON document of the expected form.
    Malformed,
    /// There are more than 64 keys.
    TooManyKeys,
    /// The metadata are about another issuer.
    OtherIssuer,
    /// The metadata name a URL of another host, or one that is not HTTPS.
    OtherHost,
    /// The metadata name no URL for introspection.
    NoIntrospection,
    /// There is nothing at the URL.
    NotFound,
    /// The issuer refuses this service's own credentials.
    ClientRefused,
    /// The issuer gets more questions than it takes.
    TooManyRequests,
    /// The issuer is asked about as many credentials at once as is allowed.
    TooManyAtOnce,
    /// The answer is about another credential than the question.
    OtherCredential,
    /// This service's own credentials could not be made.
    NotSigned,
}

impl FetchError {
    /// Returns a stable code for events.
    pub(in crate::remote) fn reason(&self) -> &'static str {
        match self {
            Self::Unresolved => "host_unresolved",
            Self::AddressRefused => "address_refused",
            Self::Connection(_) => "connection_failed",
            Self::Tls(_) => "tls_failed",
            Self::Redirect => "redirect_refused",
            Self::Status(_) => "status_not_200",
            Self::TooLong => "answer_too_long",
            Self::TooSlow => "answer_too_slow",
            Self::Malformed => "answer_malformed",
            Self::TooManyKeys => "too_many_keys",
            Self::OtherIssuer => "metadata_of_other_issuer",
            Self::OtherHost => "metadata_name_other_host",
            Self::NoIntrospection => "metadata_without_introspection",
            Self::NotFound => "endpoint_not_found",
            Self::ClientRefused => "client_refused",
            Self::TooManyRequests => "too_many_requests",
            Self::TooManyAtOnce => "too_many_at_once",
            Self::OtherCredential => "answer_about_other_credential",
            Self::NotSigned => "client_assertion_not_signed",
        }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unresolved => "the host name has no address",
            Self::AddressRefused => {
                "the host name leads to an address that is not public; `Issuer::internal` allows it"
            }
            Self::Connection(_) => "the connection failed",
            Self::Tls(_) => "TLS failed",
            Self::Redirect => "the answer is a redirect, which is not followed",
            Self::Status(status) => return write!(f, "the answer has the status {status}"),
            Self::TooLong => "the answer is longer than 256 KiB",
            Self::TooSlow => "the issuer did not answer in time",
            Self::Malformed => "the answer is no JSON document of the expected form",
            Self::TooManyKeys => "the answer has more than 64 keys",
            Self::OtherIssuer => "the metadata are about another issuer",
            Self::OtherHost => "the metadata name a URL of another host; `Issuer::allow_host` allows it",
            Self::NoIntrospection => "the metadata name no URL for introspection; `Introspection::endpoint` sets it",
            Self::NotFound => "there is nothing at the URL: its path is wrong, or the issuer lacks a plugin",
            Self::ClientRefused => "the issuer refuses the credentials of this service",
            Self::TooManyRequests => "the issuer gets more requests than it takes",
            Self::TooManyAtOnce => "the issuer is asked about 16 credentials at once, and not about more",
            Self::OtherCredential => "the answer is about another credential",
            Self::NotSigned => "the credentials of this service could not be signed",
        })
    }
}

impl Error for FetchError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Connection(error) | Self::Tls(error) => Some(&**error),
            _ => None,
        }
    }
}
