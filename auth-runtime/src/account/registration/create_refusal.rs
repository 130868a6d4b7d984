use crate::{
    account::answer::{rejection::EndpointRejection, report::Report as _, taken::taken},
    error::{Problem, UNAVAILABLE_RETRY_SECONDS},
    store::CreateError,
};

/// Returns the answer for a store that created or opened no account. A body without a user name has only its address
/// to change.
pub(super) fn create_refusal(error: CreateError, is_email_alone: bool) -> Problem {
    match error {
        CreateError::UsernameTaken if !is_email_alone => taken("/username"),
        CreateError::UsernameTaken | CreateError::EmailTaken => taken("/email"),
        // The store creates the identifier, so the client cannot mend this.
        CreateError::IdTaken => EndpointRejection::Unavailable(UNAVAILABLE_RETRY_SECONDS).into(),
        CreateError::Store(error) => error.report().into(),
    }
}
