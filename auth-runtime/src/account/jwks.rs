use axum::{
    Json,
    http::header::CACHE_CONTROL,
    response::{IntoResponse, Response},
};

use crate::guard::Guard;

use super::{context::AccountContext, policies};

/// `GET /.well-known/jwks.json`: returns the public keys of this service's access tokens. An HMAC key has no public
/// part.
pub(super) async fn jwks(_: Guard<policies::Jwks>, context: AccountContext) -> Response {
    ([(CACHE_CONTROL, "public, max-age=300")], Json(context.auth.jwks())).into_response()
}
