use axum::{
    Json,
    response::{IntoResponse, Response},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};
use tracing::Level;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::Report as _},
        context::AccountContext,
        event::TARGET,
    },
    auth::Auth,
    clock::UnixTime,
    error::{UNAVAILABLE_RETRY_SECONDS, with_causes},
    identity::Identity,
    store::{Account, SessionRecord},
    token::{IssueError, NewAccessToken, RefreshToken},
};

/// The longest client identifier, in bytes. It is short, since every token carries it.
pub(crate) const MOST_CLIENT_ID_BYTES: usize = 255;

/// Returns the scope of new tokens: all allowed scopes, or those that the request asks for, each once. The account's
/// scopes are allowed, as far as `granted` contains them. A request for any other scope fails.
pub(crate) fn scope(
    account: &Account,
    granted: Option<&str>,
    requested: Option<&str>,
) -> Result<String, EndpointRejection> {
    let was_granted = |scope: &str| granted.is_none_or(|granted| granted.split(' ').any(|one| one == scope));
    let allowed: Vec<&str> = account.scopes.iter().map(String::as_str).filter(|scope| was_granted(scope)).collect();
    let Some(requested) = requested else { return Ok(allowed.join(" ")) };
    let mut granted: Vec<&str> = Vec::new();
    for scope in requested.split(' ').filter(|scope| !scope.is_empty()) {
        if !allowed.contains(&scope) {
            return Err(EndpointRejection::Scope);
        }
        if !granted.contains(&scope) {
            granted.push(scope);
        }
    }
    Ok(granted.join(" "))
}

/// Returns the part of a scope that the account still has, for a scope that was allowed a moment ago.
pub(super) fn still_allowed(account: &Account, scope: &str) -> String {
    let allowed = scope.split(' ').filter(|one| account.scopes.iter().any(|held| held == one));
    allowed.collect::<Vec<_>>().join(" ")
}

/// Returns the answer with an access token of a session, and the refresh token that continues it and is already stored.
///
/// The session's generation must be from before the account was read. If the account's roles change in between, the
/// token then counts as one from before the change.
pub(crate) fn answer(
    context: &AccountContext,
    account: &Account,
    session: &SessionRecord,
    scope: &str,
    refresh: RefreshToken,
    now: UnixTime,
) -> Result<TokenResponse, EndpointRejection> {
    let (access_token, expires_in) = access_token(context, account, session, scope, now)?;
    Ok(TokenResponse {
        access_token,
        token_type: "Bearer",
        expires_in,
        refresh_token: Some(refresh.expose().to_owned().into()),
        scope: scope.to_owned(),
        password_change_required: false,
    })
}

/// Returns an access token for a caller after another proof of their identity, with the scope of the caller's present
/// token.
pub(crate) fn fresh_access_token(
    context: &AccountContext,
    account: &Account,
    session: &SessionRecord,
    caller: &Identity,
    now: UnixTime,
) -> Result<TokenResponse, EndpointRejection> {
    let called_with = caller.scopes().collect::<Vec<_>>().join(" ");
    let scope = scope(account, Some(&called_with), None)?;
    let (access_token, expires_in) = access_token(context, account, session, &scope, now)?;
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
    context: &AccountContext,
    account: &Account,
    session: &SessionRecord,
    scope: &str,
    now: UnixTime,
) -> Result<(SecretString, u64), EndpointRejection> {
    let roles: Vec<&str> = account.roles.iter().map(String::as_str).collect();
    let amr: Vec<&str> = session.amr.split(' ').filter(|method| !method.is_empty()).collect();
    let new = NewAccessToken::new(&account.id, &session.client_id)
        .scope(scope)
        .roles(&roles)
        .session(&session.id)
        .generation(session.generation)
        .auth_time(session.auth_time)
        .amr(&amr)
        .expires_by(session.absolute_expires_at);
    let token = context.auth.tokens().issue(&new, now, context.auth.entropy());
    let token = token.map_err(|error| not_minted(account, &error))?;
    Ok((token.expose().to_owned().into(), token.expires_in().as_secs()))
}

/// Logs that an account has too many roles or scopes for a token. `Administration` refuses them, but an application may
/// have written them into the store itself.
fn not_minted(account: &Account, error: &IssueError) -> EndpointRejection {
    let reason = match error {
        IssueError::TooManyRoles => "too_many_roles",
        IssueError::TooLong => "token_too_long",
        error => return error.report(),
    };
    tracing::event!(
        target: TARGET, Level::ERROR, user.id = %account.id, outcome = "failed", reason, roles = account.roles.len(),
        scopes = account.scopes.len(), error = with_causes(error),
        "the account cannot sign in: set fewer roles or scopes by `Administration`",
    );
    EndpointRejection::Unavailable(UNAVAILABLE_RETRY_SECONDS)
}

/// Returns the largest number of bytes that an access token of the account can have, for any client and at any time of
/// issue.
pub(crate) fn longest_access_token(
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
        .auth_time(IN_2286)
        .amr(&[LONGEST_METHOD; MOST_METHODS]);
    auth.tokens().bytes(&new, IN_2286, auth.entropy())
}

/// An identifier with the length of every session's identifier.
const A_SESSION: &str = "00000000-0000-0000-0000-000000000000";
/// The most methods of authentication (`amr`) that a session may have. The verifier has room for them beside all roles.
pub(crate) const MOST_METHODS: usize = 8;
/// The most bytes of all methods of a session together, with a space between two of them.
pub(crate) const MOST_METHOD_BYTES: usize = MOST_METHODS * (LONGEST_METHOD.len() + 1) - 1;
/// The methods of one session have as many bytes on average, at most.
const LONGEST_METHOD: &str = "methods";
/// The last second that has ten digits.
const IN_2286: UnixTime = UnixTime::from_seconds(9_999_999_999);

/// A successful answer of the token endpoint (RFC 6749, section 5.1).
#[derive(Serialize)]
pub(crate) struct TokenResponse {
    #[serde(serialize_with = "expose")]
    access_token: SecretString,
    token_type: &'static str,
    expires_in: u64,
    #[serde(serialize_with = "expose_some", skip_serializing_if = "Option::is_none")]
    refresh_token: Option<SecretString>,
    scope: String,
    /// A member of this service's own (section 5.1 allows more members): the password no longer works, and the owner
    /// must set a new one.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    password_change_required: bool,
}

impl TokenResponse {
    pub(super) fn with_password_change_required(self, required: bool) -> Self {
        Self { password_change_required: required, ..self }
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
