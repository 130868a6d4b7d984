use secrecy::SecretString;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        email::proof::{NOTHING_SPARED, record_proof_at_last},
        uninterrupted::to_its_end,
    },
    error::UNAVAILABLE_RETRY_SECONDS,
    secret::is_same_text,
    store::Account,
};

use super::replace::{end_others, replace};

/// The marker that replaces a hash from before the proof. No password matches it.
const MARKER: &str = "!set-before-proof";

/// Gives an account whose address nobody had verified to the person who has proved the address, and returns the account
/// as it is afterwards. Returns `None` when the account has another address by now, or is not active.
///
/// Anybody may have registered with the address, waiting for its owner to use the account. So the password, the
/// sessions and the API keys from before end, and so does a change of the address. The proof is recorded last: a
/// request that fails before takes over again. What began at the same moment ends right after the proof.
pub(crate) async fn take_over(
    context: &AccountContext,
    account: Account,
) -> Result<Option<Account>, EndpointRejection> {
    to_its_end(take(context.clone(), account)).await.or_report()?
}

async fn take(context: AccountContext, mut account: Account) -> Result<Option<Account>, EndpointRejection> {
    // A sign-in may replace the hash by a stronger one at the same time.
    const TRIES: usize = 3;
    let (email, marker) = (account.email.clone(), SecretString::from(MARKER));
    for _ in 0..TRIES {
        if replace(&context, &account, &marker, &NOTHING_SPARED).await? && !prove(&context, &account.id, &email).await?
        {
            return Ok(None);
        }
        match context.active_account(&account.id).await?.filter(|found| found.email == email) {
            Some(found) if is_same_text(&found.password_hash, &marker) => return Ok(Some(found)),
            // The stranger may have set another password, or confirmed the address by a link of an earlier mail.
            Some(found) => account = found,
            None => return Ok(None),
        }
    }
    Err(EndpointRejection::Unavailable(UNAVAILABLE_RETRY_SECONDS))
}

/// Records the proof once no session and no key is left: after it, no later sign-in takes the account over. Returns
/// whether the account still had the address.
async fn prove(context: &AccountContext, user_id: &str, email: &str) -> Result<bool, EndpointRejection> {
    end_others(context, user_id, &NOTHING_SPARED).await.or_report()?;
    // The failure is reported already.
    let recorded = record_proof_at_last(context, user_id, email).await;
    recorded.map_err(|_| EndpointRejection::Unavailable(UNAVAILABLE_RETRY_SECONDS))
}
