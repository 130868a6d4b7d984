use axum::http::HeaderValue;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        password::truncated::use_up,
        request::client::Client,
        sign_in::owner::SignedIn,
    },
    auth::AccountEvent,
    clock::UnixTime,
    store::{Account, EndReason, FirstCredential, SessionKind, SessionRecord, new_id},
    token::{RefreshToken, SessionSecret},
};

use super::{
    cookie::cookie_of,
    proof::Proof,
    recheck::recheck,
    tokens::{TokenResponse, answer, scope, still_allowed},
};

/// The client identifier of the service's own front end.
pub(crate) const FIRST_PARTY: &str = "first-party";

/// The properties of a new session, as the sign-in asked for them.
pub(crate) struct Opening<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) scope: Option<&'a str>,
    pub(crate) device: &'a str,
    pub(crate) proof: Proof<'a>,
}

/// Begins a new session, and returns its first tokens. The refresh token is stored before the client gets it.
pub(crate) async fn open(
    context: &AccountContext,
    signed_in: &SignedIn,
    client: &Client,
    opening: Opening<'_>,
) -> Result<TokenResponse, EndpointRejection> {
    let (now, account) = (context.auth.clock().unix(), &signed_in.account);
    let scope = scope(account, None, opening.scope)?;
    let refresh = RefreshToken::mint(context.auth.entropy()).or_report()?;
    let session = new_session(context, account, now, SessionKind::Bearer, &scope, client, &opening)?;
    let credential = FirstCredential::RefreshToken { hash: refresh.hash() };
    let account = begin(context, signed_in, &session, credential, opening.proof).await?;
    let tokens = answer(context, &account, &session, &still_allowed(&account, &scope), refresh, now)?;
    complete(context, signed_in, &session).await?;
    Ok(tokens.with_password_change_required(signed_in.password_change_required))
}

/// Begins a new session with a new secret, and returns the account and the cookie that continues the session. A secret
/// that an attacker planted in the browser becomes useless. The session is stored before the client gets its cookie.
///
/// `presented` is the secret of the browser's former session, which ends.
pub(crate) async fn open_cookie(
    context: &AccountContext,
    signed_in: &SignedIn,
    client: &Client,
    presented: Option<SessionSecret>,
    opening: Opening<'_>,
) -> Result<(Account, HeaderValue), EndpointRejection> {
    if let Some(presented) = presented {
        end_presented(context, &presented).await?;
    }
    let now = context.auth.clock().unix();
    let session = new_session(context, &signed_in.account, now, SessionKind::Cookie, "", client, &opening)?;
    let secret = SessionSecret::mint(context.auth.entropy()).or_report()?;
    let cookie = cookie_of(context, &session, &secret, now)?;
    let credential = FirstCredential::Cookie { hash: secret.hash() };
    let account = begin(context, signed_in, &session, credential, opening.proof).await?;
    complete(context, signed_in, &session).await?;
    Ok((account, cookie))
}

/// Stores a new session, and checks what another request may have changed in the meantime. Every sign-in comes here.
async fn begin(
    context: &AccountContext,
    signed_in: &SignedIn,
    session: &SessionRecord,
    credential: FirstCredential,
    proof: Proof<'_>,
) -> Result<Account, EndpointRejection> {
    context.accounts.sessions().begin(session.clone(), credential).await.or_report()?;
    recheck(context, signed_in, proof, session).await
}

/// Completes a sign-in, when only the answer is left to send, and tells the application's listeners. Every sign-in
/// comes here.
async fn complete(
    context: &AccountContext,
    signed_in: &SignedIn,
    session: &SessionRecord,
) -> Result<(), EndpointRejection> {
    use_up(context, signed_in, session).await?;
    context.auth.tell(|| AccountEvent::SignedIn {
        user_id: session.user_id.clone(),
        session_id: session.id.clone(),
        kind: session.kind,
    });
    Ok(())
}

/// Ends the session that the browser had before this sign-in.
async fn end_presented(context: &AccountContext, secret: &SessionSecret) -> Result<(), EndpointRejection> {
    let sessions = context.accounts.sessions();
    let found = sessions.find_by_cookie(&secret.hash()).await.or_report()?;
    let Some(session) = found else { return Ok(()) };
    context.end_session(&session.user_id, &session.id, EndReason::SignedOut).await.or_report()?;
    Ok(())
}

/// Returns the record of a session that begins now. It is not stored yet.
fn new_session(
    context: &AccountContext,
    account: &Account,
    now: UnixTime,
    kind: SessionKind,
    scope: &str,
    client: &Client,
    opening: &Opening<'_>,
) -> Result<SessionRecord, EndpointRejection> {
    let lifetimes = context.auth.lifetimes();
    let absolute_expires_at = now.plus_seconds(lifetimes.absolute);
    Ok(SessionRecord {
        id: new_id(context.auth.clock(), context.auth.entropy()).or_report()?,
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
        amr: opening.proof.amr().to_owned(),
    })
}
