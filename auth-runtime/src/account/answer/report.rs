use core::error::Error;

use axum::http::header::InvalidHeaderValue;

use crate::{
    account::event::{TARGET, store_failed},
    error::{StoreError, UNAVAILABLE_RETRY_SECONDS, with_causes},
    password::PasswordError,
    secret::EntropyError,
    session::SealError,
    token::IssueError,
};

use super::rejection::EndpointRejection;

/// An error with a cause that only the operator learns.
pub(crate) trait Report {
    /// Logs the error, and returns the client's answer.
    fn report(&self) -> EndpointRejection;
}

/// Results that report their error before the client gets its answer.
pub(crate) trait OrReport<T> {
    /// Returns the value, or [reports](Report::report) the error.
    ///
    /// # Errors
    /// Returns the client's answer.
    fn or_report(self) -> Result<T, EndpointRejection>;
}

impl<T, E: Report> OrReport<T> for Result<T, E> {
    fn or_report(self) -> Result<T, EndpointRejection> {
        self.map_err(|error| error.report())
    }
}

impl Report for StoreError {
    fn report(&self) -> EndpointRejection {
        store_failed(self);
        EndpointRejection::Unavailable(UNAVAILABLE_RETRY_SECONDS)
    }
}

impl Report for PasswordError {
    /// Logs the error where the operator can act. A password that is too long is the client's fault.
    fn report(&self) -> EndpointRejection {
        match self {
            Self::TooLong => EndpointRejection::Refused,
            Self::Busy { retry_after } => {
                tracing::warn!(target: TARGET, "the password queue is full");
                EndpointRejection::Unavailable(retry_after.as_secs().max(1))
            }
            error => {
                tracing::error!(target: TARGET, error = with_causes(error), "passwords cannot be checked");
                EndpointRejection::Unavailable(UNAVAILABLE_RETRY_SECONDS)
            }
        }
    }
}

impl Report for EntropyError {
    fn report(&self) -> EndpointRejection {
        not_minted(self)
    }
}

impl Report for SealError {
    fn report(&self) -> EndpointRejection {
        not_minted(self)
    }
}

impl Report for InvalidHeaderValue {
    fn report(&self) -> EndpointRejection {
        not_minted(self)
    }
}

impl Report for IssueError {
    fn report(&self) -> EndpointRejection {
        not_minted(self)
    }
}

fn not_minted(error: &(dyn Error + 'static)) -> EndpointRejection {
    tracing::error!(target: TARGET, error, "a token could not be minted");
    EndpointRejection::Unavailable(UNAVAILABLE_RETRY_SECONDS)
}
