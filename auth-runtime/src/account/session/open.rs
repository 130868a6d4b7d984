use secrecy::SecretString;

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
    store::{Account, FirstCredential, SessionKind, SessionRecord, new_id},
    token::RefreshToken,
};

use super::{
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
    /// The password with which the user signed in.
    pub(crate) password: &'a SecretString,
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
    context.accounts.sessions().begin(session.clone(), credential).await.or_report()?;
    let account = recheck(context, signed_in, opening.password, &session).await?;
    let tokens = answer(context, &account, &session, &still_allowed(&account, &scope), refresh, now)?;
    use_up(context, signed_in, &session).await?;
    tell(context, &session);
    Ok(tokens.with_password_change_required(signed_in.password_change_required))
}

/// Tells the application's listeners that a session has begun, once nothing can refuse it any more.
pub(crate) fn tell(context: &AccountContext, session: &SessionRecord) {
    context.auth.tell(|| AccountEvent::SignedIn {
        user_id: session.user_id.clone(),
        session_id: session.id.clone(),
        kind: session.kind,
    });
}

/// Returns the record of a session that begins now. It is not stored yet.
pub(crate) fn new_session(
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
        amr: String::new(),
        idle_expires_at: lifetimes.idle_end(now, absolute_expires_at),
        absolute_expires_at,
        generation: 0,
        ended: None,
    })
}
