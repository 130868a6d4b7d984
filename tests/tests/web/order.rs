//! The order of the layers: in the documents, in the code, and in what a client sees.

use auth_tests::{read, root};

use super::support::{PAGE, app, plain, problem, secure, send};

/// The layers from the outside, as the code and the table in ARCHITECTURE.md name them.
const ORDER: [&str; 9] = [
    "RequestIds",
    "tracing_layer",
    "SecurityHeaders",
    "RequireHttps",
    "AllowedHosts",
    "Cors",
    "CatchPanics",
    "Deadline",
    "BodyLimit",
];

#[test]
fn the_table_and_the_code_have_the_same_order() {
    let page = read(&root().join("ARCHITECTURE.md"));
    let (_, table) = page.split_once("| layer | why it stands there |\n|---|---|\n").unwrap();
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    let named: Vec<_> = rows.map(|row| row.split('`').nth(1).unwrap().to_owned()).collect();
    assert_eq!(named, ORDER);
    let code = read(&root().join("auth-runtime/src/web/order.rs"));
    let (_, stack) = code.split_once("ServiceBuilder::new()").unwrap();
    let stack = stack.split(".service(router)").next().unwrap();
    let words = [
        "RequestIds::",
        "tracing_layer(",
        "headers",
        "https.off",
        "AllowedHosts::",
        "layer(cors)",
        "CatchPanics::",
        "Deadline::",
        "BodyLimit::",
    ];
    let places: Vec<_> = words.iter().map(|word| stack.find(word).unwrap_or_else(|| panic!("{word}"))).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert_eq!(stack.matches(".layer(").count(), ORDER.len() + 1, "one more puts bodies into axum's type");
}

/// Each request breaks the rules of two neighbours. The outer one answers; the layers around it complete the answer.
#[tokio::test]
async fn the_outer_of_two_rules_answers() {
    let app = app(&[]);
    let preflight = |host: &str, origin: &str| {
        plain("OPTIONS", "/me")
            .header("host", host)
            .header("origin", origin)
            .header("access-control-request-method", "GET")
    };
    // HTTPS before hosts: a request in clear text is refused for every host.
    assert_eq!(
        send(&app, plain("POST", "/me").header("host", "evil.example")).await.problem(),
        problem(403, "https-required")
    );
    // Hosts before CORS: a preflight request for another host is not answered.
    let foreign = preflight("evil.example", PAGE).extension(auth_runtime::web::EncryptedConnection);
    assert_eq!(send(&app, foreign).await.problem(), problem(421, "host-unknown"));
    // CORS before the limit of bodies and the guard: a page can read both refusals.
    let large = secure("POST", "/echo").header("origin", PAGE).header("content-length", "99999999");
    for answer in [send(&app, large).await, send(&app, secure("GET", "/me").header("origin", PAGE)).await] {
        assert_eq!(answer.field("access-control-allow-origin").as_deref(), Some(PAGE));
        assert!(answer.field("content-security-policy").is_some() && answer.field("x-request-id").is_some());
    }
    // The guard before the limit of bodies, which ends a body when it is read: nothing of an anonymous caller's is.
    let large = secure("DELETE", "/me").header("content-length", "99999999");
    assert_eq!(send(&app, large).await.problem(), problem(401, "unauthenticated"));
}
