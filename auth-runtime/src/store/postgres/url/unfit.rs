use core::{error::Error, fmt};

/// The error for a URL that names no server. It shows no part of the URL.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnfitUrl {
    /// Which URL it is.
    pub(super) name: &'static str,
    pub(super) fault: Fault,
}

/// The fault of a URL.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Scheme,
    Unescaped(char),
    /// No server stands where it should.
    Server,
    /// Several servers, of which a client would choose one.
    Servers,
    /// An IPv6 address without its brackets.
    Brackets,
    Port,
    /// A demand for TLS that would be left out.
    Tls,
    TlsMode,
    /// A schema for the tables that would be left out.
    Schema,
}

impl fmt::Display for UnfitUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.name)?;
        f.write_str(match self.fault {
            Fault::Scheme => "does not start with `postgresql://`",
            Fault::Unescaped(character) => {
                let code = u32::from(character);
                return write!(f, "has a `{character}` that ends the password; write it as `%{code:X}`");
            }
            Fault::Server => {
                "names no server before the database; write `postgresql://user:password@host:port/database`, or for a \
                 Unix socket `postgresql://user:password@/database?host=/var/run/postgresql`"
            }
            Fault::Servers => "names several servers; write one address, which moves with the primary",
            Fault::Brackets => {
                "has several colons after the password; write an IPv6 address in brackets, as in `[::1]`"
            }
            Fault::Port => {
                "has a port that is no number from 1 to 65535; in a password, write `/` as `%2F` and `@` as `%40`"
            }
            Fault::Tls => {
                "asks for TLS by a parameter that is not known; known are `sslmode`, `sslrootcert`, `sslcert` and \
                 `sslkey`"
            }
            Fault::TlsMode => {
                "has an unknown `sslmode`; known are `verify-full`, `verify-ca`, `require`, `prefer`, `allow` and \
                 `disable`"
            }
            Fault::Schema => {
                "names a schema by a parameter that is not known; write `options=-csearch_path%3D` and the schema"
            }
        })
    }
}

impl Error for UnfitUrl {}
