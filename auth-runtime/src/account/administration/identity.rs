use tracing::Level;

use crate::{
    account::{
        context::AccountContext,
        email::verification::send_verification_to,
        event::{TARGET, store_failed},
    },
    auth::{AccountEvent, Message},
    names::is_email_address,
    store::{Account, AccountUpdate},
};

use super::{Administration, AdministrationError};

impl Administration {
    /// Gives an account another user name. Its sessions continue. The former name stays reserved for this account, so
    /// that no other user can pass for its owner.
    ///
    /// # Errors
    /// Returns [`AdministrationError::Username`] for a text that registration would refuse,
    /// [`AdministrationError::UsernameTaken`] when another account has or had the name,
    /// [`AdministrationError::Unknown`] when the account does not exist, [`AdministrationError::Pending`] when it waits
    /// for its owner, who chooses the name, and [`AdministrationError::Store`] when the store fails.
    pub async fn rename(&self, user_id: &str, username: &str) -> Result<(), AdministrationError> {
        let names = self.context.auth.account_rules().user_names;
        let enforced = names.enforce(username).ok_or(AdministrationError::Username { rule: names.rule() })?;
        let (user_id, enforced) = (user_id.to_owned(), enforced.into_owned());
        self.complete(|administration| async move {
            administration.find_open(&user_id).await?;
            administration.update(&user_id, AccountUpdate::Username(&enforced)).await?;
            tracing::event!(target: TARGET, Level::INFO, user.id = user_id, outcome = "renamed");
            Ok(())
        })
        .await
    }

    /// Gives an account another e-mail address, which counts as not verified.
    ///
    /// Where the application sends mail, the new address gets a token that verifies it, and the former one a notice.
    /// One-time tokens for the former address end. The account's sessions continue. Where
    /// [`require_verified_email`](crate::auth::AuthBuilder::require_verified_email) is on, the owner signs in again
    /// only after the verification.
    ///
    /// # Errors
    /// Returns [`AdministrationError::Email`] for a text that is no address, [`AdministrationError::EmailTaken`] when
    /// another account has it, [`AdministrationError::Unknown`] when the account does not exist, and
    /// [`AdministrationError::Pending`] when it waits for its owner: delete it, and invite the new address. Returns
    /// [`AdministrationError::Overtaken`] when others replaced the address at every try, and
    /// [`AdministrationError::Store`] when a store fails. The address may already be replaced then; calling this
    /// function again completes the change.
    pub async fn change_email(&self, user_id: &str, email: &str) -> Result<(), AdministrationError> {
        if !is_email_address(email) {
            return Err(AdministrationError::Email);
        }
        let (user_id, email) = (user_id.to_owned(), email.to_owned());
        self.complete(|administration| async move { change_email(&administration, &user_id, email).await }).await
    }
}

async fn change_email(
    administration: &Administration,
    user_id: &str,
    email: String,
) -> Result<(), AdministrationError> {
    // An invitation was sent to the present address, and its token opens no account with another one.
    administration.find_open(user_id).await?;
    let context = &administration.context;
    let one_time = context.accounts.one_time_tokens();
    // Tokens end before and after the change. A token for another change of the address, which its owner redeems at
    // this moment, would otherwise replace the address that is set here.
    one_time.void_all_one_time(user_id).await?;
    let account = set_email(administration, user_id, email).await?;
    one_time.void_all_one_time(user_id).await?;
    if account.email_verified_at.is_none() {
        // The address is changed even if no message can be sent now.
        let _ = send_verification_to(context, &account).await;
    }
    Ok(())
}

/// Sets the address, and returns the account as it is afterwards. An account that has the address keeps it as it is.
async fn set_email(
    administration: &Administration,
    user_id: &str,
    email: String,
) -> Result<Account, AdministrationError> {
    // The owner may change the address at the same time.
    const TRIES: usize = 3;
    let context = &administration.context;
    for _ in 0..TRIES {
        let mut account = administration.find_open(user_id).await?;
        if account.email == email {
            return Ok(account);
        }
        let update = AccountUpdate::Email { old: &account.email, new: &email, verified_at: None };
        match administration.update(user_id, update).await {
            Err(AdministrationError::Overtaken) => continue,
            // A repeated call would find the address set, and then nobody would be told.
            Err(AdministrationError::Store(error)) if has_address(context, user_id, &email).await => {
                store_failed(&error);
            }
            outcome => outcome?,
        }
        tracing::event!(
            target: TARGET, Level::INFO, user.id = user_id, outcome = "email_changed", reason = "administrator",
        );
        context.auth.tell(|| AccountEvent::EmailChanged { user_id: user_id.to_owned() });
        let former = core::mem::replace(&mut account.email, email);
        account.email_verified_at = None;
        tell_former(context, &account, former);
        return Ok(account);
    }
    Err(AdministrationError::Overtaken)
}

/// Returns whether the account has this address. A store may fail to answer after it has written one.
pub(in crate::account) async fn has_address(context: &AccountContext, user_id: &str, email: &str) -> bool {
    let found = context.accounts.accounts().find(user_id).await;
    found.is_ok_and(|account| account.is_some_and(|account| account.email == email))
}

/// Tells the owner at the former address that the account, as it is now, has another one.
pub(in crate::account) fn tell_former(context: &AccountContext, account: &Account, former: String) {
    let Some(outbox) = &context.auth.account_rules().outbox else { return };
    let (username, new_email) = (account.username.clone(), account.email.clone());
    outbox.post(async move { Some(Message::EmailChanged { to: former, username, new_email }) });
}
