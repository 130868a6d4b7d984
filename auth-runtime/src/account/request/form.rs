use std::collections::HashSet;

use axum::extract::{FromRequest, Request};

use crate::{account::answer::oauth::OAuthError, extract};

/// The body of an OAuth request. An empty parameter counts as absent, and a parameter given twice is refused (RFC 6749,
/// section 3.2). Unknown parameters are ignored.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Takes the value of a parameter out of the form.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        let (_, value) = self.0.iter_mut().find(|(found, _)| found == name)?;
        Some(core::mem::take(value)).filter(|value| !value.is_empty())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = OAuthError;

    async fn from_request(request: Request, state: &S) -> Result<Self, OAuthError> {
        let Ok(extract::Form(pairs)) = extract::Form::<Vec<(String, String)>>::from_request(request, state).await
        else {
            return Err(OAuthError::InvalidRequest("The body must be application/x-www-form-urlencoded."));
        };
        let mut seen = HashSet::with_capacity(pairs.len());
        if !pairs.iter().all(|(name, _)| seen.insert(name)) {
            return Err(OAuthError::InvalidRequest("A parameter is given twice."));
        }
        Ok(Self(pairs))
    }
}
