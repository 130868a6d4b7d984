use secrecy::SecretString;
use tracing::Level;

use crate::{
    account::{
        administration::Administration,
        context::AccountContext,
        event::{TARGET, store_failed},
        grant::{LIKE_A_FRESH_ID, check_new},
    },
    auth::Message,
    clock::seconds,
    error::StoreError,
    names::is_email_address,
    secret::is_same_text,
    store::{Account, CreateError, NewAccount, OneTimeRecord, Purpose, Standing, login_key},
    token::OneTimeToken,
};

use super::{
    error::InviteError,
    invitation::{Invited, NewInvitation},
};

/// The marker in place of a hash. No password matches it.
const MARKER: &str = "!invited";

impl Administration {
    /// Invites a person: reserves an account for the address, and sends the person a one-time token that opens it at
    /// `POST /auth/register`. The token is valid for
    /// [`AuthBuilder::invitation_lifetime`](crate::auth::AuthBuilder::invitation_lifetime), 7 days by default.
    ///
    /// With [`AuthBuilder::mail`](crate::auth::AuthBuilder::mail) the service sends
    /// [`Message::Invitation`](crate::auth::Message::Invitation). Without it, the application sends
    /// [`Invited::token`].
    ///
    /// Until then the account is pending: nobody can sign in to it, and it goes when the invitation ends. Inviting the
    /// address again replaces the pending account, its roles and scopes, and the token.
    ///
    /// # Errors
    /// Returns [`InviteError`], and changes nothing, when the text is no address, an account has the address, or no
    /// account can have the roles and scopes. Returns [`InviteError::Store`] when a store fails, and
    /// [`InviteError::Overtaken`] when the address gets another invitation at the same moment. An earlier invitation of
    /// the address may have ended then; calling this function again invites the person.
    pub async fn invite(&self, invitation: NewInvitation) -> Result<Invited, InviteError> {
        if !is_email_address(&invitation.email) {
            return Err(InviteError::NoAddress);
        }
        check_new(&self.context.auth, LIKE_A_FRESH_ID, &invitation.roles, &invitation.scopes)
            .map_err(InviteError::Grant)?;
        self.complete(|administration| async move { invite(&administration, &invitation).await }).await
    }
}

async fn invite(administration: &Administration, invitation: &NewInvitation) -> Result<Invited, InviteError> {
    let context = &administration.context;
    let token = OneTimeToken::mint(context.auth.entropy()).map_err(|error| StoreError::new("entropy", error))?;
    let account = reserve(administration, invitation).await?;
    let expires_at = account.pending_until.unwrap_or(account.created_at);
    let record = OneTimeRecord::new(token.hash(), Purpose::Invitation, &account.id, &account.email, expires_at);
    if let Err(error) = context.accounts.one_time_tokens().issue_one_time(record).await {
        // No token can open the account. Otherwise it would keep the address until the invitation ends.
        cancel(context, &account.id).await;
        return Err(error.into());
    }
    tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "invited");
    let token = SecretString::from(token.expose().to_owned());
    Ok(Invited { id: account.id.clone(), expires_at, token: send(context, account, token) })
}

/// Creates the pending account. It replaces the account of an earlier invitation.
async fn reserve(administration: &Administration, invitation: &NewInvitation) -> Result<Account, InviteError> {
    // Another invitation of the same address, or a registration, may come in between.
    const TRIES: usize = 3;
    let (context, mut standings) = (&administration.context, administration.standings.clone());
    let accounts = context.accounts.accounts();
    for _ in 0..TRIES {
        if let Some(found) = accounts.find_by_login(&invitation.email).await? {
            if !is_replaceable(context, &found, &invitation.email) {
                return Err(InviteError::HasAccount);
            }
            leave_out(&mut standings, &found)?;
            accounts.cancel_pending(&found.id).await?;
        }
        match accounts.create_while(pending(context, invitation), &standings).await {
            Ok(Some(account)) => return Ok(account),
            Ok(None) => return Err(InviteError::Overtaken),
            Err(CreateError::Store(error)) => return Err(error.into()),
            Err(_) => {}
        }
    }
    Err(InviteError::HasAccount)
}

/// Leaves out the pending account, which goes. Where a decision was made, it must have been made on this one: the
/// invitation that took its place may have other rights.
fn leave_out(standings: &mut Vec<Standing>, pending: &Account) -> Result<(), InviteError> {
    let has_decided = !standings.is_empty();
    let place = standings.iter().position(|standing| standing.still_holds(Some(pending)));
    match place {
        Some(place) => drop(standings.remove(place)),
        None if has_decided => return Err(InviteError::Overtaken),
        None => {}
    }
    Ok(())
}

/// Returns whether the account is an invitation of this address, or a registration that has not ended in time.
fn is_replaceable(context: &AccountContext, account: &Account, email: &str) -> bool {
    let is_invitation = is_same_text(&account.password_hash, &SecretString::from(MARKER));
    let is_over = |until| until <= context.auth.clock().unix();
    !account.active
        && login_key(&account.email) == login_key(email)
        && account.pending_until.is_some_and(|until| is_invitation || is_over(until))
}

fn pending(context: &AccountContext, invitation: &NewInvitation) -> NewAccount {
    let lifetime = context.auth.account_rules().mail_tokens.of(Purpose::Invitation);
    let (email, marker) = (invitation.email.clone(), SecretString::from(MARKER));
    let mut new = NewAccount::new(email.clone(), email, marker);
    (new.roles, new.scopes) = (invitation.roles.clone(), invitation.scopes.clone());
    new.active = false;
    new.pending_until = Some(context.auth.clock().unix().plus_seconds(seconds(lifetime)));
    new
}

async fn cancel(context: &AccountContext, id: &str) {
    if let Err(error) = context.accounts.accounts().cancel_pending(id).await {
        store_failed(&error);
    }
}

/// Sends the token, if the application sends mail. Otherwise returns the token.
fn send(context: &AccountContext, account: Account, token: SecretString) -> Option<SecretString> {
    let rules = context.auth.account_rules();
    let Some(outbox) = &rules.outbox else { return Some(token) };
    let message =
        Message::Invitation { to: account.email, token, expires_in: rules.mail_tokens.of(Purpose::Invitation) };
    outbox.post(async move { Some(message) });
    None
}
