use axum::{body::to_bytes, http::HeaderMap, response::Response};
use serde_json::{Value, json};

/// An endpoint's answer. Every answer must have `no-store`; reading one without it fails the test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answer {
    pub(super) async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        let answer = Self { status: parts.status.as_u16(), headers: parts.headers, body };
        assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
        answer
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Returns a text member of the body.
    #[track_caller]
    pub(super) fn text(&self, member: &str) -> String {
        self.json()[member].as_str().unwrap_or_else(|| panic!("no `{member}` in {self:?}")).to_owned()
    }

    #[track_caller]
    pub(super) fn assert_problem(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.text("code").as_str()), (status, code), "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let has_code = |error: &Value| error["code"].is_string();
        let errors = self.json()["errors"].as_array().cloned().unwrap_or_default();
        assert!(errors.iter().all(has_code) && (status != 422 || !errors.is_empty()), "{self:?}");
        assert!(status != 401 || self.header("www-authenticate").starts_with("Bearer realm="), "{self:?}");
    }

    /// Asserts an error in the shape of RFC 6749, section 5.2: exactly these two members, with only the permitted
    /// characters.
    #[track_caller]
    pub(super) fn assert_oauth_error(&self, status: u16, error: &str, description: &str) {
        assert_eq!((self.status, self.header("content-type")), (status, "application/json"), "{self:?}");
        assert_eq!(self.json(), json!({ "error": error, "error_description": description }), "{self:?}");
        assert!(description.bytes().all(|byte| matches!(byte, b' '..=b'~' if byte != b'"' && byte != b'\\')));
        assert_eq!(self.header("pragma"), "no-cache", "{self:?}");
    }

    #[track_caller]
    pub(super) fn assert_refused_grant(&self) {
        self.assert_oauth_error(400, "invalid_grant", "The credentials are not valid.");
    }
}
