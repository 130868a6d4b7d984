//! An application that recognises people itself, and what its clients send.

use auth_runtime::{
    account::{Recognised, Returned, SignIn, SignInError},
    auth::{HasAccounts, HasAuth},
    prelude::*,
};
use axum::{
    Form,
    extract::{FromRef, Query, State},
    http::Request,
    response::{IntoResponse, Response},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::{answers::Answer, world::World};

#[derive(Deserialize)]
struct Back {
    #[serde(default)]
    state: String,
    #[serde(default)]
    user: String,
    #[serde(default)]
    token: String,
    #[serde(default)]
    verifier: String,
    #[serde(default)]
    methods: String,
    /// The address that the provider has verified.
    #[serde(default)]
    address: String,
}

impl Back {
    fn person(&self) -> Recognised {
        let methods: Vec<_> = self.methods.split(' ').collect();
        let methods = if self.methods.is_empty() { &["fed", "mfa"][..] } else { methods.as_slice() };
        let person = Recognised::new(&self.user, methods).on_device("kitchen");
        if self.address.is_empty() { person } else { person.with_verified_address(&self.address) }
    }

    fn token(&self) -> SecretString {
        self.token.clone().into()
    }
}

#[public(because = "visitors begin to sign in here")]
async fn begin(sign_in: SignIn) -> Result<Response, SignInError> {
    let begun = sign_in.begin()?;
    let state = begun.state().to_owned();
    Ok((begun, axum::Json(json!({ "state": state }))).into_response())
}

#[public(because = "the provider leads back to here")]
async fn callback(sign_in: SignIn, Query(back): Query<Back>) -> Result<Response, SignInError> {
    let browser = sign_in.returned(&back.state).await?.same_browser()?;
    let signed_in = browser.finish(back.person()).await?;
    let id = signed_in.profile().id.clone();
    Ok((signed_in, axum::Json(json!({ "id": id }))).into_response())
}

#[public(because = "visitors ask for a link here")]
async fn ask_for_link(
    sign_in: SignIn,
    State(accounts): State<Accounts>,
    Form(back): Form<Back>,
) -> Result<Response, SignInError> {
    let account = accounts.accounts().find_by_login(&back.user).await.unwrap().unwrap();
    let token = sign_in.issue_token(&account).await?;
    let begun = sign_in.begin()?;
    let body = json!({ "state": begun.state(), "token": token.expose_secret() });
    Ok((begun, axum::Json(body)).into_response())
}

#[public(because = "the link in the mail leads here")]
async fn open_link(sign_in: SignIn, Query(back): Query<Back>) -> Result<Response, SignInError> {
    match sign_in.returned(&back.state).await? {
        Returned::Elsewhere(elsewhere) => {
            let address = elsewhere.address_of(&back.token()).await?;
            Ok(axum::Json(json!({ "sign_in_as": address })).into_response())
        }
        returned => {
            let browser = returned.same_browser()?;
            Ok((browser.finish_by_token(&back.token()).await?, axum::Json(json!({}))).into_response())
        }
    }
}

#[public(because = "the page that asks first posts here")]
async fn post_link(sign_in: SignIn, Form(back): Form<Back>) -> Result<Response, SignInError> {
    let browser = sign_in.posted().await?;
    Ok((browser.finish_by_token(&back.token()).await?, axum::Json(json!({}))).into_response())
}

/// A handler that forgot to ask by `POST`.
#[public(because = "a mistake")]
async fn careless(sign_in: SignIn, Query(back): Query<Back>) -> Result<Response, SignInError> {
    let browser = sign_in.posted().await?;
    Ok((browser.finish(back.person()).await?, "signed in").into_response())
}

#[public(because = "the app begins to sign in here")]
async fn begin_app(sign_in: SignIn) -> Result<Response, SignInError> {
    Ok(sign_in.begin_for_app()?.into_response())
}

#[public(because = "the app brings the provider's answer here")]
async fn finish_app(sign_in: SignIn, Form(back): Form<Back>) -> Result<Response, SignInError> {
    let app = sign_in.returned_to_app(&back.state, &back.verifier.clone().into()).await?;
    if back.token.is_empty() {
        return Ok(app.finish(back.person()).await?.into_response());
    }
    Ok(app.finish_by_token(&back.token()).await?.into_response())
}

/// Shows how the caller signed in.
#[protected]
async fn methods(who: Identity) -> axum::Json<Vec<String>> {
    axum::Json(who.amr().map(str::to_owned).collect())
}

pub(super) fn routes<S>() -> GuardedRouter<S>
where
    S: HasAuth + HasAccounts + Clone + Send + Sync + 'static,
    Accounts: FromRef<S>,
{
    GuardedRouter::new()
        .route("/own/begin", get(begin))
        .route("/own/callback", get(callback))
        .route("/own/link", get(open_link).post(post_link))
        .route("/own/ask", post(ask_for_link))
        .route("/own/careless", get(careless))
        .route("/own/app", post(begin_app))
        .route("/own/app/finish", post(finish_app))
        .route("/own/methods", get(methods))
}

/// Returns all cookies that an answer sets, as `name=value`, without those that it expires.
pub(super) fn cookies(answer: &Answer) -> Vec<String> {
    let fields = answer.headers.get_all("set-cookie").iter().map(|field| field.to_str().unwrap());
    fields
        .filter(|field| !field.contains("Max-Age=0"))
        .map(|field| field.split(';').next().unwrap().to_owned())
        .collect()
}

/// A sign-in that a browser has begun.
pub(super) struct Begun {
    pub(super) state: String,
    pub(super) cookie: String,
    /// The token of the link, if it was asked for.
    pub(super) token: String,
}

pub(super) async fn begin_in(world: &World) -> Begun {
    let answer = world.send(Request::get("/own/begin"), "").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    Begun { state: answer.text("state"), cookie: cookies(&answer).remove(0), token: String::new() }
}

/// Posts the form that asks for a link from a page of this service, or of another site.
pub(super) async fn ask_from(world: &World, site: &str, user: &str) -> Answer {
    let request = Request::post("/own/ask").header("content-type", "application/x-www-form-urlencoded");
    world.send(request.header("sec-fetch-site", site), format!("user={user}")).await
}

pub(super) async fn link_for(world: &World, user: &str) -> Begun {
    let answer = ask_from(world, "same-origin", user).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    Begun { state: answer.text("state"), cookie: cookies(&answer).remove(0), token: answer.text("token") }
}

/// Opens an address as a browser does that comes from another site.
pub(super) async fn open(world: &World, path: &str, cookies: &[&str]) -> Answer {
    let mut request = Request::get(path).header("sec-fetch-site", "cross-site").header("sec-fetch-mode", "navigate");
    for cookie in cookies {
        request = request.header("cookie", *cookie);
    }
    world.send(request, "").await
}

/// Returns from the provider with an answer about this user.
pub(super) async fn return_to(world: &World, state: &str, user: &str, cookies: &[&str]) -> Answer {
    open(world, &format!("/own/callback?state={state}&user={user}"), cookies).await
}
