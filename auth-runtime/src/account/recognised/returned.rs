use core::fmt;

use axum::response::{IntoResponse, Response};

use crate::account::context::AccountContext;

use super::{ProvenBrowser, SignInError};

/// The browser that opened a link or a provider's answer.
///
/// Let [`same_browser`](Self::same_browser) decide about all that you do not treat in another way:
///
/// ```
/// # use auth_runtime::account::{ProvenBrowser, Returned};
/// # use axum::response::{IntoResponse, Response};
/// # fn page_that_asks_first() -> String { String::new() }
/// fn proven(returned: Returned) -> Result<ProvenBrowser, Response> {
///     match returned {
///         Returned::Elsewhere(_) => Err(page_that_asks_first().into_response()),
///         returned => returned.same_browser().map_err(IntoResponse::into_response),
///     }
/// }
/// ```
#[derive(Debug)]
#[must_use]
#[non_exhaustive]
pub enum Returned {
    /// The browser in which the sign-in was begun.
    SameBrowser(ProvenBrowser),
    /// Any other browser. Nothing has been used up.
    Elsewhere(Elsewhere),
}

impl Returned {
    /// Returns the browser in which the sign-in was begun. A provider's answer is good in no other.
    ///
    /// # Errors
    /// Returns a [`SignInError`] for any other browser.
    pub fn same_browser(self) -> Result<ProvenBrowser, SignInError> {
        match self {
            Self::SameBrowser(browser) => Ok(browser),
            Self::Elsewhere(_) => Err(SignInError::not_begun()),
        }
    }
}

/// A browser in which the sign-in was not begun, or not in the last ten minutes.
///
/// A person may open a link of their mail on another device. Programs open links, too, before the person does. And an
/// attacker may send the link to the attacker's own account. So show a page that names the account, and whose form asks
/// by `POST`: [`SignIn::posted`](super::SignIn::posted). [`address_of`](Self::address_of) returns the address.
///
/// As an answer it is 403 `sign-in-not-begun`.
#[must_use = "show a page that asks first, or answer with this value"]
pub struct Elsewhere {
    pub(super) context: AccountContext,
}

impl fmt::Debug for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Elsewhere(..)")
    }
}

impl IntoResponse for Elsewhere {
    fn into_response(self) -> Response {
        SignInError::not_begun().into_response()
    }
}
