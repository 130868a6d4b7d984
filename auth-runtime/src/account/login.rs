use axum::response::{IntoResponse, Response};

use crate::{extract::Json, guard::Guard};

use super::{
    client::Client,
    credentials::Credentials,
    engine::Engine,
    failure::Failure,
    peer::Peer,
    policies,
    sign_in::{SignedIn, sign_in},
    tokens::{FIRST_PARTY, Opening, open},
};

/// `POST /auth/login`: returns new tokens for a user name or e-mail address and its password, in JSON.
pub(super) async fn login(
    _: Guard<policies::Login>,
    peer: Peer,
    engine: Engine,
    client: Client,
    Json(credentials): Json<Credentials>,
) -> Response {
    let tokens = async {
        let SignedIn { account, password_change_required } =
            sign_in(&engine, &peer, &credentials.username, &credentials.password).await?;
        let device = credentials.device.as_deref().unwrap_or_default();
        let opening = Opening { client_id: FIRST_PARTY, scope: None, device, password: &credentials.password };
        let tokens = open(&engine, &account, &client, opening).await?;
        Ok(tokens.with_password_change(password_change_required))
    };
    let tokens: Result<_, Failure> = tokens.await;
    match tokens {
        Ok(tokens) => tokens.into_response(),
        Err(failure) => failure.into_json(&engine.auth),
    }
}
