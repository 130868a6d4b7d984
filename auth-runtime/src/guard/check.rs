use core::any::type_name;

use axum::{
    http::request::Parts,
    response::{IntoResponse, Response},
};

use crate::{error::StoreError, policy::CheckRule};

use super::glimpse;

/// An application's own condition on a request, as `#[check]` writes it: a type of the function's name.
///
/// Implemented for exactly the states `S` in which every argument of the function can be extracted.
#[diagnostic::on_unimplemented(
    message = "the check `{Self}` cannot run with the state `{S}` [AUTH134]",
    label = "this check's arguments cannot be extracted from a request to a router with this state",
    note = "a check takes extractors that read request parts, such as `Identity`, `Path` and `State`; mark it with `#[check]`"
)]
pub trait Check<S> {
    /// Extract the arguments and ask the function.
    fn run(parts: &mut Parts, state: &S) -> impl Future<Output = Result<bool, CheckFailure>> + Send;
}

/// The checks of a policy, by index: `()`, or the first and the rest.
pub trait RunChecks<S> {
    /// How many there are. A rule that names another one admits nobody.
    const COUNT: usize;

    /// Runs the check at `index`. An index that is not there refuses.
    fn run(index: usize, parts: &mut Parts, state: &S) -> impl Future<Output = Result<bool, CheckFailure>> + Send;
}

impl<S: Sync> RunChecks<S> for () {
    const COUNT: usize = 0;

    async fn run(_index: usize, _parts: &mut Parts, _state: &S) -> Result<bool, CheckFailure> {
        Ok(false)
    }
}

impl<S: Sync, First: Check<S>, Rest: RunChecks<S>> RunChecks<S> for (First, Rest) {
    const COUNT: usize = Rest::COUNT.saturating_add(1);

    async fn run(index: usize, parts: &mut Parts, state: &S) -> Result<bool, CheckFailure> {
        match index.checked_sub(1) {
            None => First::run(parts, state).await,
            Some(next) => Rest::run(next, parts, state).await,
        }
    }
}

/// What a check function may return.
#[diagnostic::on_unimplemented(
    message = "a check returns `bool` or `Result<bool, E>`, not `{Self}` [AUTH124]",
    label = "not an answer",
    note = "`E` is turned into the response, so it implements `IntoResponse`"
)]
pub trait CheckOutcome {
    /// The answer, or the response to refuse with.
    ///
    /// # Errors
    /// When the check could not tell.
    fn outcome(self) -> Result<bool, CheckFailure>;
}

#[diagnostic::do_not_recommend]
impl CheckOutcome for bool {
    fn outcome(self) -> Result<bool, CheckFailure> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<E: IntoResponse> CheckOutcome for Result<bool, E> {
    fn outcome(self) -> Result<bool, CheckFailure> {
        self.map_err(CheckFailure::new)
    }
}

/// A check that could not tell: an argument that cannot be extracted, or an error of its own. The caller is refused.
#[derive(Debug)]
pub struct CheckFailure(Box<Failed>);

#[derive(Debug)]
struct Failed {
    response: Response,
    /// The type of the rejection, where an argument could not be extracted.
    rejection: Option<&'static str>,
    /// What is wrong with the application, for the operator.
    fault: Option<String>,
    outage: Option<StoreError>,
}

impl CheckFailure {
    /// Refuse with this error's response.
    pub fn new(error: impl IntoResponse) -> Self {
        Self(Box::new(Failed { response: error.into_response(), rejection: None, fault: None, outage: None }))
    }

    /// Refuse with the rejection of an argument's extractor.
    pub fn argument<R: IntoResponse>(rejection: R) -> Self {
        let mut failure = Self::new(rejection);
        failure.0.rejection = Some(type_name::<R>());
        failure
    }

    /// The response. One that reads like success is replaced by the caller of this function.
    pub fn into_response(self) -> Response {
        self.0.response
    }

    /// With the store that an argument could not reach, or with the fault in words where an argument's extractor says that
    /// the service is at fault.
    pub(super) fn explained(mut self, check: CheckRule, outage: Option<StoreError>) -> Self {
        let failed = &mut *self.0;
        failed.outage = outage;
        if let (None, Some(rejection)) = (&failed.outage, failed.rejection)
            && failed.response.status().is_server_error()
        {
            let (check, status, said) = (check.name, failed.response.status(), glimpse::text(&mut failed.response));
            failed.fault =
                Some(format!("an argument of the check `{check}` cannot be extracted: {rejection}, {status}: {said}"));
        }
        self
    }

    /// The store that an argument could not reach.
    pub(super) fn outage(&self) -> Option<&StoreError> {
        self.0.outage.as_ref()
    }

    /// Why the service is at fault, if it is.
    pub(super) fn fault(&self) -> Option<&str> {
        self.0.fault.as_deref()
    }
}
