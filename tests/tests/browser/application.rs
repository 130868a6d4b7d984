use auth_tests::{
    http::{Answer, Call},
    program::Running,
};
use serde_json::{Value, json};

use super::tab::Tab;

pub(super) const PASSWORD: &str = "correct horse battery";

/// A running `sessions` program.
pub(super) struct Application(Running);

impl Application {
    pub(super) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(super) fn start_with(settings: &[(&str, &str)]) -> Self {
        Self(Running::start("sessions", settings))
    }

    /// Returns the URL of a page, with the address that makes it a different site from `localhost`.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.0.address())
    }

    /// Returns the program's output before it served.
    pub(super) fn greeting(&self) -> &str {
        self.0.greeting()
    }

    /// Ends the program, and returns how many `POST` requests it has refused.
    pub(super) fn refused_posts(self) -> usize {
        let log = self.0.into_log();
        let refused = |line: &&str| line.contains("method=\"POST\"") && line.contains("status_code=40");
        log.lines().filter(refused).count()
    }

    pub(super) fn call(&self, method: &str, path: &str) -> Call {
        self.0.call(method, path)
    }

    /// Registers an account.
    pub(super) async fn register(&self, name: &str) {
        let account = json!({ "username": name, "email": format!("{name}@example.org"), "password": PASSWORD });
        let opened = self.call("POST", "/auth/register").json(&account).send().await;
        assert_eq!(opened.status, 201, "{opened:?}");
    }

    /// Signs in as a page of the application would, with this `User-Agent`.
    pub(super) async fn sign_in(&self, name: &str, device: &str, user_agent: &str) -> Answer {
        let credentials = json!({ "username": name, "password": PASSWORD, "device": device });
        let call = self.call("POST", "/auth/session").header("user-agent", user_agent);
        call.header("origin", &self.url("")).json(&credentials).send().await
    }

    /// Signs in on the page in the tab, which then shows the sessions.
    pub(super) async fn sign_in_on(&self, tab: &Tab, name: &str, device: &str) {
        tab.goto(&self.url("/")).await;
        tab.fill("login", "User name", name).await;
        tab.fill("login", "Password", PASSWORD).await;
        tab.fill("login", "This device", device).await;
        tab.click("//form[@id='login']//button").await;
        tab.find(&format!("//strong[@id='who'][.='{name}']")).await;
    }

    /// Sends a request with this cookie.
    pub(super) async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.call("GET", path).header("cookie", cookie).send().await
    }
}

/// Returns the `name=value` of the session's cookie that an answer sets.
pub(super) fn cookie_of(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

/// Returns the `name=value` of the tab's only cookie.
pub(super) async fn cookie_in(tab: &Tab) -> String {
    match tab.cookies().await.as_slice() {
        [cookie] => pair(cookie),
        other => panic!("one cookie was expected: {other:?}"),
    }
}

fn pair(cookie: &Value) -> String {
    format!("{}={}", cookie["name"].as_str().unwrap(), cookie["value"].as_str().unwrap())
}
