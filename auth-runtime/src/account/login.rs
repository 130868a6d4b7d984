use axum::response::{IntoResponse, Response};

use crate::{error::Problem, extract::Json, guard::Guard};

use super::{
    client::Client,
    credentials::Credentials,
    engine::Engine,
    policies,
    sign_in::sign_in,
    tokens::{FIRST_PARTY, Grant, grant},
};

/// `POST /auth/login`: new tokens for a user name or e-mail address and its password, in JSON.
pub(super) async fn login(
    _: Guard<policies::Login>,
    client: Client,
    engine: Engine,
    credentials: Result<Json<Credentials>, Problem>,
) -> Response {
    let Json(credentials) = match credentials {
        Ok(credentials) => credentials,
        Err(problem) => return problem.into_response(),
    };
    let tokens = async {
        let account = sign_in(&engine, &client, &credentials.username, &credentials.password).await?;
        grant(&engine, &account, Grant::new_session(&engine, FIRST_PARTY, None)?).await
    };
    match tokens.await {
        Ok(tokens) => tokens.into_response(),
        Err(failure) => failure.into_json(&engine.auth),
    }
}
