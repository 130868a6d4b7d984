use axum::http::{
    HeaderMap, HeaderValue,
    header::{COOKIE, InvalidHeaderValue},
};

/// A cookie that browsers send to this host alone, and that no script can read.
#[derive(Clone, Copy)]
pub(super) struct HostCookie {
    pub(super) name: &'static str,
    /// Whether browsers send it over HTTPS only.
    pub(super) is_secure: bool,
}

/// The cookies of one name in a request's `Cookie` fields.
#[derive(Clone, Copy)]
pub(crate) enum Found<'r> {
    /// There is no cookie of this name.
    Nothing,
    /// There is one value, in any form.
    One(&'r [u8]),
    /// There are two values. The server cannot know which of them the browser means.
    Several,
}

impl HostCookie {
    /// Searches all `Cookie` fields: in HTTP/2 each cookie may have its own. It ignores cookies of other names.
    pub(super) fn find(self, headers: &HeaderMap) -> Found<'_> {
        let pairs = headers.get_all(COOKIE).iter().flat_map(|field| field.as_bytes().split(|byte| *byte == b';'));
        let mut values = pairs.filter_map(|pair| self.value(pair));
        match (values.next(), values.next()) {
            (None, _) => Found::Nothing,
            (Some(value), None) => Found::One(value),
            (Some(_), Some(_)) => Found::Several,
        }
    }

    /// Returns the value of the cookie. Names are compared exactly: `__host-session` is another cookie, which any site
    /// may set.
    fn value(self, pair: &[u8]) -> Option<&[u8]> {
        pair.trim_ascii()
            .strip_prefix(self.name.as_bytes())?
            .trim_ascii_start()
            .strip_prefix(b"=")
            .map(<[u8]>::trim_ascii)
    }

    /// Returns a `Set-Cookie` value, valid for `seconds`.
    ///
    /// # Errors
    /// Returns no error for a value in base64url.
    pub(super) fn field(self, value: &str, seconds: i64) -> Result<HeaderValue, InvalidHeaderValue> {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let seconds = seconds.max(0);
        let text = format!("{}={value}; Path=/; Max-Age={seconds}{secure}; HttpOnly; SameSite=Lax", self.name);
        let mut field = HeaderValue::try_from(text)?;
        field.set_sensitive(true);
        Ok(field)
    }
}

impl<'r> Found<'r> {
    /// Returns the value, if there is one and it is text.
    pub(super) fn text(self) -> Option<&'r str> {
        match self {
            Self::One(value) => core::str::from_utf8(value).ok(),
            Self::Nothing | Self::Several => None,
        }
    }
}
