use secrecy::SecretString;

use crate::{
    account::{
        answer::report::OrReport as _,
        context::AccountContext,
        email::one_time::{bad_token, read},
    },
    store::Purpose,
};

use super::{Recognised, SignInError};

/// Uses a token up, and returns the person to whom it was sent.
pub(super) async fn redeem(context: &AccountContext, token: &SecretString) -> Result<Recognised, SignInError> {
    let hash = read(token).map_err(SignInError::bad_token)?;
    let now = context.auth.clock().unix();
    let redeemed = context.accounts.one_time_tokens().redeem_one_time(&hash, Purpose::SignIn, now).await;
    match redeemed.or_report() {
        Ok(Some(record)) => Ok(Recognised::by_one_time_token(record)),
        Ok(None) => Err(SignInError::bad_token(bad_token("unknown"))),
        Err(rejection) => Err(SignInError::endpoint(rejection, &context.auth)),
    }
}
