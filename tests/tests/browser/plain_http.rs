use auth_tests::{http::assert_hardened, postgres::database, program::Running};
use serde_json::json;

use super::application::{Application, PASSWORD, cookie_of};

#[tokio::test]
async fn a_cookie_signs_in_and_lists_its_session() {
    let application = Application::start();
    application.register("alice").await;
    let signed_in = application.sign_in("alice", "my laptop", "a browser").await;
    assert_eq!(signed_in.status, 200, "{signed_in:?}");
    assert_eq!(signed_in.json()["username"], "alice");
    assert!(signed_in.header("set-cookie").starts_with("auth-runtime-session="), "{signed_in:?}");
    let cookie = cookie_of(&signed_in);

    let sessions = application.get("/auth/sessions", &cookie).await.json();
    let [session] = sessions.as_array().unwrap().as_slice() else { panic!("{sessions}") };
    assert_eq!((&session["current"], &session["kind"]), (&true.into(), &"cookie".into()));
    assert_eq!((&session["device"], &session["user_agent"]), (&"my laptop".into(), &"a browser".into()));

    // A request with a cookie but without `Sec-Fetch-Site` and `Origin` cannot come from our pages.
    let logout = || application.call("POST", "/auth/logout").header("cookie", &cookie);
    logout().send().await.assert_problem(403, "cross-site");
    logout().header("origin", "http://evil.example").send().await.assert_problem(403, "cross-site");
    assert_eq!(application.get("/auth/me", &cookie).await.status, 200);
    let ended = logout().header("origin", &application.url("")).send().await;
    assert_eq!(ended.status, 204, "{ended:?}");
    assert!(ended.header("set-cookie").starts_with("auth-runtime-session=; Path=/; Max-Age=0"), "{ended:?}");
    application.get("/auth/me", &cookie).await.assert_problem(401, "unauthenticated");
}

/// The page with typed text in its markup may do less than the others, and its style has the nonce of this answer.
#[tokio::test]
async fn the_page_to_print_has_a_policy_of_its_own() {
    let application = Application::start();
    application.register("alice").await;
    application.get("/motto/print", "").await.assert_problem(401, "unauthenticated");
    let cookie = cookie_of(&application.sign_in("alice", "my laptop", "a browser").await);
    let motto = "motto=%7Bnonce%7D+%3Cscript%3Ealert%281%29%3C%2Fscript%3E";
    let set = application.call("POST", "/motto").header("cookie", &cookie).header("origin", &application.url(""));
    assert_eq!(set.body("application/x-www-form-urlencoded", motto).send().await.status, 303);

    let mut nonces = Vec::new();
    for _ in 0..2 {
        let page = application.get("/motto/print", &cookie).await;
        assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{page:?}");
        let nonce = page.body.split_once("<style nonce=\"").unwrap().1.split_once('"').unwrap().0;
        let policy = page.header("content-security-policy");
        for directive in
            ["script-src 'none'", &format!("style-src 'nonce-{nonce}'"), "img-src 'none'", "base-uri 'none'"]
        {
            assert!(policy.split("; ").any(|known| known == directive), "{directive}: {policy}");
        }
        assert!(page.body.contains("<p>{nonce} &lt;script&gt;alert(1)&lt;/script&gt;</p>"), "{page:?}");
        nonces.push(nonce.to_owned());
    }
    assert_ne!(nonces[0], nonces[1]);
    let others = application.get("/", &cookie).await;
    assert!(!others.header("content-security-policy").contains("script-src 'none'"), "{others:?}");
}

/// The cookie, its session and the application's own table.
#[tokio::test]
async fn database_url_moves_the_example_to_postgresql() {
    let Some(url) = database("sessions").await else { return };
    let application = Application::start_with(&[("DATABASE_URL", &url)]);
    application.register("alice").await;
    let cookie = cookie_of(&application.sign_in("alice", "my laptop", "a browser").await);
    for motto in ["memento mori", "carpe \"diem\""] {
        let set = application.call("POST", "/motto").header("cookie", &cookie).header("origin", &application.url(""));
        let set = set.form(&[("motto", motto)]).send().await;
        assert_eq!(set.status, 303, "{set:?}");
        assert_eq!(application.get("/motto", &cookie).await.json(), json!({ "motto": motto }));
    }
    assert_eq!(application.get("/auth/sessions", &cookie).await.json().as_array().unwrap().len(), 1);
}

/// The answers of each kind, from the pages to the refusals of the layers.
#[tokio::test]
async fn every_answer_has_the_headers_for_browsers() {
    let application = Application::start_with(&[("MAX_BODY_BYTES", "1024"), ("COOKIE_INSECURE", "true")]);
    application.register("alice").await;
    let large = "x".repeat(2_000);
    for (method, path, body, status) in [
        ("GET", "/", "", 200),
        ("GET", "/page.js", "", 200),
        ("GET", "/page.css", "", 200),
        ("GET", "/motto", "", 401),
        ("POST", "/auth/session", "{}", 403),
        ("GET", "/none", "", 404),
        ("DELETE", "/motto", "", 405),
        ("POST", "/auth/register", &large, 413),
        ("POST", "/auth/register", "{}", 422),
    ] {
        let answer = application.call(method, path).body("application/json", body).send().await;
        assert_eq!(answer.status, status, "{method} {path}: {answer:?}");
        assert_hardened(&answer, "default-src 'self';");
    }
    let mut last = application.sign_in("alice", "", "").await;
    while last.status != 429 {
        assert_hardened(&last, "default-src 'self';");
        last = application.call("POST", "/auth/register").body("application/json", "{}").send().await;
    }
    assert_hardened(&last, "default-src 'self';");
}

#[test]
fn the_matrix_shows_what_each_credential_is_for() {
    let application = Application::start();
    let line = |start: &str| {
        let found = application.greeting().lines().find(|line| line.split_whitespace().take(2).eq(start.split(' ')));
        found.unwrap_or_else(|| panic!("no {start} in\n{}", application.greeting())).to_owned()
    };
    for (route, words) in [
        ("GET /", "everyone"),
        ("POST /motto", "session"),
        ("GET /api/motto", "api_key"),
        ("POST /auth/session", "everyone"),
        ("DELETE /auth/sessions/{id}", "bearer, session"),
    ] {
        assert!(line(route).contains(words), "{words} in {}", line(route));
    }
}

/// In production the program answers over HTTPS only, here as a proxy reports it.
#[tokio::test]
async fn in_production_the_cookie_is_a_secure_one() {
    let production = [
        ("ENVIRONMENT", "production"),
        ("SECRET_KEY", "kD0v9yqXb2m4Jt7Zr1sLw8aEcU5nHf3gPiQo6TjRxYV"),
        ("ISSUER", "https://app.example.com"),
        ("AUDIENCE", "https://app.example.com"),
        // The proxy's own requests name an internal host.
        ("ALLOWED_HOSTS", "app.example.com,127.0.0.1"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let server = Running::start("sessions", &production);
    server.post("/auth/register").from("192.0.2.1").send().await.assert_problem(403, "https-required");
    let post = |path: &str| {
        let call = server.post(path).from("192.0.2.1").header("x-forwarded-proto", "https");
        call.header("x-forwarded-host", "app.example.com").header("sec-fetch-site", "same-origin")
    };
    let alice = json!({ "username": "alice", "email": "alice@example.org", "password": PASSWORD });
    assert_eq!(post("/auth/register").json(&alice).send().await.status, 201);
    let signed_in = post("/auth/session").json(&json!({ "username": "alice", "password": PASSWORD })).send().await;
    let cookie = signed_in.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-session=") && cookie.contains("; Secure; HttpOnly; SameSite=Lax"),
        "{signed_in:?}"
    );
    assert_eq!(signed_in.header("strict-transport-security"), "max-age=63072000; includeSubDomains");
}
