use core::time::Duration;

use secrecy::SecretString;
use tracing::Level;

use crate::{
    account::{
        email::one_time::issue,
        event::TARGET,
        grant::{LIKE_A_FRESH_ID, check_new},
        password::{forgot::send_reset_to, require_reset::MARKER},
    },
    auth::AccountEvent,
    error::StoreError,
    names::is_email_address,
    store::{Account, CreateError, NewAccount, Purpose},
};

use super::{Administration, AdministrationError, CreatedUser, NewUser};

impl Administration {
    /// Creates an account for a person. The account is open at once, and has no password: nobody but its owner ever
    /// knows one. The person sets it with a one-time token, by `POST /auth/password/reset`. The token is valid for
    /// [`AuthBuilder::reset_token_lifetime`](crate::auth::AuthBuilder::reset_token_lifetime), 30 minutes by default;
    /// `POST /auth/password/forgot` sends another one at any time.
    ///
    /// With [`AuthBuilder::mail`](crate::auth::AuthBuilder::mail) the service sends
    /// [`Message::PasswordReset`](crate::auth::Message::PasswordReset). Without it, the application sends
    /// [`CreatedUser::token`].
    ///
    /// The address counts as not verified. The hook of
    /// [`Registration::with_fields`](crate::account::Registration::with_fields) does not run: it stores what a person
    /// enters. [`AccountEvent::Created`] tells the application about the account.
    /// [`invite`](Self::invite) lets the person choose the user name, and verifies the address.
    ///
    /// # Errors
    /// Returns [`AdministrationError::Username`] and [`AdministrationError::Email`] for texts that registration would
    /// refuse, [`AdministrationError::UsernameTaken`] and [`AdministrationError::EmailTaken`] when somebody has the
    /// name or the address, and [`AdministrationError::Grant`] when no account can have the roles and scopes. Nothing
    /// is created then.
    ///
    /// Returns [`AdministrationError::Store`] when a store fails. The account may exist then, without a token:
    /// `POST /auth/password/forgot` sends one.
    pub async fn create(&self, user: NewUser) -> Result<CreatedUser, AdministrationError> {
        let new = self.checked(user)?;
        self.complete(|administration| async move { create(&administration, new).await }).await
    }

    /// Checks what needs no store.
    fn checked(&self, user: NewUser) -> Result<NewAccount, AdministrationError> {
        let NewUser { email, username, roles, scopes } = user;
        let (auth, names) = (&self.context.auth, self.context.auth.account_rules().user_names);
        let username = match username {
            Some(name) => {
                names.enforce(&name).ok_or(AdministrationError::Username { rule: names.rule() })?.into_owned()
            }
            None => email.clone(),
        };
        if !is_email_address(&email) {
            return Err(AdministrationError::Email);
        }
        check_new(auth, LIKE_A_FRESH_ID, &roles, &scopes)?;
        let mut new = NewAccount::new(username, email, SecretString::from(MARKER));
        (new.roles, new.scopes) = (roles, scopes);
        Ok(new)
    }
}

async fn create(administration: &Administration, new: NewAccount) -> Result<CreatedUser, AdministrationError> {
    let Administration { context, standings } = administration;
    // A body without a user name has only its address to change.
    let is_email_alone = new.username == new.email;
    let account = match context.accounts.accounts().create_while(new, standings).await {
        Ok(Some(account)) => account,
        Ok(None) => return Err(AdministrationError::Overtaken),
        Err(CreateError::UsernameTaken) if !is_email_alone => return Err(AdministrationError::UsernameTaken),
        Err(CreateError::UsernameTaken | CreateError::EmailTaken) => return Err(AdministrationError::EmailTaken),
        Err(CreateError::Store(error)) => return Err(error.into()),
        Err(error @ CreateError::IdTaken) => return Err(StoreError::new("accounts", error).into()),
    };
    tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "created");
    context.auth.tell(|| AccountEvent::created(&account));
    let (expires_in, token) = token(administration, &account).await?;
    Ok(CreatedUser { account, expires_in, token })
}

/// Sends the token that sets a password, or returns it where the application sends no mail by this crate.
async fn token(
    administration: &Administration,
    account: &Account,
) -> Result<(Duration, Option<SecretString>), AdministrationError> {
    let (context, rules) = (&administration.context, administration.context.auth.account_rules());
    if rules.outbox.is_some() {
        send_reset_to(context, account);
        return Ok((rules.mail_tokens.of(Purpose::PasswordReset), None));
    }
    let issued = issue(context, account, Purpose::PasswordReset).await;
    let issued = issued.ok_or_else(|| StoreError::new("one-time tokens", "the token was not stored"))?;
    Ok((issued.expires_in, Some(issued.token)))
}
