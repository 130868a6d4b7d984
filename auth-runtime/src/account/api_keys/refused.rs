use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    error::{FieldError, Problem},
    guard::{Denied, Rejection},
    identity::Identity,
    store::{Account, ApiKeyError},
};

use super::super::{engine::Engine, failure::Failure};

/// A refusal by the rules of the guard, or one with a problem of its own.
pub(in super::super) enum Refused {
    Guard(Denied),
    Problem(Problem),
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Guard(denied) => denied.into_response(),
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Problem(failure.into())
    }
}

/// The caller's account: 401 when it is gone, 403 when it is not active.
pub(super) async fn owner(engine: &Engine, caller: &Identity) -> Result<Account, Refused> {
    let rejection = match engine.accounts.accounts().find(caller.subject()).await {
        Ok(Some(account)) if account.active => return Ok(account),
        Ok(Some(_)) => Rejection::Inactive,
        Ok(None) => Rejection::BadCredential("user_gone"),
        Err(error) => return Err(Failure::store(&error).into()),
    };
    Err(Refused::Guard(Denied::new(rejection, &engine.auth)))
}

/// Everything that is wrong with the body.
pub(super) fn check(faults: Vec<FieldError>) -> Result<(), Refused> {
    if faults.is_empty() {
        return Ok(());
    }
    let title = "The API key cannot be made like this.";
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", title).with_errors(faults).into())
}

/// Nobody has such a key, or somebody else does: the caller cannot tell.
pub(super) fn unknown() -> Refused {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "You have no such API key.").into()
}

impl From<ApiKeyError> for Refused {
    fn from(error: ApiKeyError) -> Self {
        let conflict = |code, title: &str| Problem::new(StatusCode::CONFLICT, code, title).into();
        match error {
            ApiKeyError::Unknown => unknown(),
            ApiKeyError::Ended => conflict("api-key-ended", "The API key has ended or was rotated already."),
            ApiKeyError::TooMany => {
                conflict("too-many-api-keys", "You have as many API keys as one may. Revoke one first.")
            }
            ApiKeyError::Store(error) => Failure::store(&error).into(),
        }
    }
}
