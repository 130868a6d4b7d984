use std::sync::Arc;

use axum::{
    extract::Request,
    http::Method,
    response::{IntoResponse as _, Response},
};
use tower_layer::Layer;

use crate::{
    error::{Document, fixed},
    host::Hosts,
    limit::TrustedProxies,
};

use super::{
    event,
    layer::{Layered, Rule},
    transport::{HostFault, Transport},
};

/// A layer that answers only requests for the service's own hosts.
///
/// | request | answer |
/// |---|---|
/// | no `Host`, two of them, or a text that is no host | 400 `host-invalid` |
/// | `Host`, `:authority` and an absolute target differ | 400 `host-invalid` |
/// | another host | 421 `host-unknown` |
///
/// Behind a trusted proxy, the host comes from the proxy's `Forwarded` or `X-Forwarded-Host`, if it sends one. The
/// `Host` of the proxy's own request must be in the list as well: name the internal host where a proxy writes one.
///
/// ```
/// use auth_runtime::web::{AllowedHosts, Hosts};
/// use axum::{Router, routing::get};
///
/// let hosts = Hosts::parse("api.example.com")?;
/// let app: Router = Router::new().route("/", get(|| async { "hello" })).layer(AllowedHosts::new(hosts));
/// # Ok::<(), auth_runtime::web::HostsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct AllowedHosts {
    hosts: Arc<Hosts>,
    transport: Transport,
    probes: Probes,
}

impl AllowedHosts {
    /// Creates the layer. It trusts no proxy.
    pub fn new(hosts: Hosts) -> Self {
        Self { hosts: Arc::new(hosts), transport: Transport::behind(TrustedProxies::none()), probes: Probes::default() }
    }

    /// Sets the proxies that may report the host.
    #[must_use]
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.transport = Transport::behind(proxies);
        self
    }

    /// Sets the paths that are answered for every host, because the platform probes them by an address.
    #[must_use]
    pub fn probe_paths<P: Into<String>>(mut self, paths: impl IntoIterator<Item = P>) -> Self {
        self.probes = Probes::new(paths);
        self
    }
}

impl<S> Layer<S> for AllowedHosts {
    type Service = Layered<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Layered::new(inner, self.clone())
    }
}

impl Rule for AllowedHosts {
    type Addition = ();

    fn enter(&self, request: &mut Request) -> Result<(), Box<Response>> {
        if self.hosts.is_every() || self.probes.has(request) {
            return Ok(());
        }
        check(&self.transport, &self.hosts, request).map(drop).map_err(HostRefusal::answer)
    }
}

/// Returns the name of the host that the client asked for, if it is one of the service's.
///
/// The host of the request itself must be one, too, where a proxy reports another. Many proxies pass on what a client
/// writes into `X-Forwarded-Host`, and under DNS rebinding the client is a script, which cannot change `Host`.
///
/// # Errors
/// Returns the refusal otherwise.
pub(super) fn check<'r>(
    transport: &Transport,
    hosts: &Hosts,
    request: &'r Request,
) -> Result<std::borrow::Cow<'r, str>, HostRefusal> {
    let (own, reported) = transport.hosts(request).map_err(HostRefusal::Invalid)?;
    let are_known = [Some(&own), reported.as_ref()].into_iter().flatten().all(|host| hosts.has(&host.name));
    if are_known { Ok(reported.unwrap_or(own).name) } else { Err(HostRefusal::Unknown) }
}

/// The refusal of a request by its host.
#[derive(Clone, Copy, Debug)]
pub(super) enum HostRefusal {
    Invalid(HostFault),
    Unknown,
}

pub(crate) const HOST_INVALID: Document = fixed!(400, "host-invalid", "The request names no valid host.");
const UNKNOWN: Document = fixed!(421, "host-unknown", "This service does not answer for this host.");

impl HostRefusal {
    /// Writes the event and returns the answer. Neither repeats the host, which the client chose.
    pub(super) fn answer(self) -> Box<Response> {
        event::refused(match self {
            Self::Invalid(HostFault::Missing) => "host_missing",
            Self::Invalid(HostFault::Malformed) => "host_malformed",
            Self::Invalid(HostFault::Several) => "host_twice",
            Self::Invalid(HostFault::Contradiction) => "host_contradiction",
            Self::Unknown => "host_unknown",
        });
        Box::new(match self {
            Self::Invalid(_) => HOST_INVALID.into_response(),
            Self::Unknown => UNKNOWN.into_response(),
        })
    }
}

/// The paths that a platform probes, exactly as they stand in requests.
#[derive(Clone, Debug, Default)]
pub(super) struct Probes(Arc<[String]>);

impl Probes {
    pub(super) fn new<P: Into<String>>(paths: impl IntoIterator<Item = P>) -> Self {
        Self(paths.into_iter().map(Into::into).collect())
    }

    /// Returns whether the request is a probe: it reads one of these paths.
    pub(super) fn has(&self, request: &Request) -> bool {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        reads && self.0.iter().any(|path| path == request.uri().path())
    }
}
