use core::any::type_name;

use axum::{
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};

use crate::{error::StoreError, policy::CheckRule};

use super::glimpse;

/// A longer text of a refusal is not shown to the operator. Bytes.
const MOST_TEXT: u64 = 1024;

/// An application's own condition on a request. `#[check]` writes a type with the name of the function.
///
/// The trait is implemented for exactly those states `S` from which every argument of the function can be extracted.
#[diagnostic::on_unimplemented(
    message = "the check `{Self}` cannot run with the state `{S}` [AUTH134]",
    label = "this check's arguments cannot be extracted from a request to a router with this state",
    note = "a check takes extractors that read request parts, such as `Identity`, `Path` and `State`; mark it with `#[check]`"
)]
pub trait Check<S> {
    /// Extracts the arguments and calls the function.
    fn run(parts: &mut Parts, state: &S) -> impl Future<Output = Result<bool, CheckRejection>> + Send;
}

/// The types that a check function may return.
#[diagnostic::on_unimplemented(
    message = "a check returns `bool` or `Result<bool, E>`, not `{Self}` [AUTH124]",
    label = "not an answer",
    note = "`E` is turned into the response, so it implements `IntoResponse`"
)]
pub trait CheckOutcome {
    /// Returns whether the check admits the caller.
    ///
    /// # Errors
    /// Returns the failure, with the response to refuse with, when the check could not decide.
    fn outcome(self) -> Result<bool, CheckRejection>;
}

#[diagnostic::do_not_recommend]
impl CheckOutcome for bool {
    fn outcome(self) -> Result<bool, CheckRejection> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<E: IntoResponse> CheckOutcome for Result<bool, E> {
    fn outcome(self) -> Result<bool, CheckRejection> {
        self.map_err(CheckRejection::new)
    }
}

/// The failure of a check that could not decide. Either an argument could not be extracted, or the check returned an
/// error. The guard refuses the caller.
#[derive(Debug)]
pub struct CheckRejection(Box<Failed>);

#[derive(Debug)]
struct Failed {
    response: Response,
    /// The type of the rejection, when an argument could not be extracted.
    rejection: Option<&'static str>,
    /// The fault of the application, for the operator.
    fault: Option<String>,
    outage: Option<StoreError>,
}

impl CheckRejection {
    /// Makes a failure that refuses with this error's response.
    pub fn new(error: impl IntoResponse) -> Self {
        Self(Box::new(Failed { response: error.into_response(), rejection: None, fault: None, outage: None }))
    }

    /// Makes a failure that refuses with the rejection of an argument's extractor. `#[check]` calls it.
    #[doc(hidden)]
    pub fn argument<R: IntoResponse>(rejection: R) -> Self {
        let mut failure = Self::new(rejection);
        failure.0.rejection = Some(type_name::<R>());
        failure
    }

    /// Returns the response. The caller of this function replaces a response with a success status.
    pub fn into_response(self) -> Response {
        self.0.response
    }

    /// Returns the status of the response.
    pub(super) fn status(&self) -> StatusCode {
        self.0.response.status()
    }

    /// With the store that an argument could not reach, or with the fault in words where an argument's extractor says
    /// that the service is at fault.
    pub(super) fn explained(mut self, check: CheckRule, outage: Option<StoreError>) -> Self {
        let failed = &mut *self.0;
        failed.outage = outage;
        if let (None, Some(rejection)) = (&failed.outage, failed.rejection)
            && failed.response.status().is_server_error()
        {
            let (check, status, said) =
                (check.name, failed.response.status(), glimpse::text(&mut failed.response, MOST_TEXT));
            failed.fault =
                Some(format!("an argument of the check `{check}` cannot be extracted: {rejection}, {status}: {said}"));
        }
        self
    }

    /// Returns the store that an argument could not reach.
    pub(super) fn outage(&self) -> Option<&StoreError> {
        self.0.outage.as_ref()
    }

    /// Returns why the service is at fault, if it is.
    pub(super) fn fault(&self) -> Option<&str> {
        self.0.fault.as_deref()
    }
}
