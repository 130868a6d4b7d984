use crate::{
    account::{
        answer::rejection::EndpointRejection, context::AccountContext, email::verification::send_verification_to,
    },
    store::Account,
};

/// Refuses an account without a verified address, if the application requires one, and sends its owner another token.
/// Only a client that gave the right password, or that the application recognised, gets here.
pub(crate) async fn require_verified_email(
    context: &AccountContext,
    account: &Account,
) -> Result<(), EndpointRejection> {
    if !context.auth.account_rules().requires_verified_email || account.email_verified_at.is_some() {
        return Ok(());
    }
    // A limit on messages must not change the answer.
    let _ = send_verification_to(context, account).await;
    Err(EndpointRejection::Unverified)
}
