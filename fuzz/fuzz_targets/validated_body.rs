//! Sends any bytes as JSON, as a form and as a query to handlers with validated input. The answer must be one of the
//! documented ones, short, and the same for the same bytes.

#![no_main]

use std::{collections::BTreeMap, pin::pin, sync::LazyLock, task::{Context, Poll, Waker}};

use auth_runtime::{
    extract::{Form, Json, Query},
    validate::{Valid, plain_text, slug, unique},
};
use axum::{
    Router,
    body::{Body, HttpBody as _},
    http::{Request, header::CONTENT_TYPE},
    routing::{get, post},
};
use libfuzzer_sys::fuzz_target;
use serde::{Deserialize, Serialize};
use tower::Service as _;
use validator::Validate;

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
        .route("/form", post(async |Valid(Form(_)): Valid<Form<Fields>>| ()))
        .route("/query", get(async |Valid(Query(_)): Valid<Query<Fields>>| ()))
});

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

fuzz_target!(|bytes: &[u8]| {
    for (path, kind) in [("/json", "application/json"), ("/form", "application/x-www-form-urlencoded")] {
        let request = || Request::post(path).header(CONTENT_TYPE, kind).body(Body::from(bytes.to_vec())).unwrap();
        let status = answer(request());
        assert!([200, 400, 422].contains(&status), "{path}: {status}");
        assert_eq!(answer(request()), status);
    }
    if let Ok(text) = core::str::from_utf8(bytes) {
        if let Ok(request) = Request::get(format!("/query?{text}")).body(Body::empty()) {
            assert!([200, 422].contains(&answer(request)));
        }
    }
});
