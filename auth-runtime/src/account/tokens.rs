use core::error::Error;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};
use tracing::Level;

use crate::{
    auth::Auth,
    clock::UnixTime,
    guard::UNAVAILABLE_RETRY_SECONDS,
    identity::Identity,
    store::{Account, FirstCredential, SessionKind, SessionRecord, new_id},
    token::{IssueError, NewAccessToken, RefreshToken},
};

use super::{
    client::Client,
    confirm::confirm,
    engine::Engine,
    failure::{Failure, TARGET},
};

/// The client that the service's own front end counts as.
pub(super) const FIRST_PARTY: &str = "first-party";

/// A client's identifier stands in every token, so it is short.
pub(super) const MOST_CLIENT_ID_BYTES: usize = 255;

/// What somebody who has just signed in asked for.
pub(super) struct Opening<'a> {
    pub(super) client_id: &'a str,
    pub(super) scope: Option<&'a str>,
    pub(super) device: &'a str,
    /// What they have proved who they are by.
    pub(super) password: &'a SecretString,
}

/// A new session, its first tokens. The refresh token is stored before it is handed out.
pub(super) async fn open(
    engine: &Engine,
    account: &Account,
    client: &Client,
    opening: Opening<'_>,
) -> Result<TokenResponse, Failure> {
    let now = engine.auth.clock().unix();
    let scope = scope(account, None, opening.scope)?;
    let refresh = RefreshToken::mint(engine.auth.entropy()).map_err(|error| Failure::minting(&error))?;
    let session = new_session(engine, account, now, SessionKind::Bearer, &scope, client, &opening)?;
    let credential = FirstCredential::RefreshToken { hash: refresh.hash().0 };
    let begun = engine.accounts.sessions().begin(session.clone(), credential).await;
    begun.map_err(|error| Failure::store(&error))?;
    let account = confirm(engine, account, opening.password, &session).await?;
    answer(engine, &account, &session, &still_allowed(&account, &scope), refresh, now)
}

/// The record of a session that begins now, not stored yet.
pub(super) fn new_session(
    engine: &Engine,
    account: &Account,
    now: UnixTime,
    kind: SessionKind,
    scope: &str,
    client: &Client,
    opening: &Opening<'_>,
) -> Result<SessionRecord, Failure> {
    let lifetimes = engine.auth.lifetimes();
    let absolute_expires_at = now.plus_seconds(lifetimes.absolute);
    Ok(SessionRecord {
        id: new_id(engine.auth.clock(), engine.auth.entropy()).map_err(|error| Failure::minting(&error))?,
        user_id: account.id.clone(),
        client_id: opening.client_id.to_owned(),
        scope: scope.to_owned(),
        kind,
        client: client.label(opening.device),
        created_at: now,
        last_used_at: now,
        auth_time: now,
        idle_expires_at: lifetimes.idle_end(now, absolute_expires_at),
        absolute_expires_at,
        generation: 0,
        ended: None,
    })
}

/// The scope of new tokens: what was asked for, each once, which must be allowed, or all that is. Allowed is what the account may
/// have, of that what was granted before.
pub(super) fn scope(account: &Account, granted: Option<&str>, requested: Option<&str>) -> Result<String, Failure> {
    let was_granted = |scope: &str| granted.is_none_or(|granted| granted.split(' ').any(|one| one == scope));
    let allowed: Vec<&str> = account.scopes.iter().map(String::as_str).filter(|scope| was_granted(scope)).collect();
    let Some(requested) = requested else { return Ok(allowed.join(" ")) };
    let mut granted: Vec<&str> = Vec::new();
    for scope in requested.split(' ').filter(|scope| !scope.is_empty()) {
        if !allowed.contains(&scope) {
            return Err(Failure::Scope);
        }
        if !granted.contains(&scope) {
            granted.push(scope);
        }
    }
    Ok(granted.join(" "))
}

/// What the account may still have of a scope that was just found to be allowed.
fn still_allowed(account: &Account, scope: &str) -> String {
    let allowed = scope.split(' ').filter(|one| account.scopes.iter().any(|held| held == one));
    allowed.collect::<Vec<_>>().join(" ")
}

/// An access token of a session, and the refresh token that is stored already and continues it.
///
/// The session's generation is from before the account was read: should its roles change in between, the token counts as one
/// from before the change.
pub(super) fn answer(
    engine: &Engine,
    account: &Account,
    session: &SessionRecord,
    scope: &str,
    refresh: RefreshToken,
    now: UnixTime,
) -> Result<TokenResponse, Failure> {
    let (access_token, expires_in) = access_token(engine, account, session, scope, now)?;
    Ok(TokenResponse {
        access_token,
        token_type: "Bearer",
        expires_in,
        refresh_token: Some(refresh.expose().to_owned().into()),
        scope: scope.to_owned(),
        password_change_required: false,
    })
}

/// An access token for somebody who has just proved again who they are, with the scope that they called with.
pub(super) fn fresh_access_token(
    engine: &Engine,
    account: &Account,
    session: &SessionRecord,
    caller: &Identity,
    now: UnixTime,
) -> Result<TokenResponse, Failure> {
    let called_with = caller.scopes().collect::<Vec<_>>().join(" ");
    let scope = scope(account, Some(&called_with), None)?;
    let (access_token, expires_in) = access_token(engine, account, session, &scope, now)?;
    Ok(TokenResponse {
        access_token,
        token_type: "Bearer",
        expires_in,
        refresh_token: None,
        scope,
        password_change_required: false,
    })
}

fn access_token(
    engine: &Engine,
    account: &Account,
    session: &SessionRecord,
    scope: &str,
    now: UnixTime,
) -> Result<(SecretString, i64), Failure> {
    let roles: Vec<&str> = account.roles.iter().map(String::as_str).collect();
    let new = NewAccessToken::new(&account.id, &session.client_id)
        .scope(scope)
        .roles(&roles)
        .session(&session.id)
        .generation(session.generation)
        .auth_time(session.auth_time)
        .expires_by(session.absolute_expires_at);
    let token = engine.auth.tokens().issue(&new, now, engine.auth.entropy());
    let token = token.map_err(|error| not_minted(account, &error))?;
    Ok((token.expose().to_owned().into(), token.expires_in()))
}

/// `Administration` sets no roles and scopes that are too many; an application may have written them into the store itself.
fn not_minted(account: &Account, error: &IssueError) -> Failure {
    let reason = match error {
        IssueError::TooManyRoles => "too_many_roles",
        IssueError::TooLong => "token_too_long",
        error => return Failure::minting(error),
    };
    tracing::event!(
        target: TARGET, Level::ERROR, user.id = %account.id, outcome = "failed", reason, roles = account.roles.len(),
        scopes = account.scopes.len(), error = error as &dyn Error,
        "the account cannot sign in: set fewer roles or scopes by `Administration`",
    );
    Failure::Unavailable(UNAVAILABLE_RETRY_SECONDS)
}

/// How many bytes an access token of the account has at most, whatever client it is for and whenever it is issued.
pub(super) fn longest_access_token(
    auth: &Auth,
    user_id: &str,
    roles: &[String],
    scopes: &[String],
) -> Result<usize, IssueError> {
    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    // JSON writes each of these characters as two.
    let client = "\"".repeat(MOST_CLIENT_ID_BYTES);
    let scope = scopes.join(" ");
    let new = NewAccessToken::new(user_id, &client)
        .scope(&scope)
        .roles(&roles)
        .session(A_SESSION)
        .generation(u32::MAX)
        .auth_time(IN_2286);
    auth.tokens().bytes(&new, IN_2286, auth.entropy())
}

/// As long as every session's identifier.
const A_SESSION: &str = "00000000-0000-0000-0000-000000000000";
/// The last second that is written in ten digits.
const IN_2286: UnixTime = UnixTime::from_seconds(9_999_999_999);

/// A successful answer of the token endpoint (RFC 6749, section 5.1).
#[derive(Serialize)]
pub(super) struct TokenResponse {
    #[serde(serialize_with = "expose")]
    access_token: SecretString,
    token_type: &'static str,
    expires_in: i64,
    #[serde(serialize_with = "expose_some", skip_serializing_if = "Option::is_none")]
    refresh_token: Option<SecretString>,
    scope: String,
    /// Our own member (section 5.1 allows more): the password admits nobody any more, and a new one has to be set.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    password_change_required: bool,
}

impl TokenResponse {
    pub(super) fn with_password_change(self, password_change_required: bool) -> Self {
        Self { password_change_required, ..self }
    }
}

impl IntoResponse for TokenResponse {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

fn expose<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

fn expose_some<S: Serializer>(secret: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.as_ref().map_or("", ExposeSecret::expose_secret))
}
