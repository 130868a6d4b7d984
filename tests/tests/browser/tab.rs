use std::path::Path;

use auth_tests::http::Call;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::driver::{self, Driver};

/// A browser with an empty profile and one tab. Dropping the value closes it.
///
/// Pages load their content by script, so every search for an element waits for it, as a user would.
pub(super) struct Tab {
    session: String,
    driver: Driver,
    /// Deleted after the browser has ended, so this field comes last.
    _profile: TempDir,
}

impl Tab {
    /// Opens a tab, or returns `None` when the tests run without a browser.
    pub(super) async fn open() -> Option<Self> {
        Self::open_with(&[]).await
    }

    /// Opens a tab in a browser with these flags.
    pub(super) async fn open_with(more: &[&str]) -> Option<Self> {
        if driver::is_unwanted() {
            return None;
        }
        let profile = TempDir::new().unwrap();
        let mut tab = Self { session: String::new(), driver: Driver::start(), _profile: profile };
        let profile = format!("--user-data-dir={}", tab._profile.path().display());
        let flags: Vec<_> = FLAGS.iter().chain(more).copied().chain([profile.as_str()]).collect();
        let options = json!({ "binary": driver::chromium(), "args": flags });
        let wanted = json!({ "goog:chromeOptions": options, "timeouts": { "implicit": PATIENCE_MS } });
        let opened = tab.send("POST", "/session", json!({ "capabilities": { "alwaysMatch": wanted } })).await;
        tab.session = opened["sessionId"].as_str().unwrap().to_owned();
        Some(tab)
    }

    pub(super) async fn goto(&self, url: &str) {
        self.command("POST", "url", json!({ "url": url })).await;
    }

    /// Presses the visible button with this text.
    pub(super) async fn press(&self, button: &str) {
        self.click(&format!("//button[normalize-space()='{button}']")).await;
    }

    /// Types into the visible field with this label, in the form with this id.
    pub(super) async fn fill(&self, form: &str, label: &str, text: &str) {
        let field = format!(
            "//form[@id='{form}']//label[starts-with(normalize-space(), '{label}')]/*[self::input or self::textarea]"
        );
        let field = self.find(&field).await;
        self.command("POST", &format!("element/{field}/clear"), json!({})).await;
        self.command("POST", &format!("element/{field}/value"), json!({ "text": text })).await;
    }

    /// Chooses a file in the form with this id.
    pub(super) async fn choose(&self, form: &str, file: &Path) {
        let field = self.find(&format!("//form[@id='{form}']//input[@type='file']")).await;
        let file = file.to_str().unwrap();
        self.command("POST", &format!("element/{field}/value"), json!({ "text": file })).await;
    }

    pub(super) async fn click(&self, xpath: &str) {
        let element = self.find(xpath).await;
        self.command("POST", &format!("element/{element}/click"), json!({})).await;
    }

    /// Waits until the page shows an element that itself contains this text.
    pub(super) async fn see(&self, text: &str) {
        self.find(&format!("//*[text()[contains(., '{text}')]]")).await;
    }

    /// Returns the text of the first visible element that an XPath finds.
    pub(super) async fn text(&self, xpath: &str) -> String {
        let element = self.find(xpath).await;
        text_of(&self.command("GET", &format!("element/{element}/text"), Value::Null).await)
    }

    /// Returns the text of the whole page.
    pub(super) async fn page(&self) -> String {
        text_of(&self.script("return document.body.innerText").await)
    }

    /// Runs a script on the page, and returns its result.
    pub(super) async fn script(&self, script: &str) -> Value {
        self.command("POST", "execute/sync", json!({ "script": script, "args": [] })).await
    }

    /// Returns the cookies for the page's address, including those that no script can read.
    pub(super) async fn cookies(&self) -> Vec<Value> {
        self.command("GET", "cookie", Value::Null).await.as_array().unwrap().clone()
    }

    /// Waits for a visible element.
    pub(super) async fn find(&self, xpath: &str) -> String {
        let visible = format!("{xpath}[not(ancestor-or-self::*[@hidden])]");
        let found = self.try_command("POST", "element", json!({ "using": "xpath", "value": visible })).await;
        match found {
            Ok(element) => text_of(&element[ELEMENT]),
            Err(error) => panic!("no {xpath}: {error}; the page reads:\n{}", self.page().await),
        }
    }

    async fn command(&self, method: &str, name: &str, parameters: Value) -> Value {
        let done = self.try_command(method, name, parameters).await;
        done.unwrap_or_else(|error| panic!("{method} {name}: {error}"))
    }

    async fn try_command(&self, method: &str, name: &str, parameters: Value) -> Result<Value, Value> {
        let answer = self.call(method, &format!("/session/{}/{name}", self.session), parameters).await;
        if answer["error"].is_string() { Err(answer["message"].clone()) } else { Ok(answer) }
    }

    async fn send(&self, method: &str, path: &str, parameters: Value) -> Value {
        let answer = self.call(method, path, parameters).await;
        assert!(answer["error"].is_null(), "the browser did not start: {answer}");
        answer
    }

    async fn call(&self, method: &str, path: &str, parameters: Value) -> Value {
        let call = Call::new(self.driver.address(), method, path);
        let call = if parameters.is_null() { call } else { call.json(&parameters) };
        call.send().await.json()["value"].take()
    }
}

/// Runs without a window, and without calling any vendor's servers. The sandbox does not work for root, who runs the
/// tests in containers. The browser opens only the tests' own pages.
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1100,800",
];

/// How long an element may take to appear.
const PATIENCE_MS: u32 = 30_000;

/// The key of an element's reference (WebDriver, section 11).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}
