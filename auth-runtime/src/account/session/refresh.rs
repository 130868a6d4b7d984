use axum::response::{IntoResponse, Response};
use secrecy::{ExposeSecret, SecretString};
use tracing::Level;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        event::TARGET,
        policies,
        request::{client::Client, credentials::Exchange},
    },
    clock::UnixTime,
    extract::Json,
    guard::Guard,
    session::{seal, unseal},
    store::{FoundToken, RevokedTarget, Rotated, Rotation, SessionRecord},
    token::RefreshToken,
};

use super::{
    open::FIRST_PARTY,
    tokens::{TokenResponse, answer, scope},
};

/// `POST /auth/refresh`: returns new tokens for a refresh token, in JSON.
pub(crate) async fn refresh(
    _: Guard<policies::Refresh>,
    context: AccountContext,
    client: Client,
    Json(body): Json<Exchange>,
) -> Response {
    match exchange(&context, &client, &body.refresh_token, FIRST_PARTY, None).await {
        Ok(tokens) => tokens.into_response(),
        Err(rejection) => rejection.into_json(&context.auth),
    }
}

/// Exchanges a refresh token, which is used up, for new tokens. All checks that can refuse the exchange come first.
/// Then one step of the store decides; this function issues tokens only after it.
pub(crate) async fn exchange(
    context: &AccountContext,
    client: &Client,
    token: &SecretString,
    client_id: &str,
    requested: Option<&str>,
) -> Result<TokenResponse, EndpointRejection> {
    let Ok(token) = RefreshToken::parse(token.expose_secret()) else {
        return Err(refused("malformed"));
    };
    let now = context.auth.clock().unix();
    let found = context.accounts.sessions().find_by_token(&token.hash()).await.or_report()?;
    let Some(FoundToken { session, is_used }) = found else { return Err(refused("unknown")) };
    // This is the generation from before the account is read. If the account's roles change in between, the token
    // counts as one from before the change.
    let generation = session.generation;
    let account = context.active_account(&session.user_id).await?;
    // A used token can no longer be exchanged. No other fault of the request may hide that the token was copied.
    if !is_used {
        let account = account.as_ref().ok_or_else(|| refused("user_gone"))?;
        // A client to which the token was not issued must learn nothing about its scope.
        if session.client_id == client_id {
            scope(account, Some(&session.scope), requested)?;
        }
    }
    let (session, successor) = rotate(context, client, &token, &session, client_id, now).await?;
    let account = account.ok_or_else(|| refused("user_gone"))?;
    let scope = scope(&account, Some(&session.scope), requested)?;
    let session = SessionRecord { generation, ..session };
    answer(context, &account, &session, &scope, successor, now)
}

/// Returns the session and the successor of the token. The successor comes from this exchange, or from a recent one
/// with a lost answer.
async fn rotate(
    context: &AccountContext,
    client: &Client,
    token: &RefreshToken,
    session: &SessionRecord,
    client_id: &str,
    now: UnixTime,
) -> Result<(SessionRecord, RefreshToken), EndpointRejection> {
    let (auth, lifetimes, retry) = (&context.auth, context.auth.lifetimes(), context.auth.refresh_retry());
    let successor = RefreshToken::mint(auth.entropy()).or_report()?;
    let sealed = seal(token, &successor, auth.entropy()).or_report()?;
    let rotation = Rotation {
        hash: &token.hash(),
        client_id,
        fingerprint: &client.fingerprint(),
        must_match_fingerprint: retry.must_match_fingerprint,
        successor: &successor.hash(),
        sealed: &sealed,
        client: &client.label(""),
        now,
        grace_seconds: retry.grace_seconds,
        idle_expires_at: lifetimes.idle_end(now, session.absolute_expires_at),
        remember_until: lifetimes.remember_until(now),
    };
    match context.accounts.sessions().rotate(rotation).await.or_report()? {
        Rotated::Won(session) => Ok((session, successor)),
        Rotated::Again { session, sealed } => {
            let successor = unseal(token, &sealed).or_report()?;
            Ok((session, successor))
        }
        Rotated::Reused(session) => Err(reused(context, session, rotation.remember_until)),
        Rotated::Ended(_) => Err(refused("ended")),
        Rotated::Foreign(_) => Err(refused("foreign_client")),
        Rotated::Expired => Err(refused("expired")),
        Rotated::Unknown => Err(refused("unknown")),
    }
}

/// Reports that a token was copied. The store has ended the session, and this process refuses its access tokens at
/// once.
fn reused(context: &AccountContext, session: SessionRecord, remember_until: UnixTime) -> EndpointRejection {
    tracing::event!(
        target: TARGET, Level::WARN, user.id = %session.user_id, session.id = %session.id, outcome = "session_ended",
        reason = "token_reuse", "a refresh token was used again",
    );
    if let Some(revocations) = context.auth.revocations() {
        revocations.learn(RevokedTarget::Session(session.id), None, remember_until, context.auth.clock());
    }
    EndpointRejection::Refused
}

fn refused(reason: &'static str) -> EndpointRejection {
    tracing::info!(target: TARGET, outcome = "refused", reason, "a refresh token was refused");
    EndpointRejection::Refused
}
