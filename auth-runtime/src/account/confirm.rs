use secrecy::SecretString;

use crate::store::{Account, EndReason, SessionRecord};

use super::{
    ending,
    engine::Engine,
    failure::{Failure, TARGET},
    surplus::end_surplus,
    verify::still_opens,
};

/// The account of a session that has just begun, read once more. The session ends again unless the account may have it, and
/// others make room for it.
///
/// Looking at a password takes long. Whoever deactivates the account, changes its password or takes roles from it in the
/// meantime ends the sessions that there are, or refuses their tokens, and cannot know of this one. What was changed before
/// this reading is seen here; what is changed after it finds the session.
pub(super) async fn confirm(
    engine: &Engine,
    account: &Account,
    password: &SecretString,
    begun: &SessionRecord,
) -> Result<Account, Failure> {
    let (failure, why) = match settle(engine, account, password, begun).await {
        Ok(account) => return Ok(account),
        Err(unconfirmed) => unconfirmed,
    };
    let ended = ending::end(&engine.auth, &engine.accounts, &account.id, &begun.id, why).await;
    ended.map_err(|error| Failure::store(&error))?;
    Err(failure)
}

async fn settle(
    engine: &Engine,
    account: &Account,
    password: &SecretString,
    begun: &SessionRecord,
) -> Result<Account, (Failure, EndReason)> {
    let account = read_again(engine, account, password).await?;
    // Nobody is signed in where the store fails here, as anywhere else in a sign-in. The maximum would otherwise be none for
    // whoever can make the store fail, and the client would not know that it should try again.
    let ended = end_surplus(engine, begun).await;
    ended.map_err(|error| (Failure::store(&error), EndReason::SignedOut))?;
    Ok(account)
}

async fn read_again(
    engine: &Engine,
    account: &Account,
    password: &SecretString,
) -> Result<Account, (Failure, EndReason)> {
    let found = engine.accounts.accounts().find(&account.id).await;
    // Nobody gets what would continue the session.
    let found = found.map_err(|error| (Failure::store(&error), EndReason::SignedOut))?;
    let Some(found) = found.filter(|found| found.active) else { return Err(refused(EndReason::Deactivated)) };
    let opens = still_opens(engine, account, &found, password).await;
    if opens.map_err(|failure| (failure, EndReason::SignedOut))? {
        return Ok(found);
    }
    Err(refused(EndReason::PasswordChanged))
}

fn refused(why: EndReason) -> (Failure, EndReason) {
    tracing::info!(target: TARGET, outcome = "refused", reason = "changed_meanwhile");
    (Failure::Refused, why)
}
