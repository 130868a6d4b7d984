use secrecy::SecretString;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        email::one_time::{bad_token, issue, read},
    },
    error::UNAVAILABLE_RETRY_SECONDS,
    store::{Account, Purpose},
};

use super::{Elsewhere, SignIn, SignInError};

impl SignIn {
    /// Creates a token that signs this user in once, in the next ten minutes, and stores its hash. A token that the
    /// user was sent before becomes void. Send it to the account's address, in a link beside the
    /// [`state`](super::BegunSignIn::state).
    ///
    /// Answer alike for an address without an account, and limit how often an address gets mail.
    ///
    /// # Errors
    /// Returns a [`SignInError`] when the store or the source of randomness fails.
    pub async fn issue_token(&self, account: &Account) -> Result<SecretString, SignInError> {
        match issue(&self.context, account, Purpose::SignIn).await {
            Some(issued) => Ok(issued.token),
            None => {
                let rejection = EndpointRejection::Unavailable(UNAVAILABLE_RETRY_SECONDS);
                Err(SignInError::endpoint(rejection, &self.context.auth))
            }
        }
    }
}

impl Elsewhere {
    /// Returns the address to which a token of [`issue_token`](SignIn::issue_token) was sent, for the page that asks
    /// first. The token stays good.
    ///
    /// # Errors
    /// Returns a [`SignInError`] when the token is not good, or the store fails.
    pub async fn address_of(&self, token: &SecretString) -> Result<String, SignInError> {
        let context = &self.context;
        let hash = read(token).map_err(SignInError::bad_token)?;
        let now = context.auth.clock().unix();
        let found = context.accounts.one_time_tokens().find_one_time(&hash, Purpose::SignIn, now).await;
        match found.or_report() {
            Ok(Some(record)) => Ok(record.email),
            Ok(None) => Err(SignInError::bad_token(bad_token("unknown"))),
            Err(rejection) => Err(SignInError::endpoint(rejection, &context.auth)),
        }
    }
}
