use core::time::Duration;

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Response},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::{
    account::{
        answer::{
            error_response::ErrorResponse,
            report::{OrReport as _, Report as _},
        },
        context::AccountContext,
        event::TARGET,
        password_attempt::{current_password::prove, verify::still_opens},
        policies,
        request::{
            caller::{LocalCaller, account_of, over, session_of},
            client::Peer,
        },
        session::cookie::renew_cookie,
        uninterrupted::to_its_end,
    },
    auth::PasswordChange,
    error::{FieldError, Problem},
    extract::Json,
    guard::{Guard, GuardRejection, Rejection, is_fresh},
    identity::Identity,
    password::{PasswordError, Verified, is_same},
    store::{Account, SessionKind, SessionRecord},
};

use super::{
    new_password::{NEW_PASSWORD, check_new, hash, unfit},
    notice::password_changed,
    replace::{Spared, replace},
};

/// The body of a password change. The old password may be missing if the caller has just signed in. Unknown members are
/// refused: a misspelled `revoke_api_keys` would otherwise leave keys that the owner wanted to revoke.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    current_password: Option<SecretString>,
    new_password: SecretString,
    #[serde(default)]
    revoke_api_keys: bool,
}

/// The largest age of the login for a change without the old password.
const RECENT_LOGIN: Duration = Duration::from_secs(5 * 60);

/// `POST /auth/password`: sets a new password for the caller. All other sessions end. If a cookie continues the
/// caller's session, the answer sets a new cookie.
///
/// The caller may be a thief, and the owner may reset the password at the same time. The reset must win.
///
/// - The reset ends sessions before it replaces the hash. So if the caller's session is still live after the account
///   was read, the account holds the hash from before the reset.
/// - Both requests then try to replace that hash, and one fails. If the change fails, it ends there. If the reset
///   fails, it starts again on top of the change.
///
/// One case remains. The old password may begin a session after the reset has ended sessions and before it replaces the
/// hash. That session has a recent login, and stays live until the reset ends sessions a second time. It may change the
/// password that was just reset. So the reset reads the hash afterwards, and starts again if the hash is not its own.
/// The change survives only if the store fails at every attempt to end that session.
pub(crate) async fn change_password(
    _: Guard<policies::ChangePassword>,
    LocalCaller(caller): LocalCaller,
    peer: Peer,
    context: AccountContext,
    headers: HeaderMap,
    Json(change): Json<Change>,
) -> Result<Response, ErrorResponse> {
    let account = account_of(&context, &caller).await?;
    check_new(&context.auth, &change.new_password, &account).await?;
    let account = match &change.current_password {
        Some(current) => proven(&context, &peer, account, current).await?,
        None => {
            is_fresh(&context.auth, &caller, RECENT_LOGIN).map_err(|stale| refused(&context, stale))?;
            account
        }
    };
    demand_another(&context, &account, &change).await?;
    let hash = hash(&context, &change.new_password).await?;
    let session = session_of(&context, &caller).await?;
    let cookie = renew(&context, &caller, &headers, session, &change).await?;
    // From here on every answer sets the new cookie, also when the store fails. Then the browser stays signed in with
    // the old password. If the password were replaced first, a copy of the old cookie might outlive it.
    let spared = Spared { session: caller.session().map(str::to_owned), api_keys: !change.revoke_api_keys };
    let set = to_its_end(set(context, account, hash, spared)).await;
    let mut answer = set.or_report().map_err(ErrorResponse::from).into_response();
    answer.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    Ok(answer)
}

async fn set(
    context: AccountContext,
    account: Account,
    hash: SecretString,
    spared: Spared,
) -> Result<StatusCode, ErrorResponse> {
    if !replace(&context, &account, &hash, &spared).await? {
        return Err(changed_meanwhile().into());
    }
    password_changed(&context, account, PasswordChange::Changed);
    Ok(StatusCode::NO_CONTENT)
}

/// Returns an error unless the caller gives the password of the account, or signed in a moment ago. It is the proof for
/// changes that a thief of the session must not make.
pub(crate) async fn prove_owner(
    context: &AccountContext,
    peer: &Peer,
    caller: &Identity,
    account: &Account,
    current: Option<&SecretString>,
) -> Result<(), ErrorResponse> {
    let Some(current) = current else {
        return is_fresh(&context.auth, caller, RECENT_LOGIN).map_err(|stale| refused(context, stale).into());
    };
    if prove(context, peer, account, current).await? { Ok(()) } else { Err(wrong_password().into()) }
}

/// Verifies the current password, and returns the account as it is afterwards. The proof may have replaced the hash by
/// a stronger one of the same password. A hash of another password is refused.
async fn proven(
    context: &AccountContext,
    peer: &Peer,
    account: Account,
    current: &SecretString,
) -> Result<Account, ErrorResponse> {
    if !prove(context, peer, &account, current).await? {
        return Err(wrong_password().into());
    }
    let found = context.accounts.accounts().find(&account.id).await.or_report()?;
    let Some(found) = found else { return Err(changed_meanwhile().into()) };
    if still_opens(context, &account, &found, current).await? { Ok(found) } else { Err(changed_meanwhile().into()) }
}

/// Replaces the cookie of a cookie session; other sessions get no cookie. A proof by the old password updates the
/// session's login time; a recent login does not.
async fn renew(
    context: &AccountContext,
    caller: &Identity,
    headers: &HeaderMap,
    session: Option<SessionRecord>,
    change: &Change,
) -> Result<Option<HeaderValue>, ErrorResponse> {
    let Some(mut session) = session.filter(|session| session.kind == SessionKind::Cookie) else { return Ok(None) };
    let now = context.auth.clock().unix();
    if change.current_password.is_some() {
        session.auth_time = now;
    }
    let cookie = renew_cookie(context, headers, &session, now).await?;
    cookie.map(Some).ok_or_else(|| GuardRejection::new(over(caller, "session_ended"), &context.auth).into())
}

async fn demand_another(context: &AccountContext, account: &Account, change: &Change) -> Result<(), ErrorResponse> {
    let is_same = match &change.current_password {
        Some(current) => is_same(current.expose_secret(), change.new_password.expose_secret()),
        None => {
            let stored = account.password_hash.expose_secret();
            match context.auth.passwords().verify(&change.new_password, stored).await {
                Ok(verified) => matches!(verified, Verified::Match { .. }),
                // An unreadable hash cannot be compared, and must not keep the owner from replacing it.
                Err(PasswordError::Unreadable(_)) => false,
                Err(error) => return Err(error.report().into()),
            }
        }
    };
    if !is_same {
        return Ok(());
    }
    let fault = FieldError::new(NEW_PASSWORD, "must be another one than before").with_code("password-unchanged");
    Err(unfit(vec![fault]).into())
}

fn refused(context: &AccountContext, rejection: Rejection) -> GuardRejection {
    tracing::info!(target: TARGET, outcome = "refused", reason = rejection.reason());
    GuardRejection::new(rejection, &context.auth)
}

fn wrong_password() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "wrong-password", "The current password is another one.")
}

fn changed_meanwhile() -> Problem {
    Problem::new(StatusCode::CONFLICT, "password-changed", "The password was changed in the meantime.")
}
