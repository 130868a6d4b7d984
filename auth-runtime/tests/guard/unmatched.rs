//! Answers of a router that has no handler for a request, for each way of composing routers.

use auth_runtime::{
    Auth, Guard, GuardedRouter, Policy,
    routing::{any, get, post},
    testing::TestAuth,
};
use axum::{
    Router,
    body::Body,
    http::{
        HeaderValue, Method, Request, Response,
        header::{ALLOW, CONTENT_TYPE},
    },
    middleware::map_response,
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::support::*;

policy!(Everyone = Policy::public("everyone"));

async fn open(_: Guard<Everyone>) -> &'static str {
    "open"
}

async fn custom(_: Guard<Everyone>) -> &'static str {
    "custom"
}

type Guarded = GuardedRouter<Auth>;

fn guarded(path: &str) -> Guarded {
    GuardedRouter::new().route(path, get(open))
}

fn plain(path: &str) -> Router<Auth> {
    Router::new().route(path, axum::routing::get(async || "plain"))
}

fn serve(router: impl Into<Router<Auth>>) -> Router {
    router.into().with_state(TestAuth::new().auth)
}

async fn call(app: &Router, method: Method, path: &str) -> Response<Body> {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    app.clone().oneshot(request).await.unwrap()
}

/// Asserts that the path gets the answer for unknown paths.
async fn assert_not_found(app: &Router, path: &str) {
    for method in [Method::GET, Method::POST, Method::OPTIONS] {
        let response = call(app, method.clone(), path).await;
        assert_problem(response, 404, "not-found", &format!("{method} {path}")).await;
    }
}

/// Asserts that the path does not have the method, and that the answer lists its methods.
async fn assert_not_allowed(app: &Router, method: Method, path: &str, allowed: &str) {
    let response = call(app, method, path).await;
    assert_eq!(response.headers()[ALLOW], allowed, "{path}");
    assert_problem(response, 405, "method-not-allowed", path).await;
}

async fn assert_problem(response: Response<Body>, status: u16, code: &str, path: &str) {
    assert_eq!(response.status(), status, "{path}");
    assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json", "{path}");
    let problem: Value = serde_json::from_str(&text(response).await).unwrap();
    let expected = [json!(status), json!(code), json!(format!("urn:auth-runtime:problem:{code}"))];
    assert_eq!([&problem["status"], &problem["code"], &problem["type"]], expected.each_ref(), "{path}");
}

async fn assert_answers(app: &Router, path: &str, expected: &str) {
    let response = call(app, Method::GET, path).await;
    assert_eq!((response.status().as_u16(), &*text(response).await), (200, expected), "{path}");
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems() {
    let app = serve(GuardedRouter::new().route("/a", get(open).post(open)).route("/any", any(open)));
    assert_not_found(&app, "/").await;
    assert_not_found(&app, "/a/b").await;
    assert_not_allowed(&app, Method::PUT, "/a", "GET,HEAD,POST").await;
    assert_eq!(call(&app, Method::TRACE, "/any").await.status(), 200);
    assert_eq!(call(&app, Method::HEAD, "/nowhere").await.status(), 404);
}

#[tokio::test]
async fn a_router_without_routes_says_so_too() {
    assert_not_found(&serve(Guarded::new()), "/").await;
}

#[tokio::test]
async fn methods_of_a_path_may_come_from_several_places() {
    let app = serve(guarded("/a").route("/a", post(open)).merge(GuardedRouter::new().route("/b", get(open))));
    assert_not_allowed(&app, Method::PUT, "/a", "GET,HEAD,POST").await;
    assert_not_allowed(&app, Method::PUT, "/b", "GET,HEAD").await;
    let shared = guarded("/a").merge_unguarded(Router::new().route("/a", axum::routing::put(async || "plain")), "test");
    assert_not_allowed(&serve(shared), Method::DELETE, "/a", "PUT,GET,HEAD").await;
}

#[tokio::test]
async fn a_fallback_takes_unknown_paths_and_leaves_unknown_methods() {
    for app in [
        guarded("/a").fallback(custom),
        GuardedRouter::new().fallback(custom).route("/a", get(open)),
        GuardedRouter::new().fallback(custom).merge(guarded("/a")),
        guarded("/a").merge(GuardedRouter::new().fallback(custom)),
    ] {
        let app = serve(app);
        assert_answers(&app, "/nowhere", "custom").await;
        assert_not_allowed(&app, Method::POST, "/a", "GET,HEAD").await;
    }
}

#[tokio::test]
async fn a_nested_router_answers_as_the_outer_one_unless_it_has_a_fallback() {
    let app = serve(guarded("/a").nest("/in", guarded("/b")));
    assert_not_found(&app, "/in/nowhere").await;
    assert_not_found(&app, "/in").await;
    assert_not_allowed(&app, Method::POST, "/in/b", "GET,HEAD").await;
    let app = serve(guarded("/a").fallback(custom).nest("/in", guarded("/b")));
    assert_answers(&app, "/in/nowhere", "custom").await;
    let app = serve(guarded("/a").nest("/in", guarded("/b").fallback(custom)));
    assert_answers(&app, "/in/nowhere", "custom").await;
    assert_not_found(&app, "/nowhere").await;
}

#[test]
#[should_panic(expected = "the path of `nest` begins with `/`: write \"/in\"")]
fn a_path_of_nest_without_its_slash_says_what_to_write() {
    let _ = guarded("/a").nest("in", guarded("/b"));
}

#[tokio::test]
async fn merged_routers_answer_alike() {
    let app = serve(guarded("/a").merge(guarded("/b")).merge(Guarded::new()));
    assert_not_found(&app, "/nowhere").await;
    assert_not_allowed(&app, Method::POST, "/a", "GET,HEAD").await;
    assert_not_allowed(&app, Method::POST, "/b", "GET,HEAD").await;
}

#[tokio::test]
async fn an_unguarded_router_keeps_its_own_fallback_and_brings_no_empty_one() {
    let app = serve(guarded("/a").merge_unguarded(plain("/b"), "test"));
    assert_answers(&app, "/b", "plain").await;
    assert_not_found(&app, "/nowhere").await;
    assert_not_allowed(&app, Method::POST, "/a", "GET,HEAD").await;
    let others = call(&app, Method::POST, "/b").await;
    assert_eq!((others.status().as_u16(), &*text(others).await), (405, ""), "its routes are its own");
    let app = serve(guarded("/a").merge_unguarded(plain("/b").fallback(async || "theirs"), "test"));
    assert_answers(&app, "/nowhere", "theirs").await;
    let app = serve(guarded("/a").fallback(custom).merge_unguarded(plain("/b"), "test"));
    assert_answers(&app, "/nowhere", "custom").await;
}

#[test]
#[should_panic(expected = "both have a fallback")]
fn two_fallbacks_panic() {
    let _ = guarded("/a").fallback(custom).merge_unguarded(plain("/b").fallback(async || "theirs"), "test");
}

#[tokio::test]
async fn a_public_service_at_the_root_answers_what_no_route_does() {
    let files = tower::service_fn(async |_: Request<Body>| {
        Ok::<_, std::convert::Infallible>(Response::new(Body::from("file")))
    });
    for app in [
        guarded("/a").public_service("/", files, "style sheets"),
        guarded("/a").public_service("/", files, "style sheets").merge(guarded("/b")),
        guarded("/b").merge(guarded("/a").public_service("/", files, "style sheets")),
    ] {
        let app = serve(app);
        assert_answers(&app, "/style.css", "file").await;
        assert_not_allowed(&app, Method::POST, "/a", "GET,HEAD").await;
    }
}

/// On a plain router axum's rules hold. Of two merged routers without a fallback, the last one answers. An outer router
/// answers for the routers that it nests.
#[tokio::test]
async fn a_plain_router_takes_the_routes_with_their_answers() {
    let app = serve(plain("/b").merge(guarded("/a")));
    assert_not_found(&app, "/nowhere").await;
    assert_not_allowed(&app, Method::POST, "/a", "GET,HEAD").await;
    let app = serve(plain("/b").fallback(async || "theirs").merge(guarded("/a")));
    assert_answers(&app, "/nowhere", "theirs").await;
    let app = serve(guarded("/a").into_router().fallback(async || "theirs"));
    assert_answers(&app, "/nowhere", "theirs").await;
    let app = serve(guarded("/a").into_router().method_not_allowed_fallback(async || "any method"));
    assert_eq!(text(call(&app, Method::POST, "/a").await).await, "any method");
    let app = serve(plain("/b").nest("/in", guarded("/a").into_router()));
    assert_not_allowed(&app, Method::POST, "/in/a", "GET,HEAD").await;
    let outer = call(&app, Method::GET, "/in/nowhere").await;
    assert_eq!((outer.status().as_u16(), &*text(outer).await), (404, ""));
}

#[tokio::test]
async fn layers_see_these_answers_as_they_see_a_fallback() {
    async fn mark<B>(mut response: Response<B>) -> Response<B> {
        response.headers_mut().insert("x-mark", HeaderValue::from_static("1"));
        response
    }
    let is_marked = |response: &Response<Body>| response.headers().contains_key("x-mark");
    let all = serve(guarded("/a").layer(map_response(mark)));
    assert!(is_marked(&call(&all, Method::GET, "/nowhere").await));
    assert!(is_marked(&call(&all, Method::POST, "/a").await));
    assert_not_found(&all, "/nowhere").await;
    let routes = serve(guarded("/a").route_layer(map_response(mark)));
    assert!(!is_marked(&call(&routes, Method::GET, "/nowhere").await));
    assert!(is_marked(&call(&routes, Method::GET, "/a").await));
    assert_not_found(&routes, "/nowhere").await;
}

#[test]
fn the_matrix_does_not_list_them() {
    assert_eq!(guarded("/a").nest("/in", guarded("/b")).access_matrix().rows().len(), 2);
}
