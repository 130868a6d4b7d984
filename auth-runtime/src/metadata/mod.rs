//! Ready-made handlers for the metadata of protected resources (RFC 9728), by which OAuth clients find the issuer.
//!
//! | path | answer |
//! |---|---|
//! | `GET /.well-known/oauth-protected-resource` | the document of the whole service |
//! | `GET /.well-known/oauth-protected-resource/mcp` | the document of the resource at `/mcp` |
//!
//! [`AuthBuilder::protected_resource`](crate::auth::AuthBuilder::protected_resource) declares a resource. Other paths
//! are 404. The URLs in a document come from `PUBLIC_URL`, never from the request. If `PUBLIC_URL` has a path, it
//! stands before the path of the resource. For the resource `https://example.com/api/mcp`, clients then ask
//! `https://example.com/.well-known/oauth-protected-resource/api/mcp`, and the proxy must send that path here as it is.
//!
//! The documents are public, and pages of every origin may read them. Both paths stand in the access matrix.

use axum::{
    extract::State,
    http::{
        HeaderName, HeaderValue, StatusCode, Uri,
        header::{
            ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
            ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, CONTENT_TYPE,
        },
    },
    response::{IntoResponse, Response},
};

use crate::{
    auth::{HasAuth, WELL_KNOWN},
    error::{Document, fixed},
    guard::Guard,
    policy::{HasPolicy, Policy},
    router::{GuardedRouter, routing::get},
};

/// Returns the router of the documents. Merge it into the outermost router, since clients know no other path.
///
/// ```
/// use auth_runtime::{metadata, prelude::*};
///
/// #[protected]
/// async fn whoami(who: Identity) -> String {
///     who.subject().to_owned()
/// }
///
/// let app: GuardedRouter<Auth> = GuardedRouter::new().route("/me", get(whoami)).merge(metadata::routes());
/// assert_eq!(app.access_matrix().rows().len(), 5);
/// ```
pub fn routes<S>() -> GuardedRouter<S>
where
    S: HasAuth + Clone + Send + Sync + 'static,
{
    let below = format!("{WELL_KNOWN}/{{*resource}}");
    GuardedRouter::new()
        .route(WELL_KNOWN, get(describe::<S>).options(preflight))
        .route(&below, get(describe::<S>).options(preflight))
}

/// Returns the document of the resource at the path behind the well-known one.
async fn describe<S>(_: Guard<Describe>, State(state): State<S>, uri: Uri) -> Response
where
    S: HasAuth + Clone + Send + Sync,
{
    let suffix = uri.path().strip_prefix(WELL_KNOWN);
    let Some(document) = suffix.and_then(|suffix| state.auth().metadata(suffix)) else {
        return ([EVERY_ORIGIN], UNKNOWN).into_response();
    };
    let kind = (CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let fresh = (CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    ([EVERY_ORIGIN, kind, fresh], document).into_response()
}

/// Lets pages of every origin ask with fields of their own, for example the version of a protocol.
async fn preflight(_: Guard<Preflight>) -> Response {
    let methods = (ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD"));
    let fields = (ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
    let hours = (ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    (StatusCode::NO_CONTENT, [EVERY_ORIGIN, methods, fields, hours]).into_response()
}

const EVERY_ORIGIN: (HeaderName, HeaderValue) = (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));

const UNKNOWN: Document = fixed!(404, "not-found", "There is nothing at this address.");

/// The policy of the documents.
struct Describe;

impl HasPolicy for Describe {
    const POLICY: Policy =
        Policy::public("auth_runtime::metadata::describe").with_reason("clients find the issuer by it");
    type Checks = ();
}

/// The policy of the answers to preflight requests.
struct Preflight;

impl HasPolicy for Preflight {
    const POLICY: Policy =
        Policy::public("auth_runtime::metadata::preflight").with_reason("pages of clients read the metadata");
    type Checks = ();
}
