use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        event::TARGET,
        password_attempt::verify::still_opens,
        sign_in::owner::SignedIn,
    },
    store::{Account, EndReason, SessionRecord},
};

use super::{
    proof::{Proof, Recognition},
    session_limit::end_surplus,
};

/// Returns the account of a session that has just begun, read once more. If the account may no longer have the session,
/// this function ends it. Otherwise it ends older sessions beyond the maximum.
///
/// If the hash has to be used up, only one of several new sessions remains, and
/// [`use_up`](crate::account::password::truncated::use_up) decides which. It ends the older sessions then.
///
/// Verifying a password takes long. In the meantime, another request may deactivate the account, change its password or
/// take roles from it, or its owner may take it over. That request ends the sessions that exist, or refuses their
/// tokens, but does not know of this new session. This reading sees changes made before it. Changes made after it find
/// the session.
pub(crate) async fn recheck(
    context: &AccountContext,
    signed_in: &SignedIn,
    proof: Proof<'_>,
    begun: &SessionRecord,
) -> Result<Account, EndpointRejection> {
    let (rejection, reason) = match check(context, signed_in, proof, begun).await {
        Ok(account) => return Ok(account),
        Err(refused) => refused,
    };
    context.end_session(&begun.user_id, &begun.id, reason).await.or_report()?;
    Err(rejection)
}

async fn check(
    context: &AccountContext,
    signed_in: &SignedIn,
    proof: Proof<'_>,
    begun: &SessionRecord,
) -> Result<Account, (EndpointRejection, EndReason)> {
    let account = read_again(context, &signed_in.account, proof).await?;
    if signed_in.password_change_required {
        return Ok(account);
    }
    // A failed store stops the sign-in here, as it does everywhere else in a sign-in. Otherwise a user who can make the
    // store fail would have no maximum of sessions, and the client would not know that it should retry.
    let ended = end_surplus(context, begun).await;
    ended.or_report().map_err(|rejection| (rejection, EndReason::SignedOut))?;
    Ok(account)
}

async fn read_again(
    context: &AccountContext,
    account: &Account,
    proof: Proof<'_>,
) -> Result<Account, (EndpointRejection, EndReason)> {
    let found = context.active_account(&account.id).await;
    // The client gets no token or cookie that would continue the session.
    let found = found.map_err(|rejection| (rejection, EndReason::SignedOut))?;
    let Some(found) = found else { return Err(refused(EndReason::Deactivated)) };
    match proof {
        Proof::Password(password) => {
            let opens = still_opens(context, account, &found, password).await;
            let opens = opens.map_err(|rejection| (rejection, EndReason::SignedOut))?;
            if opens { Ok(found) } else { Err(refused(EndReason::PasswordChanged)) }
        }
        Proof::Recognised(how) if how.fits(&found.email) && !is_taken_over(account, &found, how) => Ok(found),
        Proof::Recognised(_) => Err(refused(EndReason::SignedOut)),
    }
}

/// Returns whether the address was verified since the account was read, and the sign-in proves no address. The owner of
/// the address may then have taken the account over from this person.
fn is_taken_over(read: &Account, now: &Account, how: Recognition<'_>) -> bool {
    how.email.is_none() && read.email_verified_at.is_none() && now.email_verified_at.is_some()
}

fn refused(reason: EndReason) -> (EndpointRejection, EndReason) {
    tracing::info!(target: TARGET, outcome = "refused", reason = "changed_meanwhile");
    (EndpointRejection::Refused, reason)
}
