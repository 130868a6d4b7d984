use secrecy::SecretString;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        email::proof::record_proof,
        uninterrupted::to_its_end,
    },
    error::UNAVAILABLE_RETRY_SECONDS,
    store::Account,
};

use super::replace::{Spared, replace};

/// The marker that replaces a hash from before the proof. No password matches it.
const MARKER: &str = "!set-before-proof";

/// Gives an account whose address nobody had verified to the person who has proved the address, and returns the account
/// as it is afterwards. Returns `None` when the account has another address by now, or is not active.
///
/// Anybody may have registered with the address, waiting for its owner to use the account. So the password, the
/// sessions and the API keys from before end, and so does a change of the address. The proof is recorded last: a
/// request that fails before takes over again.
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
    let spared = Spared { session: None, api_keys: false };
    for _ in 0..TRIES {
        let is_replaced = replace(&context, &account, &marker, &spared).await?;
        if is_replaced && !record_proof(&context, &account.id, &email).await.or_report()? {
            return Ok(None);
        }
        let found = context.active_account(&account.id).await?.filter(|found| found.email == email);
        match found {
            Some(found) if is_replaced || found.email_verified_at.is_some() => return Ok(Some(found)),
            Some(found) => account = found,
            None => return Ok(None),
        }
    }
    Err(EndpointRejection::Unavailable(UNAVAILABLE_RETRY_SECONDS))
}
