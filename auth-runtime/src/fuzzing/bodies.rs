use core::{
    pin::pin,
    task::{Context, Poll, Waker},
};
use std::{collections::BTreeMap, sync::LazyLock};

use axum::{
    Router,
    body::{Body, HttpBody as _},
    http::{Request, header::CONTENT_TYPE},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use tower_service::Service as _;
use validator::Validate;

use super::text::text;
use crate::{
    extract::{Form, Json, Query},
    validate::{Valid, date, email, http_url, phone, plain_lines, plain_text, slug, trimmed, unique, username},
};

#[derive(Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
struct Order {
    #[validate(length(min = 1, max = 5), custom(function = plain_text))]
    main_title: String,
    #[validate(range(min = 1, max = 9))]
    count: Option<u8>,
    #[serde(default)]
    #[validate(nested, length(max = 3))]
    lines: Vec<Line>,
    #[serde(default)]
    #[validate(custom(function = unique))]
    tags: Vec<u32>,
    #[serde(default)]
    _rest: BTreeMap<String, Kind>,
}

#[derive(Deserialize, Serialize, Validate)]
struct Line {
    #[validate(custom(function = slug))]
    name: String,
    #[validate(range(min = 0.0))]
    weight: f64,
    pair: (u8, char),
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "the handlers only read it")]
enum Kind {
    One,
    Two(i64),
    Three { _text: Option<String> },
}

#[derive(Deserialize, Validate)]
struct Fields {
    #[validate(length(min = 2))]
    text: String,
    #[serde(rename = "number")]
    _number: Option<i32>,
    #[serde(default, rename = "flag")]
    _flag: bool,
}

static APP: LazyLock<Router> = LazyLock::new(|| {
    Router::new()
        .route("/json", post(async |Valid(Json(_)): Valid<Json<Order>>| ()))
        .route("/plain", post(async |_: Json<Order>| ()))
        .route("/form", post(async |Valid(Form(_)): Valid<Form<Fields>>| ()))
        .route("/pairs", post(async |_: Form<Vec<(String, String)>>| ()))
        .route("/query", get(async |Valid(Query(_)): Valid<Query<Fields>>| ()))
});

/// Sends a request. The answer is at once there, and short.
fn answer(request: Request<Body>) -> u16 {
    let mut app = APP.clone();
    let mut answer = pin!(app.call(request));
    let Poll::Ready(Ok(answer)) = answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("the request waits");
    };
    let length = answer.body().size_hint().exact().expect("an answer in memory");
    assert!(length <= 64 * 1024, "an answer of {length} bytes");
    answer.status().as_u16()
}

/// The status is a documented one, and the same each time.
fn body(path: &str, kind: &str, bytes: &[u8]) -> u16 {
    let request = || Request::post(path).header(CONTENT_TYPE, kind).body(Body::from(bytes.to_vec())).unwrap();
    let status = answer(request());
    assert!([200, 400, 422].contains(&status), "{path}: {status}");
    assert_eq!(answer(request()), status);
    status
}

/// A body that `Valid` accepts, `Json` accepts.
pub(super) fn json(bytes: &[u8]) {
    let (valid, plain) = (body("/json", "application/json", bytes), body("/plain", "application/json", bytes));
    assert!(valid != 200 || plain == 200);
}

pub(super) fn form(bytes: &[u8]) {
    let (valid, pairs) = ["/form", "/pairs"].map(|path| body(path, "application/x-www-form-urlencoded", bytes)).into();
    assert!(valid != 200 || pairs == 200);
}

pub(super) fn query(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Ok(request) = Request::get(format!("/query?{text}")).body(Body::empty()) {
        assert!([200, 422].contains(&answer(request)));
    }
}

/// What a rule accepts has no character that it promises to refuse.
pub(super) fn rules(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    for rule in [email, phone, slug, username, date] {
        if rule(text).is_ok() {
            assert!(
                text.is_ascii() && text.len() <= 254 && plain_text(text).is_ok() && trimmed(text).is_ok(),
                "{text:?}"
            );
        }
    }
    if http_url(text).is_ok() {
        assert!(text.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http")), "{text:?}");
        assert!(!text.chars().any(|char| char.is_whitespace() || char.is_control()), "{text:?}");
    }
    if plain_text(text).is_ok() {
        assert!(plain_lines(text).is_ok() && !text.chars().any(char::is_control), "{text:?}");
    }
}
