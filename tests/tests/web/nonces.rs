use auth_runtime::web::{Csp, Hardened, Hardening, SecurityHeaders};

use super::support::{Answer, routes, secure, send, settings};

fn app() -> Hardened {
    let headers = SecurityHeaders::html().csp(Csp::html().strict_dynamic());
    Hardening::from_settings(&settings(&[])).security_headers(headers).wrap(routes().0).unwrap()
}

fn nonce(answer: &Answer) -> String {
    answer.body.split('"').nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn each_page_has_a_nonce_of_its_own_and_is_not_stored() {
    let app = app();
    let (one, other) = (send(&app, secure("GET", "/page")).await, send(&app, secure("GET", "/page")).await);
    for answer in [&one, &other] {
        let nonce = nonce(answer);
        assert_eq!(nonce.len(), 22);
        let policy = answer.field("content-security-policy").unwrap();
        assert!(policy.contains(&format!("script-src 'nonce-{nonce}' 'strict-dynamic'")), "{policy}");
        assert_eq!(answer.field("cache-control").as_deref(), Some("no-store"), "although the page says public");
    }
    assert_ne!(nonce(&one), nonce(&other));
}

#[tokio::test]
async fn an_answer_without_a_nonce_names_none_and_stays_cacheable() {
    let answer = send(&app(), secure("GET", "/health")).await;
    let policy = answer.field("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'strict-dynamic';") && !policy.contains("nonce"), "{policy}");
    assert_eq!(answer.field("cache-control"), None);
}
