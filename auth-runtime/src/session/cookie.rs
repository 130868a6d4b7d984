use axum::http::{HeaderMap, HeaderValue, header::InvalidHeaderValue};

use super::host_cookie::{Found, HostCookie};
use crate::token::SessionSecret;

/// The cookie that continues a browser's session.
///
/// The prefix `__Host-` makes browsers bind the cookie to this host. No subdomain and no page over plain HTTP can set
/// another in its place (RFC 6265bis, section 4.1.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SessionCookie {
    /// For all environments except a developer's machine.
    Secure,
    /// For plain HTTP on a developer's machine, where browsers do not store a secure cookie. It has a name of its own,
    /// because programs on other ports of `localhost` share its cookies.
    Insecure,
}

impl SessionCookie {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Secure => "__Host-session",
            Self::Insecure => "auth-runtime-session",
        }
    }

    /// Searches all `Cookie` fields for this cookie.
    pub(crate) fn find(self, headers: &HeaderMap) -> Found<'_> {
        self.cookie().find(headers)
    }

    /// Returns a `Set-Cookie` value with this secret, valid for `seconds`.
    ///
    /// # Errors
    /// Returns no error for a secret, which is base64url.
    pub(crate) fn set(self, secret: &SessionSecret, seconds: i64) -> Result<HeaderValue, InvalidHeaderValue> {
        self.cookie().field(secret.expose(), seconds)
    }

    /// Returns a `Set-Cookie` value that makes the browser delete the cookie.
    ///
    /// # Errors
    /// Returns no error.
    pub(crate) fn expire(self) -> Result<HeaderValue, InvalidHeaderValue> {
        self.cookie().field("", 0)
    }

    fn cookie(self) -> HostCookie {
        HostCookie { name: self.name(), is_secure: self == Self::Secure }
    }
}

impl Found<'_> {
    /// Returns the value, if it has the form of a secret.
    pub(crate) fn secret(self) -> Option<SessionSecret> {
        SessionSecret::parse(self.text()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE;

    use super::*;
    use crate::secret::SystemEntropy;

    fn found(fields: &[&str]) -> Option<Result<String, ()>> {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(COOKIE, HeaderValue::from_bytes(field.as_bytes()).unwrap());
        }
        match SessionCookie::Secure.find(&headers) {
            Found::Nothing => None,
            Found::One(value) => Some(Ok(String::from_utf8_lossy(value).into_owned())),
            Found::Several => Some(Err(())),
        }
    }

    fn one(value: &str) -> Option<Result<String, ()>> {
        Some(Ok(value.to_owned()))
    }

    #[test]
    fn it_is_found_among_others() {
        assert_eq!(found(&["__Host-session=abc"]), one("abc"));
        assert_eq!(found(&["a=b; __Host-session=abc; c=d"]), one("abc"));
        assert_eq!(found(&["a=b", "__Host-session=abc", "c=d"]), one("abc"));
        assert_eq!(found(&["caf\u{e9}=\u{e9};__Host-session=abc;;=;x"]), one("abc"));
        assert_eq!(found(&["__Host-session = abc "]), one("abc"));
        assert_eq!(found(&["__Host-session="]), one(""));
        assert_eq!(found(&["__Host-session=\"abc\""]), one("\"abc\""));
        assert_eq!(found(&["__Host-session=a=b"]), one("a=b"));
    }

    #[test]
    fn cookies_of_other_names_are_none() {
        for other in [
            "",
            "session=abc",
            "__host-session=abc",
            "__HOST-SESSION=abc",
            "__Host-session",
            "__Host-session2=abc",
            "x__Host-session=abc",
            "__Secure-session=abc",
            "a=__Host-session=abc",
            "a=\"__Host-session=abc\"",
        ] {
            assert_eq!(found(&[other]), None, "{other}");
        }
        assert_eq!(found(&[]), None);
    }

    #[test]
    fn two_are_two_wherever_they_stand() {
        let twice = Some(Err(()));
        assert_eq!(found(&["__Host-session=a; __Host-session=b"]), twice);
        assert_eq!(found(&["__Host-session=a; __Host-session=a"]), twice);
        assert_eq!(found(&["__Host-session=a", "x=y; __Host-session=b"]), twice);
        assert_eq!(found(&["__Host-session=; __Host-session=b"]), twice);
        // A cookie without a name, with a value that looks like the session cookie.
        assert_eq!(found(&["__Host-session=a; __Host-session=evil"]), twice);
    }

    #[test]
    fn a_secret_has_one_form() {
        let secret = SessionSecret::mint(&SystemEntropy::new()).unwrap();
        let text = secret.expose();
        assert!(Found::One(text.as_bytes()).secret().is_some());
        let padded = format!("{text}=");
        let quoted = format!("\"{text}\"");
        let long = "A".repeat(100_000);
        for other in ["", "A", &padded, &quoted, &text[1..], &long, &text.replace(&text[..1], "+"), "\u{e9}"] {
            assert!(Found::One(other.as_bytes()).secret().is_none(), "{}", other.len());
        }
        assert!(Found::One(b"\xff").secret().is_none());
        assert!(Found::Several.secret().is_none());
    }

    #[test]
    fn the_attributes_are_those_of_a_host_cookie() {
        let secret = SessionSecret::mint(&SystemEntropy::new()).unwrap();
        let field = SessionCookie::Secure.set(&secret, 60).unwrap();
        let expected =
            format!("__Host-session={}; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax", secret.expose());
        assert_eq!(field.to_str().unwrap(), expected);
        assert!(field.is_sensitive() && !format!("{field:?}").contains(secret.expose()));
        let field = SessionCookie::Insecure.set(&secret, -1).unwrap();
        let expected = format!("auth-runtime-session={}; Path=/; Max-Age=0; HttpOnly; SameSite=Lax", secret.expose());
        assert_eq!(field.to_str().unwrap(), expected);
        assert_eq!(
            SessionCookie::Secure.expire().unwrap().to_str().unwrap(),
            "__Host-session=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"
        );
    }
}
