//! The same handler without layers, inside `web::hardened`, and inside the same layers of tower-http by hand.
//!
//! `tests/hardened_alloc.rs` uses these routers, too.

use core::{
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use auth_runtime::{
    auth::Settings,
    web::{EncryptedConnection, Hardening, RequestSpan, ResponseEvent},
};
use axum::{
    Json, Router,
    body::Body,
    extract::DefaultBodyLimit,
    http::{
        HeaderName, HeaderValue, Method, Request, Response, StatusCode,
        header::{
            AUTHORIZATION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, REFERRER_POLICY, RETRY_AFTER,
            STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    routing::get,
};
use tower::{Service as _, ServiceBuilder};
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::CorsLayer,
    limit::RequestBodyLimitLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
    trace::TraceLayer,
    validate_request::ValidateRequestHeaderLayer,
};

const THIS_HOST: &str = "api.example.com";
pub(crate) const ORIGIN: &str = "https://app.example.com";

pub(crate) fn plain() -> Router {
    Router::new().route("/", get(async || Json("hello")))
}

pub(crate) fn hardened() -> Router {
    let variables = [
        ("ENVIRONMENT", "production"),
        ("SECRET_KEY", "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD"),
        ("ISSUER", "https://api.example.com"),
        ("AUDIENCE", "https://api.example.com"),
        ("ALLOWED_HOSTS", THIS_HOST),
        ("ALLOWED_ORIGINS", ORIGIN),
    ];
    let lookup = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    let settings = Settings::from_lookup(lookup).expect("settings without a fault");
    let hardening = Hardening::from_settings(&settings).cors(|cors| cors.methods([Method::GET]));
    hardening.wrap(plain()).expect("layers without a fault").into()
}

/// The stack of a developer who knows tower-http well. Its layers have no check of hosts and of HTTPS, so both are
/// closures.
#[expect(clippy::result_large_err, reason = "the closures have the shape that tower-http asks for")]
pub(crate) fn by_hand() -> Router {
    let field = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    let https = |request: &mut Request<Body>| match request.extensions().get::<EncryptedConnection>() {
        Some(_) => Ok(()),
        None => Err(refusal(StatusCode::FORBIDDEN)),
    };
    let host = |request: &mut Request<Body>| match request.headers().get(HOST).map(HeaderValue::to_str) {
        Some(Ok(THIS_HOST)) => Ok(()),
        _ => Err(refusal(StatusCode::MISDIRECTED_REQUEST)),
    };
    let cors = CorsLayer::new()
        .allow_origin([HeaderValue::from_static(ORIGIN)])
        .allow_methods([Method::GET])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE])
        .expose_headers([HeaderName::from_static("ratelimit"), RETRY_AFTER, HeaderName::from_static("x-request-id")])
        .max_age(Duration::from_secs(7_200));
    let trace = TraceLayer::new_for_http()
        .make_span_with(RequestSpan)
        .on_request(())
        .on_response(ResponseEvent)
        .on_body_chunk(())
        .on_eos(())
        .on_failure(());
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(trace)
        .layer(field(
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ))
        .layer(field(X_FRAME_OPTIONS, "DENY"))
        .layer(field(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(field(REFERRER_POLICY, "no-referrer"))
        .layer(field(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(field(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .layer(field(STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"))
        .layer(ValidateRequestHeaderLayer::custom(https))
        .layer(ValidateRequestHeaderLayer::custom(host))
        .layer(cors)
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(30)))
        .layer(RequestBodyLimitLayer::new(2 << 20))
        .layer(DefaultBodyLimit::disable());
    plain().layer(layers)
}

fn refusal<B: Default>(status: StatusCode) -> Response<B> {
    let mut response = Response::new(B::default());
    *response.status_mut() = status;
    response
}

/// A request over TLS, by a page of this origin if there is one.
pub(crate) fn request(origin: Option<&'static str>) -> Request<Body> {
    let mut request = Request::get("/").header(HOST, THIS_HOST);
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    request.extension(EncryptedConnection).body(Body::empty()).expect("a request")
}

/// Sends a request once. Nothing waits, so one poll finishes it. Timers need the context of a runtime.
pub(crate) fn call(app: &Router, origin: Option<&'static str>) -> Response<Body> {
    let mut app = app.clone();
    let mut future = pin!(app.call(request(origin)));
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(response) => response.unwrap_or_else(|never| match never {}),
        Poll::Pending => panic!("the request waits"),
    }
}

/// The header fields that both stacks write. Only ours compares more: both are checked to do the same work.
pub(crate) fn has_all_fields(response: &Response<Body>, origin: Option<&'static str>) -> bool {
    let fields = [
        "x-request-id",
        "content-security-policy",
        "x-frame-options",
        "x-content-type-options",
        "referrer-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "strict-transport-security",
        "vary",
    ];
    let cors = origin.map(|_| "access-control-allow-origin");
    response.status() == StatusCode::OK && fields.into_iter().chain(cors).all(|it| response.headers().contains_key(it))
}
