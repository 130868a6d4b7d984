use super::{Account, NewAccount, new_id};
use crate::{clock::Clock, error::StoreError, secret::Entropy};

/// Returns the new account under its identifier, before the store of this name stores it.
pub(super) fn fresh(
    new: NewAccount,
    store: &'static str,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<Account, StoreError> {
    let id = match &new.id {
        Some(id) => id.clone(),
        None => new_id(clock, entropy).map_err(|error| StoreError::new(store, error))?,
    };
    Ok(Account::new(id, new, clock.unix()))
}
