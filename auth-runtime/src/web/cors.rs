use core::time::Duration;
use std::sync::Arc;

use axum::http::{
    HeaderName, HeaderValue, Method,
    header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER},
};
use tower_http::cors;

use crate::{
    auth::{ALLOWED_ORIGINS, Collector, Environment, Faults},
    csrf::{Origin, OriginFault, Scheme},
};

mod paths;
mod service;

pub use service::{CorsLayer, CorsService};

/// The builder of a layer that lets pages of named origins read this service's answers (CORS, in the Fetch standard).
///
/// - Origins are exact: scheme, host and port. The answer to a page of another origin has no CORS fields, and its
///   preflight request is 403 `origin-not-allowed`.
/// - The layer answers preflight requests itself. They need no credential and count under no limit.
/// - Every answer has `Vary: Origin`.
/// - Without [`allow_credentials`](Self::allow_credentials), browsers send no cookies. Tokens and API keys that a
///   script sends in its own fields need no credentials in this sense.
///
/// CORS decides which pages may *read* answers. It keeps no request away: the guards do that.
///
/// ```
/// use auth_runtime::web::Cors;
/// use axum::{Router, http::Method, routing::get};
///
/// let cors = Cors::origins(["https://app.example.com"]).methods([Method::GET, Method::POST]).layer()?;
/// let app: Router = Router::new().route("/", get(|| async { "hello" })).layer(cors);
/// # Ok::<(), auth_runtime::auth::Faults>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Cors {
    origins: Origins,
    credentials: bool,
    methods: Option<Vec<Method>>,
    headers: Vec<HeaderName>,
    exposed: Vec<HeaderName>,
    max_age: Duration,
    environment: Environment,
}

#[derive(Clone, Debug)]
enum Origins {
    Every,
    These(Vec<String>),
    /// As the settings have checked them.
    Checked(Vec<Origin>),
}

/// How long browsers remember the answer to a preflight request. Chromium caps it at this time.
const TWO_HOURS: Duration = Duration::from_secs(2 * 60 * 60);

impl Cors {
    /// Allows these origins, for example `https://app.example.com`.
    pub fn origins<O: Into<String>>(origins: impl IntoIterator<Item = O>) -> Self {
        Self::new(Origins::These(origins.into_iter().map(Into::into).collect()))
    }

    /// Allows every origin, for data that is public. It goes with no credentials.
    pub fn every_origin() -> Self {
        Self::new(Origins::Every)
    }

    pub(super) fn checked(origins: Vec<Origin>) -> Self {
        Self::new(Origins::Checked(origins))
    }

    fn new(origins: Origins) -> Self {
        Self {
            origins,
            credentials: false,
            methods: None,
            headers: HEADERS.to_vec(),
            exposed: EXPOSED.to_vec(),
            max_age: TWO_HOURS,
            environment: Environment::Production,
        }
    }

    /// Sets whether these pages may send cookies, and read the answers; `false` by default.
    pub fn allow_credentials(mut self, on: bool) -> Self {
        self.credentials = on;
        self
    }

    /// Sets the methods that these pages may use, for all paths. On a `GuardedRouter`, [`hardened`](super::hardened)
    /// takes those of each path from the routes.
    pub fn methods(mut self, methods: impl IntoIterator<Item = Method>) -> Self {
        self.methods = Some(methods.into_iter().collect());
        self
    }

    /// Adds header fields that these pages may send. `Authorization`, `Content-Type`, `X-API-Key` and `X-CSRF-Token`
    /// are allowed already.
    pub fn headers(mut self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        self.headers.extend(names);
        self
    }

    /// Adds header fields that these pages may read. `RateLimit`, `RateLimit-Policy`, `Retry-After` and `X-Request-Id`
    /// are readable already.
    pub fn expose_headers(mut self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        self.exposed.extend(names);
        self
    }

    /// Sets how long browsers remember the answer to a preflight request; two hours by default. Whole seconds count.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = age;
        self
    }

    /// Sets where the service runs; production by default. Elsewhere, origins may have plain `http`.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    pub(super) fn has_methods(&self) -> bool {
        self.methods.is_some()
    }

    pub(super) fn has_origins(&self) -> bool {
        match &self.origins {
            Origins::Every => true,
            Origins::These(list) => !list.is_empty(),
            Origins::Checked(list) => !list.is_empty(),
        }
    }

    /// Builds the layer.
    ///
    /// # Errors
    /// Returns all [`Faults`] at once: an entry that is no exact origin, plain `http` in production, a wildcard, every
    /// origin with credentials, and no methods.
    pub fn layer(self) -> Result<CorsLayer, Faults> {
        let mut faults = Collector::default();
        let layer = self.checked_layer(&mut faults);
        faults.finish_with(layer)
    }

    /// Builds the layer, if there is no fault.
    pub(super) fn checked_layer(self, faults: &mut Collector) -> Option<CorsLayer> {
        let is_usable = self.check_fields(faults);
        let methods = self.methods.clone().unwrap_or_default();
        if methods.is_empty() && self.has_origins() {
            faults.push(
                "Cors::methods",
                "is missing; name the methods of the routes, such as `[Method::GET, Method::POST]`",
            );
        }
        let origins = self.exact(faults);
        if !is_usable {
            return None;
        }
        let layer = cors::CorsLayer::new()
            .allow_methods(methods)
            .allow_headers(self.headers)
            .expose_headers(self.exposed)
            .max_age(self.max_age)
            .vary([axum::http::header::ORIGIN]);
        Some(match origins {
            None => CorsLayer::new(layer.allow_origin(cors::Any), None),
            Some(origins) => {
                let allowed = cors::AllowOrigin::list(origins.iter().cloned());
                CorsLayer::new(
                    layer.allow_origin(allowed).allow_credentials(self.credentials),
                    Some(Arc::from(origins)),
                )
            }
        })
    }

    /// Checks what tower-http would refuse by a panic.
    fn check_fields(&self, faults: &mut Collector) -> bool {
        let mut is_usable = true;
        let mut fault = |setting, message| {
            faults.push(setting, message);
            is_usable = false;
        };
        if matches!(self.origins, Origins::Every) && self.credentials {
            fault(
                "Cors::every_origin",
                "would let each page on the web act as its visitor; name the origins, or leave out the credentials",
            );
        }
        if self.headers.iter().any(|name| name == "*") {
            fault("Cors::headers", "has a wildcard; name each field");
        }
        if self.exposed.iter().any(|name| name == "*") {
            fault("Cors::expose_headers", "has a wildcard; name each field");
        }
        if self.methods.iter().flatten().any(|method| method.as_str() == "*") {
            fault("Cors::methods", "has a wildcard; name each method");
        }
        is_usable
    }

    /// Returns the origins as browsers send them; `None` for every origin.
    fn exact(&self, faults: &mut Collector) -> Option<Vec<HeaderValue>> {
        let in_production = self.environment == Environment::Production;
        let mut add = |setting, place: usize, origin: Result<Origin, OriginFault>| match origin {
            Ok(origin) if in_production && origin.scheme() == Scheme::Http => {
                faults.push(setting, OriginFault::Insecure.at(place));
                None
            }
            Ok(origin) => HeaderValue::try_from(origin.to_string()).ok(),
            Err(fault) => {
                faults.push(setting, fault.at(place));
                None
            }
        };
        match &self.origins {
            Origins::Every => None,
            Origins::These(list) => {
                let all = (1..).zip(list);
                Some(all.filter_map(|(place, text)| add("Cors::origins", place, Origin::parse(text))).collect())
            }
            Origins::Checked(list) => {
                let all = (1..).zip(list);
                Some(all.filter_map(|(place, origin)| add(ALLOWED_ORIGINS, place, Ok(origin.clone()))).collect())
            }
        }
    }
}

/// What scripts of a page need to call this service.
const HEADERS: [HeaderName; 4] =
    [AUTHORIZATION, CONTENT_TYPE, HeaderName::from_static("x-api-key"), HeaderName::from_static("x-csrf-token")];

/// What scripts of a page need to wait, and to ask for help.
const EXPOSED: [HeaderName; 4] = [
    HeaderName::from_static("ratelimit"),
    HeaderName::from_static("ratelimit-policy"),
    RETRY_AFTER,
    HeaderName::from_static("x-request-id"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(cors: Cors) -> Vec<String> {
        let Err(faults) = cors.layer() else { return Vec::new() };
        faults.iter().map(|fault| format!("{}: {}", fault.setting(), fault.message())).collect()
    }

    fn of(origin: &str) -> Cors {
        Cors::origins([origin]).methods([Method::GET])
    }

    #[test]
    fn each_unsafe_combination_is_a_fault_and_no_panic() {
        assert_eq!(faults(of("https://app.example.com").allow_credentials(true)), [""; 0]);
        assert_eq!(faults(Cors::every_origin().methods([Method::GET])), [""; 0]);
        let star = HeaderName::from_static("*");
        for (cors, setting) in [
            (Cors::every_origin().methods([Method::GET]).allow_credentials(true), "Cors::every_origin"),
            (of("https://a.example").headers([star.clone()]).allow_credentials(true), "Cors::headers"),
            (of("https://a.example").expose_headers([star]), "Cors::expose_headers"),
            (of("https://a.example").methods([Method::from_bytes(b"*").unwrap()]), "Cors::methods"),
            (Cors::origins(["https://a.example"]), "Cors::methods"),
            (of("*"), "Cors::origins: entry 1"),
            (of("null"), "Cors::origins: entry 1"),
            (of("https://a.example/"), "Cors::origins: entry 1"),
            (of("https://a.example/x"), "Cors::origins: entry 1"),
            (of("http://a.example"), "Cors::origins: entry 1"),
            (of(""), "Cors::origins: entry 1"),
        ] {
            let told = faults(cors);
            assert_eq!(told.len(), 1, "{setting}: {told:?}");
            assert!(told[0].starts_with(setting), "{setting}: {told:?}");
        }
        assert_eq!(faults(of("http://localhost:5173").environment(Environment::Development)), [""; 0]);
        assert_eq!(faults(Cors::origins(["*", "null"]).allow_credentials(true)).len(), 3);
    }
}
