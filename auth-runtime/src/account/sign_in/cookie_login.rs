use axum::{
    http::{HeaderValue, header::SET_COOKIE},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    account::{
        answer::rejection::EndpointRejection,
        context::AccountContext,
        policies,
        request::{
            browser::Browser,
            client::{Client, Peer},
            credentials::Credentials,
            sign_in_body::SignInBody,
        },
        session::{
            open::{FIRST_PARTY, Opening, open_cookie},
            proof::Proof,
        },
    },
    extract::Json,
    guard::Guard,
    store::Profile,
};

use super::{authenticate::sign_in, by_form};

/// `POST /auth/session`: begins a session that a cookie continues, for a user name or e-mail address and its password,
/// in JSON or as a form. A form is answered by redirects.
pub(crate) async fn cookie_login(
    _: Guard<policies::CookieLogin>,
    peer: Peer,
    context: AccountContext,
    browser: Browser,
    client: Client,
    body: SignInBody,
) -> Response {
    let auth = &context.auth;
    match body {
        SignInBody::Script(credentials) => match begin(&context, &peer, browser, &client, &credentials).await {
            Ok((answer, cookie)) => ([(SET_COOKIE, cookie)], Json(answer)).into_response(),
            Err(rejection) => rejection.into_json(auth),
        },
        SignInBody::Page(credentials, back) => match begin(&context, &peer, browser, &client, &credentials).await {
            Ok((answer, cookie)) => by_form::signed_in(auth, back, cookie, answer.password_change_required),
            Err(rejection) => by_form::refused(auth, back, rejection),
        },
    }
}

async fn begin(
    context: &AccountContext,
    peer: &Peer,
    browser: Browser,
    client: &Client,
    credentials: &Credentials,
) -> Result<(SignedInAnswer, HeaderValue), EndpointRejection> {
    let signed_in = sign_in(context, peer, &credentials.username, &credentials.password).await?;
    let device = credentials.device.as_deref().unwrap_or_default();
    let proof = Proof::Password(&credentials.password);
    let opening = Opening { client_id: FIRST_PARTY, scope: None, device, proof };
    let (account, cookie) = open_cookie(context, &signed_in, client, browser.presented, opening).await?;
    let password_change_required = signed_in.password_change_required;
    Ok((SignedInAnswer { profile: account.profile(), password_change_required }, cookie))
}

/// The account, and whether its owner must set a new password before the session ends.
#[derive(Serialize)]
struct SignedInAnswer {
    #[serde(flatten)]
    profile: Profile,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    password_change_required: bool,
}
