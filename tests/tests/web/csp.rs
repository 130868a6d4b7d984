//! What `#[csp]` changes on the answers of one handler, and where it does not count.

use auth_runtime::{
    HasPolicy, Policy,
    error::{Failure, Problem},
    policy::{CspDirective, CspOverride},
    prelude::*,
    testing::{TestAuth, TestIdentity},
    web::{Csp, CspNonce, Directive, Hardened, Hardening, SecurityHeaders, Source},
};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header::CONTENT_SECURITY_POLICY},
    middleware::map_response,
    response::{Html, IntoResponse, Response},
};
use tower::ServiceExt;

use super::support::{Answer, Log, secure, send, settings};

const API: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const CHANGED: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; \
                       img-src 'self' https://images.example.com";

#[public]
async fn plain() -> &'static str {
    "plain"
}

#[protected]
#[rate_limit(3/hour)]
#[csp(img_src(self, "https://images.example.com"), frame_ancestors(self))]
async fn page() -> Html<&'static str> {
    Html("page")
}

#[public]
#[csp(script_src(nonce), frame_ancestors("https://partner.example.com"))]
async fn script(nonce: Option<CspNonce>) -> String {
    nonce.map(|nonce| nonce.to_string()).unwrap_or_default()
}

#[public]
#[csp(script_src(nonce))]
async fn no_nonce() {}

#[public]
async fn nonce_of_none(_nonce: CspNonce) {}

#[public]
#[csp(img_src("*"), frame_ancestors(self))]
async fn fails(Path(how): Path<String>) -> Result<Html<&'static str>, Response> {
    match how.as_str() {
        "form" => Err((StatusCode::UNPROCESSABLE_ENTITY, Html("the form again")).into_response()),
        "problem" => Err(Problem::new(StatusCode::CONFLICT, "taken", "The name is taken.").into_response()),
        "failure" => Err(Failure::from(std::io::Error::other("the disk is full")).into_response()),
        "panic" => panic!("a mistake"),
        _ => Ok(Html("page")),
    }
}

#[public]
#[csp(img_src(self))]
async fn own_field() -> impl IntoResponse {
    ([(CONTENT_SECURITY_POLICY, "default-src 'self'")], "mine")
}

struct ByHand;

impl HasPolicy for ByHand {
    const POLICY: Policy =
        Policy::public("by_hand").with_csp(&CspOverride::new(&[CspDirective::new("sandbox", &["allow-forms"])]));
    type Checks = ();
}

async fn by_hand(_: Guard<ByHand>) {}

fn routes() -> (GuardedRouter, TestAuth) {
    let auth = TestAuth::new();
    let routes = GuardedRouter::new()
        .route("/plain", get(plain))
        .route("/page", get(page))
        .route("/script", get(script))
        .route("/no-nonce", get(no_nonce))
        .route("/nonce-of-none", get(nonce_of_none))
        .route("/fails/{how}", get(fails))
        .route("/own-field", get(own_field))
        .route("/by-hand", get(by_hand))
        .with_state(auth.auth.clone());
    (routes, auth)
}

fn under(headers: SecurityHeaders) -> (Hardened, TestAuth) {
    let (routes, auth) = routes();
    (Hardening::from_settings(&settings(&[])).security_headers(headers).wrap(routes).unwrap(), auth)
}

fn csp(answer: &Answer) -> String {
    answer.field("content-security-policy").unwrap()
}

#[tokio::test]
async fn a_handler_changes_its_directives_and_no_other_handler() {
    let (app, auth) = under(SecurityHeaders::api());
    let bearer = TestIdentity::user("alice").bearer(&auth.auth);
    let answer = send(&app, secure("GET", "/page").header("authorization", &bearer)).await;
    assert_eq!((answer.status.as_u16(), csp(&answer).as_str()), (200, CHANGED));
    assert_eq!(answer.field("x-frame-options").as_deref(), Some("SAMEORIGIN"));
    assert_eq!(answer.field("cache-control").as_deref(), Some("no-store"));
    let other = send(&app, secure("GET", "/plain")).await;
    assert_eq!((csp(&other).as_str(), other.field("x-frame-options").as_deref()), (API, Some("DENY")));
    let by_hand = send(&app, secure("GET", "/by-hand")).await;
    assert_eq!(csp(&by_hand), format!("{API}; sandbox allow-forms"));
}

#[tokio::test]
async fn a_directive_takes_the_place_of_the_services() {
    let (app, auth) = under(SecurityHeaders::html());
    let bearer = TestIdentity::user("alice").bearer(&auth.auth);
    let answer = send(&app, secure("GET", "/page").header("authorization", &bearer)).await;
    assert_eq!(
        csp(&answer),
        "default-src 'self'; script-src 'none'; style-src 'self'; img-src 'self' https://images.example.com; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    );
}

#[tokio::test]
async fn a_nonce_of_the_handler_is_fresh_and_never_stored() {
    for headers in [SecurityHeaders::api(), SecurityHeaders::html()] {
        let (app, _) = under(headers);
        let (one, other) = (send(&app, secure("GET", "/script")).await, send(&app, secure("GET", "/script")).await);
        for answer in [&one, &other] {
            assert_eq!(answer.body.len(), 22);
            assert!(csp(answer).contains(&format!("script-src 'nonce-{}'", answer.body)), "{}", csp(answer));
            assert_eq!(answer.field("cache-control").as_deref(), Some("no-store"));
            // The old field cannot name a host.
            assert_eq!(answer.field("x-frame-options"), None);
        }
        assert_ne!(one.body, other.body);
    }
}

#[tokio::test]
async fn without_a_nonce_the_handler_runs_no_script_and_other_handlers_have_none() {
    let (app, _) = under(SecurityHeaders::api());
    let answer = send(&app, secure("GET", "/no-nonce")).await;
    assert_eq!((csp(&answer), answer.field("cache-control")), (format!("{API}; script-src 'none'"), None));
    assert_eq!(send(&app, secure("GET", "/nonce-of-none")).await.status.as_u16(), 500);
}

#[tokio::test]
async fn refusals_and_errors_keep_the_services_policy() {
    let (app, auth) = under(SecurityHeaders::api());
    let anonymous = send(&app, secure("GET", "/page")).await;
    assert_eq!((anonymous.status.as_u16(), csp(&anonymous).as_str()), (401, API));
    let bearer = TestIdentity::user("alice").bearer(&auth.auth);
    let page = async || send(&app, secure("GET", "/page").header("authorization", &bearer)).await;
    for (status, policy) in [(200, CHANGED), (200, CHANGED), (200, CHANGED), (429, API)] {
        let answer = page().await;
        assert_eq!((answer.status.as_u16(), csp(&answer).as_str()), (status, policy));
    }
    let own = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; img-src *";
    for (how, status, policy, frames) in [
        ("ok", 200, own, "SAMEORIGIN"),
        ("form", 422, own, "SAMEORIGIN"),
        ("problem", 409, API, "DENY"),
        ("failure", 500, API, "DENY"),
        ("panic", 500, API, "DENY"),
    ] {
        let answer = send(&app, secure("GET", &format!("/fails/{how}"))).await;
        assert_eq!((answer.status.as_u16(), csp(&answer).as_str()), (status, policy), "{how}");
        assert_eq!(answer.field("x-frame-options").as_deref(), Some(frames), "{how}");
    }
}

/// This page comes in place of the handler, which did not run.
#[tokio::test]
async fn a_page_that_a_layer_shows_to_a_refused_caller_keeps_the_services_policy() {
    async fn sign_in_page(answer: Response) -> Response {
        if answer.status() == 401 { (StatusCode::UNAUTHORIZED, Html("sign in")).into_response() } else { answer }
    }
    let (routes, auth) = routes();
    let app: Router = routes.layer(map_response(sign_in_page)).layer(SecurityHeaders::api()).into_router();
    let answer = Answer::of(app.clone().oneshot(request("/page")).await.unwrap()).await;
    assert_eq!((answer.status.as_u16(), csp(&answer).as_str()), (401, API));
    let mut signed_in = request("/page");
    let bearer = TestIdentity::user("alice").bearer(&auth.auth);
    signed_in.headers_mut().insert("authorization", bearer.try_into().unwrap());
    assert_eq!(csp(&Answer::of(app.oneshot(signed_in).await.unwrap()).await), CHANGED);
}

#[tokio::test]
async fn a_report_only_policy_changes_and_reports_too() {
    let only = Csp::new().set(Directive::ImgSrc, [Source::SELF]).report_to("/tried").unwrap();
    let headers = SecurityHeaders::api().csp(Csp::api().report_to("/blocked").unwrap()).csp_report_only(only);
    let (app, _) = under(headers);
    let answer = send(&app, secure("GET", "/fails/ok")).await;
    let own = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; \
               img-src *; report-uri /blocked; report-to csp";
    assert_eq!(csp(&answer), own);
    assert_eq!(
        answer.field("content-security-policy-report-only").as_deref(),
        Some("img-src *; frame-ancestors 'self'; report-uri /tried; report-to csp-report-only")
    );
}

/// Browsers enforce all fields of an answer, so neither is dropped.
#[tokio::test]
async fn the_attribute_holds_beside_the_handlers_own_field() {
    let (app, _) = under(SecurityHeaders::api());
    let answer = send(&app, secure("GET", "/own-field")).await;
    let fields: Vec<_> = answer.headers.get_all(CONTENT_SECURITY_POLICY).iter().collect();
    assert_eq!(fields, ["default-src 'self'", &*format!("{API}; img-src 'self'")]);
}

#[tokio::test]
async fn one_layer_alone_enforces_it_on_any_router() {
    let auth = TestAuth::new();
    let axum_router = Router::new()
        .route("/fails/{how}", axum::routing::get(fails))
        .layer(SecurityHeaders::api())
        .with_state(auth.auth.clone());
    let guarded: Router = routes().0.layer(SecurityHeaders::api()).into_router();
    for app in [axum_router, guarded] {
        let answer = Answer::of(app.oneshot(request("/fails/ok")).await.unwrap()).await;
        assert_eq!(
            csp(&answer),
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; img-src *"
        );
    }
}

#[tokio::test]
async fn without_the_layer_the_guard_refuses_and_says_why() {
    let auth = TestAuth::new();
    let axum_router = Router::new().route("/fails/{how}", axum::routing::get(fails)).with_state(auth.auth.clone());
    for app in [axum_router, routes().0.into_router()] {
        let log = Log::default();
        let answer = Answer::of(log.of(app.oneshot(request("/fails/ok"))).await.unwrap()).await;
        assert_eq!(answer.problem(), (500, "internal".to_owned()));
        assert!(log.text().contains("put the router into `web::hardened`"), "{}", log.text());
    }
    // Who may call is decided first.
    let answer = Answer::of(routes().0.into_router().oneshot(request("/page")).await.unwrap()).await;
    assert_eq!(answer.status.as_u16(), 401);
}

struct OfMiddleware;

impl HasPolicy for OfMiddleware {
    const POLICY: Policy =
        Policy::public("middleware").with_csp(&CspOverride::new(&[CspDirective::new("font-src", &["'self'"])]));
    type Checks = ();
}

/// One of the two would be dropped without a word.
#[tokio::test]
async fn two_guards_that_change_the_policy_are_a_fault() {
    let auth = TestAuth::new();
    let guard = axum::middleware::from_extractor_with_state::<Guard<OfMiddleware>, _>(auth.auth.clone());
    let app = Router::new()
        .route("/plain", axum::routing::get(plain))
        .route("/fails/{how}", axum::routing::get(fails))
        .layer(guard)
        .layer(SecurityHeaders::api())
        .with_state(auth.auth.clone());
    let log = Log::default();
    let answer = Answer::of(log.of(app.clone().oneshot(request("/fails/ok"))).await.unwrap()).await;
    assert_eq!((answer.status.as_u16(), csp(&answer).as_str()), (500, API));
    assert!(log.text().contains("two guards of one request"), "{}", log.text());
    let answer = Answer::of(app.oneshot(request("/plain")).await.unwrap()).await;
    assert_eq!((answer.status.as_u16(), csp(&answer)), (200, format!("{API}; font-src 'self'")));
}

#[test]
fn the_matrix_shows_it() {
    let matrix = routes().0.access_matrix();
    let page = matrix.rows().iter().find(|row| row.path == "/page").unwrap();
    assert_eq!(page.csp, "img-src 'self' https://images.example.com; frame-ancestors 'self'");
    assert!(matrix.to_string().contains(&page.csp) && matrix.to_markdown().contains("| CSP |"));
    assert!(matrix.to_json().contains(&format!("\"csp\": \"{}\"", page.csp)));
}

fn request(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}
