use super::support::{Log, app, from, secure, send};

#[tokio::test]
async fn each_request_has_an_identifier_of_its_own() {
    let app = app(&[]);
    let (one, other) = (send(&app, secure("GET", "/id")).await, send(&app, secure("GET", "/id")).await);
    for answer in [&one, &other] {
        assert_eq!(answer.field("x-request-id").as_deref(), Some(&*answer.body));
        assert_eq!(answer.body.len(), 36);
    }
    assert_ne!(one.body, other.body);
}

#[tokio::test]
async fn only_a_trusted_proxy_chooses_it() {
    let app = app(&[]);
    let long = "x".repeat(129);
    for (peer, ids, is_kept) in [
        ("10.0.0.1", &["trace-1_a.B"][..], true),
        ("192.0.2.1", &["trace-1"], false),
        ("10.0.0.1", &["a b"], false),
        ("10.0.0.1", &["a\"b"], false),
        ("10.0.0.1", &[""], false),
        ("10.0.0.1", &[&*long], false),
        ("10.0.0.1", &["one", "two"], false),
    ] {
        let request =
            ids.iter().fold(from(secure("GET", "/id"), peer), |request, id| request.header("x-request-id", *id));
        let answer = send(&app, request.header("x-forwarded-proto", "https")).await;
        assert_eq!(answer.body == ids[0], is_kept, "{peer} {ids:?}");
        assert_eq!(answer.field("x-request-id").as_deref(), Some(&*answer.body));
    }
}

#[tokio::test]
async fn problem_documents_name_it() {
    let app = app(&[]);
    for (method, path) in [("GET", "/me"), ("GET", "/nothing"), ("PUT", "/me")] {
        let answer = send(&app, secure(method, path)).await;
        assert_eq!(answer.document()["request_id"].as_str(), answer.field("x-request-id").as_deref(), "{path}");
        let length = answer.field("content-length").map(|length| length.parse::<usize>().unwrap());
        assert!(length.is_none_or(|length| length == answer.body.len()), "{path}");
    }
}

#[tokio::test]
async fn events_of_a_request_have_it() {
    let (app, log) = (app(&[]), Log::default());
    let answer = log.of(send(&app, secure("GET", "/me"))).await;
    let span =
        format!("request{{http.request.method=\"GET\" request_id=\"{}\"}}", answer.field("x-request-id").unwrap());
    let refused = log.text().lines().find(|line| line.contains("auth_runtime::guard")).map(str::to_owned).unwrap();
    assert!(refused.contains(&span), "{refused}");
}
