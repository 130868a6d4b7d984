use core::{fmt, time::Duration};
use std::sync::Arc;

use axum::{Router, body::Body};
use tower::{ServiceBuilder, util::BoxCloneSyncService};
use tower_http::map_response_body::MapResponseBodyLayer;

use crate::{
    auth::{ALLOWED_HOSTS, Collector, Environment, Faults, HOSTS_MISSING, Settings, is_path},
    error::CatchPanics,
    host::Hosts,
    limit::TrustedProxies,
    router::RouteMethods,
    secret::{Entropy, SystemEntropy},
};

use super::{
    AllowedHosts, BodyLimit, Cors, CorsLayer, Deadline, Hardened, RequestIds, RequireHttps, Routes, SecurityHeaders,
    event, tracing_layer,
};

/// Returns the router inside all layers of this module, as the settings say.
///
/// The layers stand in this order, from the outside: request id, tracing, security headers, HTTPS, host, CORS,
/// panics, deadline, body limit. So each answer has the security headers and the identifier, and a page of an allowed
/// origin can read refusals, too. The result takes no more routes. [`Hardening`] has the options beyond the settings.
///
/// | setting | in production | in development | in tests |
/// |---|---|---|---|
/// | `ALLOWED_HOSTS` | required | by default this machine | by default every host |
/// | HTTPS, `Strict-Transport-Security` | required, sent | no, no | no, no |
/// | `http://` in `ALLOWED_ORIGINS` | refused | accepted | accepted |
///
/// ```no_run
/// # async fn example(auth: auth_runtime::Auth) -> Result<(), Box<dyn std::error::Error>> {
/// use auth_runtime::{prelude::*, web};
///
/// #[protected]
/// async fn me(who: Identity) -> String {
///     who.subject().to_owned()
/// }
///
/// let settings = Settings::from_env()?;
/// let app = GuardedRouter::new().route("/me", get(me)).with_state(auth);
/// let app = web::hardened(app, &settings)?;
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
/// auth_runtime::serve(listener, app).settings(&settings).await?;
/// # Ok(()) }
/// ```
///
/// # Errors
/// Returns all [`Faults`] at once: `ALLOWED_HOSTS` is missing in production, or `ALLOWED_ORIGINS` is set and the
/// methods of a plain router are not named.
pub fn hardened(router: impl Routes, settings: &Settings) -> Result<Hardened, Faults> {
    Hardening::from_settings(settings).wrap(router)
}

/// The layers of [`hardened`], with options that the settings do not have.
///
/// ```
/// use auth_runtime::web::{Hardening, SecurityHeaders};
/// # use auth_runtime::auth::{Faults, Settings};
/// use axum::{Router, http::Method, routing::get};
///
/// # fn example(settings: &Settings) -> Result<(), Faults> {
/// let app = Router::new().route("/", get(|| async { "hello" }));
/// let app = Hardening::from_settings(settings)
///     .security_headers(SecurityHeaders::html())
///     .cors(|cors| cors.methods([Method::GET]))
///     .probe_path("/health")
///     .wrap(app)?;
/// # Ok(()) }
/// ```
#[must_use]
pub struct Hardening {
    environment: Environment,
    hosts: Option<Hosts>,
    proxies: TrustedProxies,
    has_certificate: bool,
    headers: SecurityHeaders,
    cors: Cors,
    probes: Vec<String>,
    https_port: u16,
    within: Duration,
    body_bytes: usize,
    entropy: Arc<dyn Entropy>,
    faults: Collector,
}

impl Hardening {
    /// Takes the values of the settings. The security headers are those of an API.
    pub fn from_settings(settings: &Settings) -> Self {
        let mut faults = Collector::default();
        let web = settings.web();
        let environment = settings.environment();
        let in_production = environment == Environment::Production;
        Self {
            environment,
            hosts: web.hosts(&mut faults),
            proxies: settings.proxies(),
            has_certificate: settings.tls_files().is_some(),
            headers: SecurityHeaders::api(),
            cors: Cors::checked(web.origins(in_production, &mut faults)).allow_credentials(web.allows_credentials),
            probes: web.probe_paths(&mut faults),
            https_port: web.https_port,
            within: Duration::from_secs(web.timeout_seconds.into()),
            body_bytes: usize::try_from(web.body_bytes).unwrap_or(usize::MAX),
            entropy: Arc::new(SystemEntropy::new()),
            faults,
        }
    }

    /// Sets the security headers; those of an API by default. Where they do not say so themselves, the layers use the
    /// proxies of the settings, and send `Strict-Transport-Security` in production only.
    pub fn security_headers(mut self, headers: SecurityHeaders) -> Self {
        self.headers = headers;
        self
    }

    /// Changes the rules of CORS, which begin with the origins of the settings.
    pub fn cors(mut self, change: impl FnOnce(Cors) -> Cors) -> Self {
        self.cors = change(self.cors);
        self
    }

    /// Sets the hosts in place of `ALLOWED_HOSTS`.
    pub fn hosts(mut self, hosts: Hosts) -> Self {
        self.hosts = Some(hosts);
        self
    }

    /// Sets the proxies that may report scheme and host in place of `TRUSTED_PROXIES`. Pass the same to
    /// [`AuthBuilder::trusted_proxies`](crate::auth::AuthBuilder::trusted_proxies).
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.proxies = proxies;
        self
    }

    /// Adds a path that the platform probes over plain HTTP and under any host, beside `PROBE_PATHS`.
    pub fn probe_path(mut self, path: impl Into<String>) -> Self {
        let path = path.into();
        if !is_path(&path) {
            self.faults.push("probe_path", "is no path; write one such as `/health`");
        }
        self.probes.push(path);
        self
    }

    /// Sets the port of HTTPS, as clients reach it, in place of `HTTPS_PORT`.
    pub fn https_port(mut self, port: u16) -> Self {
        self.https_port = port;
        self
    }

    /// Sets how long a handler may take to begin its answer, in place of `REQUEST_TIMEOUT_SECONDS`.
    pub fn deadline(mut self, within: Duration) -> Self {
        self.within = within;
        self
    }

    /// Sets the largest body of a request in bytes, in place of `MAX_BODY_BYTES`.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_bytes = bytes;
        self
    }

    /// Sets the source of randomness for nonces and identifiers; the operating system's by default.
    pub fn entropy(mut self, entropy: impl Entropy) -> Self {
        self.entropy = Arc::new(entropy);
        self
    }

    /// Returns the router inside the layers.
    ///
    /// # Errors
    /// Returns all [`Faults`] at once, as [`hardened`] does.
    pub fn wrap(mut self, router: impl Routes) -> Result<Hardened, Faults> {
        let (router, methods) = router.into_routes();
        let hosts = self.known_hosts();
        let cors = self.cors_layer(methods);
        if self.environment == Environment::Production && !self.has_certificate && self.proxies.are_none() {
            event::no_https();
        }
        let built = hosts.zip(cors).map(|(hosts, cors)| self.stack(router, hosts, cors));
        self.faults.finish_with(built)
    }

    fn known_hosts(&mut self) -> Option<Hosts> {
        match (self.hosts.take(), self.environment) {
            (Some(hosts), _) => Some(hosts),
            (None, Environment::Development) => Some(Hosts::of_this_machine()),
            (None, Environment::Test) => Some(Hosts::every()),
            (None, Environment::Production) => {
                self.faults.push(ALLOWED_HOSTS, HOSTS_MISSING);
                None
            }
        }
    }

    fn cors_layer(&mut self, routes: Option<RouteMethods>) -> Option<CorsLayer> {
        let cors = self.cors.clone().environment(self.environment);
        match routes {
            Some(routes) if !cors.has_methods() => {
                let layer = cors.methods(routes.all().iter().cloned()).checked_layer(&mut self.faults);
                layer.map(|layer| layer.for_paths(routes.of_paths()))
            }
            _ => cors.checked_layer(&mut self.faults),
        }
    }

    /// Puts the layers around the router. The first is the outermost. `ARCHITECTURE.md` has the same order, with the
    /// reason of each place.
    fn stack(&self, router: Router, hosts: Hosts, cors: CorsLayer) -> Hardened {
        let in_production = self.environment == Environment::Production;
        let proxies = || self.proxies.clone();
        let headers = self.headers.clone().trusted_proxies(proxies()).entropy(Arc::clone(&self.entropy));
        let https = RequireHttps::new(hosts.clone()).trusted_proxies(proxies()).probe_paths(self.probes.clone());
        let https = https.https_port(self.https_port);
        let service = ServiceBuilder::new()
            .layer(RequestIds::new().trusted_proxies(proxies()).entropy(Arc::clone(&self.entropy)))
            .layer(MapResponseBodyLayer::new(Body::new))
            .layer(tracing_layer())
            .layer(if in_production { headers } else { headers.over_plain_http() })
            .layer(https.off(!in_production))
            .layer(AllowedHosts::new(hosts).trusted_proxies(proxies()).probe_paths(self.probes.clone()))
            .layer(cors)
            .layer(CatchPanics::new())
            .layer(Deadline::new(self.within))
            .layer(BodyLimit::bytes(self.body_bytes))
            .service(router);
        Hardened(BoxCloneSyncService::new(service))
    }
}

impl fmt::Debug for Hardening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hardening").field("environment", &self.environment).finish_non_exhaustive()
    }
}
