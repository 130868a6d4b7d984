use core::{any::type_name, mem};

use axum::{
    body::{Body, HttpBody as _, to_bytes},
    http::request::Parts,
    response::{IntoResponse, Response},
};

use crate::policy::CheckRule;

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
}

impl CheckFailure {
    /// Refuse with this error's response.
    pub fn new(error: impl IntoResponse) -> Self {
        Self(Box::new(Failed { response: error.into_response(), rejection: None, fault: None }))
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

    /// With the fault in words, where the extractor of an argument says that the service is at fault.
    pub(super) async fn explained(mut self, check: CheckRule) -> Self {
        if let Some(rejection) = self.0.rejection
            && self.0.response.status().is_server_error()
        {
            let (status, said) = (self.0.response.status(), text(&mut self.0.response).await);
            let check = check.name;
            self.0.fault =
                Some(format!("an argument of the check `{check}` cannot be extracted: {rejection}, {status}: {said}"));
        }
        self
    }

    /// Why the service is at fault, if it is.
    pub(super) fn fault(&self) -> Option<&str> {
        self.0.fault.as_deref()
    }
}

/// A longer text is not read.
const MOST_TEXT: u64 = 1024;

/// What the response says, which it keeps.
async fn text(response: &mut Response) -> String {
    if response.body().size_hint().upper().is_none_or(|size| size > MOST_TEXT) {
        return String::new();
    }
    // A body of known length is in memory: nothing is waited for.
    let bytes = to_bytes(mem::take(response.body_mut()), usize::MAX).await.unwrap_or_default();
    let said = String::from_utf8_lossy(&bytes).into_owned();
    *response.body_mut() = Body::from(bytes);
    said
}
