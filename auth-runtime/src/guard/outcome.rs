use axum::{
    http::{Extensions, StatusCode},
    response::Response,
};

use crate::{error::Document, identity::Identity};

/// What the guards decided about a request: who called, and whether and why the request was refused.
///
/// The layer [`Outcomes`](super::Outcomes) puts it among the extensions of each response that a guard, or an argument
/// such as [`Identity`], has decided. So a layer of the application writes its log, or an error in another form,
/// without reading the body. Add that layer after `Outcomes`:
///
/// ```
/// use auth_runtime::guard::{Outcome, Outcomes};
/// use axum::{Json, response::{IntoResponse, Response}};
/// use serde_json::json;
///
/// /// Gives refusals the form of this service. Status and header fields stay.
/// async fn reshaped(response: Response) -> Response {
///     let Some(code) = response.extensions().get::<Outcome>().and_then(Outcome::code) else { return response };
///     let body = Json(json!({ "error": code })).into_response();
///     let (mut parts, _) = response.into_parts();
///     parts.headers.remove("content-length");
///     parts.headers.insert("content-type", body.headers()["content-type"].clone());
///     Response::from_parts(parts, body.into_body())
/// }
///
/// # let routes: axum::Router = axum::Router::new();
/// let routes = routes.layer(Outcomes::new()).layer(axum::middleware::map_response(reshaped));
/// ```
///
/// The outcome stays in the process: nothing of it is sent.
#[derive(Clone, Debug)]
pub struct Outcome {
    identity: Option<Identity>,
    policy: &'static str,
    refusal: Option<Refusal>,
}

/// How a request was refused.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refusal {
    pub(super) reason: &'static str,
    pub(super) status: StatusCode,
    /// The problem document; `None` if a check of the application has answered.
    pub(super) document: Option<Document>,
}

impl Outcome {
    pub(super) fn admitted(identity: Option<Identity>, policy: &'static str) -> Self {
        Self { identity, policy, refusal: None }
    }

    pub(super) fn refused(identity: Option<Identity>, policy: &'static str, refusal: Refusal) -> Self {
        Self { identity, policy, refusal: Some(refusal) }
    }

    /// Returns the caller, if a credential has proved it. A refused caller is known, too, where the refusal came after
    /// the credential was verified: the roles were missing, or a limit by user was reached.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    /// Returns whether the guards admitted the request. The handler may still have answered with an error.
    pub fn is_admitted(&self) -> bool {
        self.refusal.is_none()
    }

    /// Returns the name of the policy that decided, as events have it: the one that refused, or the handler's. Returns
    /// `None` if an argument such as [`Identity`] refused.
    pub fn policy(&self) -> Option<&'static str> {
        Some(self.policy).filter(|name| !name.is_empty())
    }

    /// Returns the status of the refusal.
    pub fn status(&self) -> Option<StatusCode> {
        self.refusal.map(|refusal| refusal.status)
    }

    /// Returns the `code` of the refusal's problem document. Returns `None` where a check refused with a response of
    /// its own.
    pub fn code(&self) -> Option<&'static str> {
        self.document().map(|document| document.code)
    }

    /// Returns the `title` of the refusal's problem document, in the cases in which there is a [`code`](Self::code).
    pub fn title(&self) -> Option<&'static str> {
        self.document().map(|document| document.title)
    }

    /// Returns the reason of the refusal, the stable word of events. It says more than the client may know.
    pub fn reason(&self) -> Option<&'static str> {
        self.refusal.map(|refusal| refusal.reason)
    }

    fn document(&self) -> Option<Document> {
        self.refusal.and_then(|refusal| refusal.document)
    }

    /// Names the caller whom an argument has identified after the guard.
    pub(super) fn identified(&mut self, caller: &Identity) {
        self.identity = Some(caller.clone());
    }

    pub(super) fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// Puts the outcome on the refusal. A check's argument may have refused with a problem document of this crate,
    /// and the code of that document then stays.
    pub(super) fn put_on(mut self, response: &mut Response) {
        if let Some(refusal) = &mut self.refusal {
            refusal.status = response.status();
            if refusal.document.is_none() {
                refusal.document = Self::of(response.extensions()).and_then(Self::document);
            }
        }
        response.extensions_mut().insert(self);
    }
}
