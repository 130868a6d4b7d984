//! The example with a better-auth server: a page of its own origin, and an API that knows its users.

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _, stderr},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

use auth_tests::{program::Running, root};
use tempfile::TempDir;

use super::tab::Tab;

const PROGRAM: &str = "AUTH_TESTS_BETTER_AUTH";

/// A better-auth server with the example's page.
struct BetterAuth {
    process: Child,
    url: String,
    /// Deleted after the server has ended, so this field comes last.
    _folder: TempDir,
}

impl BetterAuth {
    /// Starts the example's server beside the packages that `scripts/services` has installed.
    fn start(api: &str) -> Option<Self> {
        let Ok(program) = env::var(PROGRAM) else {
            assert!(env::var_os("CI").is_none(), "{PROGRAM} is not set: `scripts/services run cargo test` sets it");
            let _ = writeln!(stderr(), "left out: {PROGRAM} is not set");
            return None;
        };
        let folder = TempDir::new_in(Path::new(&program).parent().unwrap()).unwrap();
        for name in ["server.mjs", "page.html", "page.js"] {
            fs::copy(root().join("examples/better-auth/server").join(name), folder.path().join(name)).unwrap();
        }
        let mut command = Command::new("node");
        command.arg(folder.path().join("server.mjs")).env("API_URL", api).env("PORT", "0");
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("better-auth is at ").unwrap().to_owned();
        Some(Self { process, url, _folder: folder })
    }
}

impl Drop for BetterAuth {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts the API, which knows the server's users and answers its page.
fn api(address: &str, server: &str) -> Running {
    Running::start(
        "better-auth-users",
        &[
            ("ENVIRONMENT", "development"),
            ("LISTEN", address),
            ("BETTER_AUTH_URL", server),
            ("COOKIE_INSECURE", "true"),
            ("ALLOWED_ORIGINS", server),
            ("CORS_ALLOW_CREDENTIALS", "true"),
            ("CSRF_TRUSTED_ORIGINS", server),
        ],
    )
}

#[tokio::test]
async fn a_person_of_better_auth_calls_the_api_by_cookie_and_by_jwt() {
    let Some(tab) = Tab::open().await else { return };
    // The page has to know the API's port before the API runs.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let Some(server) = BetterAuth::start(&format!("http://{address}")) else { return };
    let api = api(&address, &server.url);
    let answer = |beginning: &str| format!("//output[starts-with(., '{beginning}')]");

    tab.goto(&server.url).await;
    tab.press("Ask by cookie").await;
    tab.find(&answer("401 ")).await;

    tab.fill("sign-up", "Name", "Ada").await;
    tab.fill("sign-up", "E-mail", "ada@example.com").await;
    tab.fill("sign-up", "Password", "correct horse battery").await;
    tab.press("Sign up").await;
    tab.find(&answer("signed up as Ada")).await;

    tab.press("Ask by cookie").await;
    let by_cookie = tab.text(&answer("200 ")).await;
    assert!(
        by_cookie.contains(r#""email":"ada@example.com""#) && by_cookie.contains(r#""by_cookie":true"#),
        "{by_cookie}"
    );
    tab.press("Ask by JWT").await;
    let by_jwt = tab.text("//output[contains(., '\"by_cookie\":false')]").await;
    assert_eq!(by_jwt.replace("false", "true"), by_cookie, "the same person");
    tab.press("Greet").await;
    tab.find(&answer("200 Hello, Ada!")).await;

    // A page of another site causes the same request, and its cookie counts for nothing there.
    let [cookie] = &tab.cookies().await[..] else { panic!("one cookie was expected") };
    let pair = format!("{}={}", cookie["name"].as_str().unwrap(), cookie["value"].as_str().unwrap());
    let foreign = api.call("POST", "/greetings").header("cookie", &pair).header("origin", "https://evil.example");
    foreign.send().await.assert_problem(403, "cross-site");
    api.call("GET", "/people").header("cookie", &pair).send().await.assert_problem(403, "forbidden");

    tab.press("Sign out").await;
    tab.find(&answer("signed out")).await;
    tab.press("Ask by cookie").await;
    tab.find(&answer("401 ")).await;
    tab.press("Greet").await;
    tab.find(&answer("401 ")).await;
    tab.press("Ask by JWT").await;
    tab.find(&answer("failed: ")).await;

    tab.fill("sign-in", "E-mail", "ada@example.com").await;
    tab.fill("sign-in", "Password", "correct horse battery").await;
    tab.press("Sign in").await;
    tab.find(&answer("signed in as Ada")).await;
    tab.press("Ask by cookie").await;
    tab.find(&answer("200 ")).await;
}
