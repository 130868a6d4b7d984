use axum::http::{HeaderMap, HeaderValue, header::InvalidHeaderValue};

use super::{
    SessionCookie,
    host_cookie::{Found, HostCookie},
};
use crate::token::SignInNonce;

/// The cookie of a browser whose user is about to prove elsewhere who they are. It shows that the same browser returns.
///
/// It is `SameSite=Lax`, since a provider or a mail leads back by a link from another site.
#[derive(Clone, Copy)]
pub(crate) struct SignInCookie(HostCookie);

impl SignInCookie {
    /// Returns the cookie for an engine with this session cookie. Both are sent over plain HTTP, or neither is.
    pub(crate) const fn beside(session: SessionCookie) -> Self {
        Self(match session {
            SessionCookie::Secure => HostCookie { name: "__Host-sign-in", is_secure: true },
            SessionCookie::Insecure => HostCookie { name: "auth-runtime-sign-in", is_secure: false },
        })
    }

    /// Searches all `Cookie` fields for this cookie.
    pub(crate) fn find(self, headers: &HeaderMap) -> Found<'_> {
        self.0.find(headers)
    }

    /// Returns a `Set-Cookie` value with this nonce, valid for `seconds`.
    ///
    /// # Errors
    /// Returns no error for a nonce, which is base64url.
    pub(crate) fn set(self, nonce: &SignInNonce, seconds: i64) -> Result<HeaderValue, InvalidHeaderValue> {
        self.0.field(nonce.expose(), seconds)
    }

    /// Returns a `Set-Cookie` value that makes the browser delete the cookie.
    ///
    /// # Errors
    /// Returns no error.
    pub(crate) fn expire(self) -> Result<HeaderValue, InvalidHeaderValue> {
        self.0.field("", 0)
    }
}

impl Found<'_> {
    /// Returns the value, if it has the form of a nonce.
    pub(crate) fn nonce(self) -> Option<SignInNonce> {
        SignInNonce::parse(self.text()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SystemEntropy;

    #[test]
    fn the_attributes_are_those_of_a_host_cookie() {
        let nonce = SignInNonce::mint(&SystemEntropy::new()).unwrap();
        let secure = SignInCookie::beside(SessionCookie::Secure);
        let field = secure.set(&nonce, 600).unwrap();
        let expected =
            format!("__Host-sign-in={}; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax", nonce.expose());
        assert_eq!(field.to_str().unwrap(), expected);
        assert!(field.is_sensitive() && !format!("{nonce:?}").contains(nonce.expose()));
        let expired = "__Host-sign-in=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax";
        assert_eq!(secure.expire().unwrap().to_str().unwrap(), expired);
        let field = SignInCookie::beside(SessionCookie::Insecure).set(&nonce, 600).unwrap();
        let expected = format!("auth-runtime-sign-in={}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax", nonce.expose());
        assert_eq!(field.to_str().unwrap(), expected);
    }
}
