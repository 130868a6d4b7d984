use axum::http::StatusCode;
use secrecy::SecretString;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
    },
    auth::Auth,
    error::{FieldError, Problem},
    password::PasswordPolicyError,
    store::Account,
};

/// Returns the faults of a new password for the user with this user name and address.
///
/// # Errors
/// Returns 503 if the policy asks a list of leaked passwords, and the list cannot tell.
pub(crate) async fn password_faults(
    auth: &Auth,
    password: &SecretString,
    username: &str,
    email: &str,
    pointer: &str,
) -> Result<Vec<FieldError>, EndpointRejection> {
    // The policy compares an address by its part before the `@`. With the domain listed as well, the whole address is
    // refused as a password, too.
    let domain = email.rsplit('@').next().unwrap_or_default();
    let policy = auth.password_policy();
    let mut faults = policy.check(password, &[username, email, domain]).err().unwrap_or_default();
    // A list may be asked over the network, so it is asked last.
    if faults.is_empty() && policy.is_breached(password).await.or_report()? {
        faults.push(PasswordPolicyError::Breached);
    }
    Ok(faults.iter().map(|fault| told(fault, pointer)).collect())
}

fn told(fault: &PasswordPolicyError, pointer: &str) -> FieldError {
    let error = FieldError::new(pointer, fault.to_string()).with_code(fault.code());
    match fault {
        PasswordPolicyError::TooShort { min } => error.with_param("min", *min),
        _ => error,
    }
}

/// Checks a new password against the policy, and returns the answer if the policy refuses it.
pub(crate) async fn check_new(auth: &Auth, password: &SecretString, account: &Account) -> Result<(), Problem> {
    let faults = password_faults(auth, password, &account.username, &account.email, NEW_PASSWORD).await?;
    if faults.is_empty() { Ok(()) } else { Err(unfit(faults)) }
}

/// The pointer to the new password in the body.
pub(crate) const NEW_PASSWORD: &str = "/new_password";

/// Returns 422 with the faults.
pub(crate) fn unfit(errors: Vec<FieldError>) -> Problem {
    let title = "The password cannot be changed like this.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", title).with_errors(errors)
}

/// Hashes a new password.
pub(crate) async fn hash(context: &AccountContext, password: &SecretString) -> Result<SecretString, EndpointRejection> {
    let hash = context.auth.passwords().hash(password).await;
    hash.map(SecretString::from).or_report()
}
