use auth_tests::{
    http::{Answer, Call},
    program::Running,
};
use serde_json::json;

use super::application::{PASSWORD, cookie_of};

/// A running `gallery` program.
pub(super) struct Gallery(Running);

impl Gallery {
    pub(super) fn start() -> Self {
        Self(Running::start("gallery", &[]))
    }

    pub(super) fn program(&self) -> &Running {
        &self.0
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.0.address())
    }

    /// Returns a request as a page of the gallery causes it, with this cookie.
    pub(super) fn call(&self, method: &str, path: &str, cookie: &str) -> Call {
        let call = self.0.call(method, path).header("sec-fetch-site", "same-origin").header("accept", "text/html");
        if cookie.is_empty() { call } else { call.header("cookie", cookie) }
    }

    /// Opens an account by the form, and signs in. Returns the cookie.
    pub(super) async fn member(&self, name: &str) -> String {
        let email = format!("{name}@example.org");
        let fields = [("username", name), ("email", &email), ("password", PASSWORD), ("website", ""), ("about", "")];
        let joined = self.call("POST", "/join", "").form(&fields).send().await;
        assert_eq!((joined.status, joined.header("location")), (303, "/sign-in"), "{joined:?}");
        let credentials = json!({ "username": name, "password": PASSWORD });
        let signed_in = self.call("POST", "/auth/session", "").json(&credentials).send().await;
        assert_eq!(signed_in.status, 200, "{signed_in:?}");
        cookie_of(&signed_in)
    }

    pub(super) async fn upload(&self, cookie: &str, name: &str, content: &str) -> Answer {
        self.call("POST", "/pictures", cookie).body(FORM, form(name, content)).send().await
    }

    /// Uploads a picture, and returns its page's path.
    pub(super) async fn picture(&self, cookie: &str) -> String {
        let uploaded = self.upload(cookie, "dot.gif", GIF).await;
        assert_eq!((uploaded.status, uploaded.header("location")), (303, "/"), "{uploaded:?}");
        let home = self.call("GET", "/", cookie).send().await;
        let path = home.body.split("href=\"").find(|link| link.starts_with("/pictures/")).expect("the page has it");
        path.split('"').next().unwrap().to_owned()
    }

    /// Returns the names of the files that are kept or spooled.
    pub(super) fn files(&self) -> Vec<String> {
        let folders = ["pictures", "spool"].map(|name| self.0.folder().join("gallery-data").join(name));
        let entries = folders.into_iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

pub(super) const FORM: &str = "multipart/form-data; boundary=XX";

/// Returns a form with one file.
pub(super) fn form(name: &str, content: &str) -> String {
    let head = format!("Content-Disposition: form-data; name=\"pictures\"; filename=\"{name}\"");
    format!("--XX\r\n{head}\r\n\r\n{content}\r\n--XX--\r\n")
}

/// A picture of one pixel, in ASCII bytes alone.
pub(super) const GIF: &str = "GIF89a\u{1}\0\u{1}\0\0\0\0,\0\0\0\0\u{1}\0\u{1}\0\0\u{2}\u{2}D\u{1}\0;";
