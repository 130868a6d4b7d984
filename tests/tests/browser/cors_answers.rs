//! What a page of another origin reads of refusals, and where the browser keeps an answer from it.

use serde_json::{Value, json};

use super::{other_site::OtherSite, service::Service, tab::Tab};

/// Refusals by the guard, the router, the layers and a panic.
const REFUSALS: [(&str, &str, u16, &str); 8] = [
    ("GET", "/me", 401, "unauthenticated"),
    ("GET", "/admin", 403, "forbidden"),
    ("GET", "/nothing", 404, "not-found"),
    ("POST", "/me", 405, "method-not-allowed"),
    // A path that no route has is asked for by each method that there is, so that a page learns of its mistake.
    ("PATCH", "/nothing", 404, "not-found"),
    ("POST", "/target", 413, "payload-too-large"),
    ("GET", "/limited", 429, "quota-exceeded"),
    ("GET", "/panic", 500, "internal"),
];

#[tokio::test]
async fn an_allowed_page_reads_refusals_with_their_fields() {
    let Some(tab) = Tab::open().await else { return };
    let page = OtherSite::start().await;
    let service = Service::start(&[("ALLOWED_ORIGINS", &page.cross_site()), ("MAX_BODY_BYTES", "1024")]).await;
    tab.goto(&page.cross_site()).await;
    let limited = service.url("/limited");
    assert_eq!(tab.script(&format!("return fetch('{limited}').then((answer) => answer.status)")).await, 200);
    for (method, path, status, code) in REFUSALS {
        let authorization = if path == "/admin" { format!("Bearer {}", service.token()) } else { String::new() };
        let headers = if authorization.is_empty() { json!({}) } else { json!({ "authorization": authorization }) };
        let options = json!({ "method": method, "headers": headers });
        let body = if status == 413 { "'x'.repeat(5000)" } else { "undefined" };
        let script = format!(
            "return fetch('{}', {{ ...{options}, body: {body} }}).then(async (answer) => ({{ \
               status: answer.status, document: await answer.json(), fields: Object.fromEntries(answer.headers) }}))",
            service.url(path)
        );
        let answer = tab.script(&script).await;
        let (document, fields) = (&answer["document"], &answer["fields"]);
        assert_eq!(
            (&answer["status"], &document["code"], &document["status"]),
            (&status.into(), &code.into(), &status.into()),
            "{method} {path}: {answer}"
        );
        assert!(fields["x-request-id"].is_string(), "{path}: {answer}");
        assert_eq!(document["request_id"], fields["x-request-id"], "{path}");
        if status == 429 {
            assert!(fields["retry-after"].is_string() && fields["ratelimit-policy"].is_string(), "{answer}");
        }
        assert_eq!(fields["content-security-policy"], Value::Null, "{path}: it is not exposed");
    }
}

#[tokio::test]
async fn an_opaque_origin_reads_nothing() {
    let Some(tab) = Tab::open().await else { return };
    let page = OtherSite::start().await;
    let credentials = ("CORS_ALLOW_CREDENTIALS", "true");
    let service = Service::start(&[("ALLOWED_ORIGINS", &page.cross_site()), credentials]).await;
    tab.goto(&page.cross_site()).await;
    for (number, (frame, method, is_handled)) in [
        ("f.sandbox = 'allow-scripts'; f.srcdoc = html;", "GET", true),
        ("f.sandbox = 'allow-scripts'; f.srcdoc = html;", "PUT", false),
        ("f.src = 'data:text/html,' + encodeURIComponent(html);", "GET", true),
        ("f.src = 'data:text/html,' + encodeURIComponent(html);", "PUT", false),
    ]
    .into_iter()
    .enumerate()
    {
        let target = service.url(&format!("/target?case={number}"));
        let options = json!({ "method": method, "credentials": "include" });
        let script = format!(
            "const told = new Promise((resolve) => addEventListener('message', (event) => resolve(event.data))); \
             const f = document.createElement('iframe'); \
             const html = `<script>fetch('{target}', {options}) \
               .then(() => 'read', () => 'blocked').then((word) => parent.postMessage(origin + ' ' + word, '*'))<` + \
               `/script>`; \
             {frame} document.body.append(f); return told",
        );
        assert_eq!(tab.script(&script).await, "null blocked", "{frame} {method}");
        assert_eq!(service.seen.case(number).0, is_handled, "{frame} {method}");
    }
}

/// The browser sends `Origin: null` after a redirect from one foreign origin to another: the page has not chosen the
/// second one.
#[tokio::test]
async fn a_redirect_to_a_third_origin_is_not_read() {
    let Some(tab) = Tab::open().await else { return };
    let page = OtherSite::start().await;
    let settings = [("ALLOWED_ORIGINS", page.cross_site())];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let (first, second) = (Service::start(&settings).await, Service::start(&settings).await);
    tab.goto(&page.cross_site()).await;
    let target = |service: &Service| service.url("/target");
    for (from, to, method, outcome) in [
        (first.url("/go"), target(&first), "GET", "reached"),
        (first.url("/go"), target(&first), "PUT", "reached"),
        (format!("{}/go", page.cross_site()), target(&first), "GET", "reached"),
        (first.url("/go"), target(&second), "GET", "blocked"),
        (first.url("/go"), target(&second), "PUT", "blocked"),
        // The page reads no redirect of a service that does not allow it, wherever it leads.
        (format!("{}/go", OtherSite::start().await.cross_site()), target(&first), "GET", "blocked"),
    ] {
        let script = format!(
            "return fetch('{from}?to={to}', {{ method: '{method}' }}).then((answer) => answer.text(), () => 'blocked')"
        );
        assert_eq!(tab.script(&script).await, outcome, "{method} {from} to {to}");
    }
}
