use core::time::Duration;

use secrecy::SecretString;
use tracing::Level;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        email::verification::send_verification_to,
        event::{TARGET, store_failed},
        invitation::{another_address, holder, no_longer_pending, void},
        password::new_password::hash,
        uninterrupted::to_its_end,
    },
    auth::AccountEvent,
    error::{Failure, Problem, UNAVAILABLE_RETRY_SECONDS},
    store::{Account, AccountOpening, CreateError, NewAccount, login_key},
    token::TokenHash,
};

use super::{
    create_refusal::create_refusal,
    hook::{Hook, NewMember},
    registration::Registration,
    wanted::Wanted,
};

/// How long an account waits for the end of its registration, in seconds.
const PENDING_SECONDS: i64 = 60 * 60;

/// Opens the account that was asked for. A client that disconnects interrupts no step after the hash.
pub(super) async fn open_account(
    registration: &Registration,
    context: &AccountContext,
    wanted: Wanted,
) -> Result<Account, Failure> {
    let Wanted { username, email, password, invitation, hook } = wanted;
    let invited = match &invitation {
        Some(token) => Some(invited_account(context, &username, &email, token).await?),
        None => None,
    };
    let hash = hash(context, &password).await.map_err(Problem::from)?;
    let hook = hook.map(|hook| (hook, registration.hook_deadline));
    let opener = Opener { context: context.clone(), is_email_alone: registration.is_email_alone };
    let opened = match invited {
        Some(account) => {
            let username = if registration.is_email_alone { account.email.clone() } else { username };
            to_its_end(opener.accept(account, username, hash, hook)).await
        }
        None => {
            let mut new = NewAccount::new(username, email, hash);
            (new.roles, new.scopes) = (registration.roles.clone(), registration.scopes.clone());
            to_its_end(opener.create(new, hook)).await
        }
    };
    opened.or_report().map_err(Problem::from)?
}

/// Returns the pending account of an invitation. The token stays valid.
async fn invited_account(
    context: &AccountContext,
    username: &str,
    email: &str,
    token: &TokenHash,
) -> Result<Account, Problem> {
    let account = holder(context, token).await?;
    if login_key(&account.email) != login_key(email) {
        return Err(another_address());
    }
    // Opening the account decides. Here, the answer comes before the hash and the hook.
    let other = context.accounts.accounts().find_by_login(username).await.or_report()?;
    if other.is_some_and(|other| other.id != account.id) {
        return Err(create_refusal(CreateError::UsernameTaken, false));
    }
    Ok(account)
}

/// What the steps from the request to the account need.
struct Opener {
    context: AccountContext,
    is_email_alone: bool,
}

/// The hook and its deadline.
type Timed = Option<(Hook, Duration)>;

impl Opener {
    /// Creates an account for a person who was not invited.
    async fn create(self, mut new: NewAccount, hook: Timed) -> Result<Account, Failure> {
        if hook.is_some() {
            new.active = false;
            new.pending_until = Some(self.context.auth.clock().unix().plus_seconds(PENDING_SECONDS));
        }
        let created = self.context.accounts.accounts().create(new).await;
        let mut account = created.map_err(|error| create_refusal(error, self.is_email_alone))?;
        if let Some((hook, deadline)) = hook {
            account = self.store_fields_and_open(account, hook, deadline).await?;
        }
        Ok(finish(&self.context, account, false).await)
    }

    async fn store_fields_and_open(
        &self,
        pending: Account,
        hook: Hook,
        deadline: Duration,
    ) -> Result<Account, Failure> {
        let opened = match hook.run(member(&pending, &pending.username, false), deadline).await {
            Ok(()) => self.open(&pending.id, AccountOpening::new()).await,
            Err(failure) => Err(failure),
        };
        if opened.is_err() {
            give_up(&self.context, &pending.id).await;
        }
        opened?.ok_or_else(|| ended_meanwhile(&pending.id).into())
    }

    /// Opens the account of an invitation. Opening it is the single use of the token: of any number of requests with
    /// the token, one finds the account pending. Until then the person can try again after any failure.
    async fn accept(
        self,
        pending: Account,
        username: String,
        hash: SecretString,
        hook: Timed,
    ) -> Result<Account, Failure> {
        if let Some((hook, deadline)) = hook {
            hook.run(member(&pending, &username, true), deadline).await?;
        }
        let mut opening = AccountOpening::new();
        opening.username = Some(username);
        opening.password_hash = Some(hash);
        // The token was sent to this address. An administrator may have replaced it in the meantime.
        opening.email = Some(pending.email.clone());
        opening.email_verified_at = Some(self.context.auth.clock().unix());
        let account = self.open(&pending.id, opening).await?.ok_or_else(no_longer_pending)?;
        void(&self.context, &account.id).await;
        Ok(finish(&self.context, account, true).await)
    }

    async fn open(&self, id: &str, opening: AccountOpening) -> Result<Option<Account>, Failure> {
        let opened = self.context.accounts.accounts().open(id, opening, self.context.auth.clock().unix()).await;
        Ok(opened.map_err(|error| create_refusal(error, self.is_email_alone))?)
    }
}

/// Returns the answer to a registration that lost its pending account: an administrator has removed it, or the clock of
/// the store is an hour ahead.
fn ended_meanwhile(id: &str) -> Problem {
    tracing::event!(
        target: TARGET, Level::ERROR, user.id = id, outcome = "failed", reason = "no_longer_pending",
        "a registration was ended before its account was opened",
    );
    EndpointRejection::Unavailable(UNAVAILABLE_RETRY_SECONDS).into()
}

/// Tells everyone who wants to know about the new account. Nothing of this can fail the registration.
async fn finish(context: &AccountContext, account: Account, invited: bool) -> Account {
    let reason = if invited { "invited" } else { "open" };
    tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "registered", reason);
    if account.email_verified_at.is_none() {
        // The account exists even if no message can be sent now.
        let _ = send_verification_to(context, &account).await;
    }
    context.auth.tell(|| AccountEvent::registered(&account, invited));
    account
}

/// Removes the pending account of a registration that failed. If this fails, too, the account goes after an hour.
async fn give_up(context: &AccountContext, id: &str) {
    if let Err(error) = context.accounts.accounts().cancel_pending(id).await {
        store_failed(&error);
    }
}

fn member(account: &Account, username: &str, invited: bool) -> NewMember {
    NewMember { id: account.id.clone(), username: username.to_owned(), email: account.email.clone(), invited }
}
