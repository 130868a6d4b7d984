use auth_tests::program::Running;
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

#[tokio::test]
async fn pages_and_answers_carry_the_policy_of_their_content() {
    let application = Application::start();
    for path in ["/", "/keys", "/page.js", "/page.css", "/motto", "/auth/me", "/auth/sessions"] {
        let answer = application.call("GET", path).send().await;
        assert!(answer.header("content-security-policy").starts_with("default-src 'self';"), "{path}: {answer:?}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
    application.call("GET", "/motto").send().await.assert_problem(401, "unauthenticated");
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

/// Plain HTTP is allowed only on a developer's machine.
#[tokio::test]
async fn in_production_the_cookie_is_a_secure_one() {
    let secret = "kD0v9yqXb2m4Jt7Zr1sLw8aEcU5nHf3gPiQo6TjRxYV";
    let production = [
        ("ENVIRONMENT", "production"),
        ("SECRET_KEY", secret),
        ("ISSUER", "https://app.example.com"),
        ("AUDIENCE", "https://app.example.com"),
    ];
    let server = Running::start("sessions", &production);
    let alice = json!({ "username": "alice", "email": "alice@example.org", "password": PASSWORD });
    assert_eq!(server.post("/auth/register").json(&alice).send().await.status, 201);
    let call = server.post("/auth/session").header("sec-fetch-site", "same-origin");
    let signed_in = call.json(&json!({ "username": "alice", "password": PASSWORD })).send().await;
    let cookie = signed_in.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-session=") && cookie.contains("; Secure; HttpOnly; SameSite=Lax"),
        "{signed_in:?}"
    );
}
