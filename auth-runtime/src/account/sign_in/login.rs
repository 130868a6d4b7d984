use axum::response::{IntoResponse, Response};

use crate::{
    account::{
        answer::rejection::EndpointRejection,
        context::AccountContext,
        policies,
        request::{
            client::{Client, Peer},
            credentials::Credentials,
        },
        session::{
            open::{FIRST_PARTY, Opening, open},
            proof::Proof,
        },
    },
    extract::Json,
    guard::Guard,
};

use super::authenticate::sign_in;

/// `POST /auth/login`: returns new tokens for a user name or e-mail address and its password, in JSON.
pub(crate) async fn login(
    _: Guard<policies::Login>,
    peer: Peer,
    context: AccountContext,
    client: Client,
    Json(credentials): Json<Credentials>,
) -> Response {
    let tokens = async {
        let signed_in = sign_in(&context, &peer, &credentials.username, &credentials.password).await?;
        let proof = Proof::Password(&credentials.password);
        let device = credentials.device.as_deref().unwrap_or_default();
        let opening = Opening { client_id: FIRST_PARTY, scope: None, device, proof };
        open(&context, &signed_in, &client, opening).await
    };
    let tokens: Result<_, EndpointRejection> = tokens.await;
    match tokens {
        Ok(tokens) => tokens.into_response(),
        Err(rejection) => rejection.into_json(&context.auth),
    }
}
