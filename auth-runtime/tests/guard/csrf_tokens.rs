use std::collections::HashMap;

use auth_runtime::{
    Guard, GuardedRouter, Policy, assert_denied,
    guard::{CsrfForm, CsrfToken},
    routing::{get, post},
    testing::TestIdentity,
};
use axum::{Router, body::Body, http::Request, response::Response};
use tower::ServiceExt;

use super::{
    signed_in::SignedIn,
    support::{code, events, policy, text},
};

policy!(Page = Policy::protected("page"));
policy!(Checked = Policy::protected("checked"));
policy!(Exempt = Policy::protected("exempt").with_csrf_exemption("the form carries a token"));

async fn page(_: Guard<Page>, token: CsrfToken, again: Option<CsrfToken>) -> String {
    assert_ne!(token.as_str(), again.unwrap().as_str(), "the same token twice");
    assert_eq!(format!("{token:?}"), "CsrfToken(..)");
    token.to_string()
}

async fn perhaps(_: Guard<Page>, token: Option<CsrfToken>) -> String {
    token.map_or_else(|| "none".to_owned(), |token| token.to_string())
}

async fn checked(_: Guard<Checked>) -> &'static str {
    "done"
}

type Fields = HashMap<String, String>;

async fn form(_: Guard<Exempt>, CsrfForm(fields): CsrfForm<Fields>) -> String {
    let mut fields: Vec<_> = fields.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    fields.sort();
    fields.join("&")
}

fn app(world: &SignedIn) -> Router {
    let router = GuardedRouter::new()
        .route("/page", get(page))
        .route("/perhaps", get(perhaps))
        .route("/checked", post(checked))
        .route("/form", post(form));
    router.with_state(world.auth.clone()).into_router()
}

async fn send(app: &Router, method: &str, path: &str, fields: &[(&str, &str)], body: &str) -> Response {
    let mut request = Request::builder().method(method).uri(path).header("host", "api.example.com");
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    app.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap()
}

async fn token_of(app: &Router, cookie: &str) -> String {
    text(send(app, "GET", "/page", &[("cookie", cookie)], "").await).await
}

#[tokio::test]
async fn a_token_of_the_session_stands_in_for_missing_headers() {
    let (mine, others) = (SignedIn::new().await, SignedIn::new().await);
    let (app, cookie) = (app(&mine), mine.cookie());
    let token = token_of(&app, &cookie).await;
    let foreign = token_of(&self::app(&others), &others.cookie()).await;
    let with = async |fields: &[(&str, &str)]| {
        let fields = [&[("cookie", cookie.as_str())][..], fields].concat();
        send(&app, "POST", "/checked", &fields, "").await.status().as_u16()
    };
    assert_eq!(with(&[("x-csrf-token", &token)]).await, 200);
    assert_eq!(with(&[]).await, 403);
    assert_eq!(with(&[("x-csrf-token", &foreign)]).await, 403);
    assert_eq!(with(&[("x-csrf-token", "naive"), ("cookie", "csrf_token=naive")]).await, 403);
    assert_eq!(with(&[("x-csrf-token", &token), ("sec-fetch-site", "cross-site")]).await, 403);
}

#[tokio::test]
async fn a_form_carries_its_token_and_keeps_it_to_itself() {
    let world = SignedIn::new().await;
    let (app, cookie) = (app(&world), world.cookie());
    let token = token_of(&app, &cookie).await;
    let fields = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let post = async |body: &str| send(&app, "POST", "/form", &fields, body).await;
    let answer = post(&format!("to=bob&csrf_token={token}&text=a%26b+c")).await;
    assert_eq!(text(answer).await, "text=a&b c&to=bob");
    for body in [
        "to=bob".to_owned(),
        "to=bob&csrf_token=".to_owned(),
        format!("to=bob&csrf_token={}", "A".repeat(64)),
        format!("csrf_token={token}&csrf_token={token}"),
        format!("csrf%5Ftoken={token}"),
    ] {
        let response = post(&body).await;
        assert_denied!(response, 403);
        assert_eq!(code(response).await, "cross-site", "{body}");
    }
}

/// A page that shows its form again must not take a form without its token for a typing error.
#[cfg(feature = "validation")]
#[tokio::test]
async fn a_page_can_tell_an_invalid_form_from_one_of_another_site() {
    use auth_runtime::validate::{InvalidCsrfForm, Valid};
    use axum::response::IntoResponse as _;

    #[derive(serde::Deserialize, validator::Validate)]
    struct Transfer {
        #[validate(length(min = 2))]
        to: String,
    }
    type Sent = Result<Valid<CsrfForm<Transfer>>, InvalidCsrfForm>;
    let transfer = async |sent: Sent| match sent {
        Ok(Valid(CsrfForm(transfer))) => transfer.to.into_response(),
        Err(InvalidCsrfForm::Invalid(invalid)) => {
            let messages: Vec<_> = invalid.messages("to").collect();
            format!("{} [{}] [{}]", messages.join(", "), invalid.typed("to"), invalid.typed("csrf_token"))
                .into_response()
        }
        Err(other) => other.into_response(),
    };
    let world = SignedIn::new().await;
    let cookie = world.cookie();
    let token = token_of(&app(&world), &cookie).await;
    let app = Router::new().route("/", axum::routing::post(transfer)).with_state(world.auth.clone());
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let fields = [("cookie", cookie.as_str()), kind, ("sec-fetch-site", "same-origin")];
    let post = async |body: &str| send(&app, "POST", "/", &fields, body).await;
    assert_eq!(text(post(&format!("to=bob&csrf_token={token}")).await).await, "bob");
    let again = text(post(&format!("to=b&csrf_token={token}")).await).await;
    assert_eq!(again, "must have a length of at least 2 [b] []");
    let response = post("to=b&csrf_token=x").await;
    assert_denied!(response, 403);
    assert_eq!(code(response).await, "cross-site");
}

#[tokio::test]
async fn a_token_is_asked_only_of_callers_with_a_cookie() {
    let world = SignedIn::new().await;
    let app = app(&world);
    let bearer = TestIdentity::user("alice").bearer(&world.auth);
    let fields = [("authorization", bearer.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(text(send(&app, "POST", "/form", &fields, "to=bob").await).await, "to=bob");
    assert_denied!(send(&app, "POST", "/form", &fields[1..], "to=bob").await, 401);
    // Without a session there is no token to sign.
    let response = send(&app, "GET", "/page", &fields, "").await;
    assert_denied!(response, 403);
    assert_eq!(code(response).await, "credential-kind");
    assert_eq!(text(send(&app, "GET", "/perhaps", &fields, "").await).await, "none");
}

#[tokio::test]
async fn a_bad_token_is_no_missing_one_and_a_dead_cookie_is() {
    let world = SignedIn::new().await;
    let public = Router::new()
        .route("/", axum::routing::get(async |token: Option<CsrfToken>| token.map_or("none", |_| "some")))
        .with_state(world.auth.clone());
    let alice = TestIdentity::user(&world.alice.id);
    for token in [alice.clone().forged(), alice.expired()] {
        let token = token.bearer(&world.auth);
        assert_denied!(send(&public, "GET", "/", &[("authorization", &token)], "").await, 401);
    }
    let dead = format!("__Host-session={}", "A".repeat(43));
    for (cookie, expected) in [(dead.as_str(), "none"), ("__Host-session=", "none"), (&world.cookie(), "some")] {
        assert_eq!(text(send(&public, "GET", "/", &[("cookie", cookie)], "").await).await, expected);
    }
    let (app, own) = (app(&world), world.cookie());
    let token = token_of(&app, &own).await;
    let dead = [("cookie", dead.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let response = send(&app, "POST", "/form", &dead, &format!("csrf_token={token}")).await;
    assert_eq!(code(response).await, "unauthenticated");
}

#[tokio::test]
async fn another_media_type_is_415_with_or_without_a_good_token() {
    let world = SignedIn::new().await;
    let (app, cookie) = (app(&world), world.cookie());
    let token = token_of(&app, &cookie).await;
    for media_type in [None, Some("text/plain"), Some("application/json"), Some("multipart/form-data; boundary=x")] {
        let mut fields = vec![("cookie", cookie.as_str())];
        fields.extend(media_type.map(|media_type| ("content-type", media_type)));
        for body in [format!("csrf_token={token}"), "csrf_token=x".to_owned(), String::new()] {
            let response = send(&app, "POST", "/form", &fields, &body).await;
            assert_eq!(response.status(), 415, "{media_type:?} {body}");
            assert_eq!(code(response).await, "unsupported-media-type", "{media_type:?}");
        }
    }
    let fields = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
    assert_eq!(send(&app, "POST", "/form", &fields, &format!("csrf_token={token}")).await.status(), 200);
}

/// A request's path, fields and body, the reason in the event, and words of the answer.
type Case<'a> = (&'a str, Vec<(&'a str, &'a str)>, String, &'a str, &'a str);

/// Each fault of a token has its own message, for the page's author and for the operator.
#[tokio::test]
async fn answers_state_the_fault_of_a_csrf_token() {
    let world = SignedIn::new().await;
    let (app, cookie) = (app(&world), world.cookie());
    let token = token_of(&app, &cookie).await;
    let (wrong, twice) = ("A".repeat(64), format!("csrf_token={token}&csrf_token={token}"));
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let cases: [Case<'_>; 6] = [
        ("/form", vec![kind], "to=bob".to_owned(), "csrf_field_missing", "The form has no field `csrf_token`."),
        ("/form", vec![kind], format!("csrf_token={wrong}"), "csrf_field", "no token of this session"),
        ("/form", vec![kind], twice, "csrf_field_twice", "more than one field `csrf_token`"),
        ("/checked", vec![], String::new(), "no_origin", "none of the headers"),
        ("/checked", vec![("x-csrf-token", &wrong)], String::new(), "csrf_token", "no token of this session"),
        (
            "/checked",
            vec![("x-csrf-token", &token), ("x-csrf-token", &token)],
            String::new(),
            "csrf_token_twice",
            "`X-CSRF-Token` is there twice",
        ),
    ];
    let mut details = std::collections::HashSet::new();
    for (path, mut fields, body, reason, words) in cases {
        fields.push(("cookie", cookie.as_str()));
        let mut answer = String::new();
        let log = events(async {
            let response = send(&app, "POST", path, &fields, &body).await;
            assert_denied!(response, 403);
            answer = text(response).await;
        })
        .await;
        assert!(log.contains(&format!("reason=\"{reason}\"")), "{log}");
        let problem: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(problem["code"], "cross-site", "{problem}");
        assert_eq!(problem["title"], "The request comes from another site.", "{problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{detail}");
        assert!(details.insert(detail.to_owned()), "two faults with the same words: {detail}");
        assert!(!answer.contains(&token) && !answer.contains(&wrong), "{answer}");
    }
    // The answer to another site's request gives no advice.
    let hostile = [("cookie", cookie.as_str()), ("sec-fetch-site", "cross-site")];
    let answer = text(send(&app, "POST", "/checked", &hostile, "").await).await;
    assert!(!answer.contains("detail"), "{answer}");
}
