//! Compares `Valid<Json<T>>` with axum's `Json` and `validate()` by hand, in one run.
//!
//! The requests go through a router in this process, without a network. Cases take turns, so that a busy machine slows
//! both alike. Each figure is the median of the rounds.
#![expect(clippy::print_stdout, reason = "a program that prints a table")]

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
    time::Instant,
};

use auth_runtime::{extract::Json, validate::Valid};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header::CONTENT_TYPE},
    routing::post,
};
use serde::{Deserialize, Serialize};
use tower::Service as _;
use validator::Validate;

#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Order {
    #[validate(length(min = 1, max = 50))]
    customer: String,
    #[validate(email)]
    email: String,
    #[validate(length(max = 500))]
    note: Option<String>,
    #[validate(length(min = 1, max = 100), nested)]
    items: Vec<Item>,
}

#[derive(Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
struct Item {
    #[validate(length(min = 1, max = 100))]
    name: String,
    #[validate(range(min = 1, max = 1000))]
    count: u32,
    #[validate(range(min = 0.0))]
    price: f64,
}

async fn ours(Valid(Json(order)): Valid<Json<Order>>) -> StatusCode {
    taken(&order)
}

async fn by_hand(axum::Json(order): axum::Json<Order>) -> Result<StatusCode, StatusCode> {
    order.validate().map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?;
    Ok(taken(&order))
}

fn taken(order: &Order) -> StatusCode {
    let is_whole =
        order.note.is_none() && !order.customer.is_empty() && order.items.iter().all(|item| item.price >= 0.0);
    if is_whole { StatusCode::OK } else { StatusCode::CONFLICT }
}

fn body(items: usize) -> String {
    let item = r#"{"name":"A good thing","count":3,"price":12.5}"#;
    let items = vec![item; items].join(",");
    format!(r#"{{"customer":"Alice Example","email":"alice@example.org","note":null,"items":[{items}]}}"#)
}

/// Sends requests and returns the nanoseconds that one takes.
fn measure(app: &mut Router, body: &str, calls: u32) -> f64 {
    let began = Instant::now();
    for _ in 0..calls {
        let request = Request::post("/").header(CONTENT_TYPE, "application/json").body(Body::from(body.to_owned()));
        let mut answer = pin!(app.call(request.expect("a request")));
        // No future here waits.
        let Poll::Ready(Ok(answer)) = answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("the request waits");
        };
        assert_eq!(answer.status(), 200);
    }
    began.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn main() {
    // `cargo test --benches` runs this too. One short round shows that it works.
    let quick = std::env::args().any(|argument| argument == "--test");
    let (rounds, calls) = if quick { (1, 10) } else { (41, 4_000) };
    let (mut ours, mut by_hand) = (Router::new().route("/", post(ours)), Router::new().route("/", post(by_hand)));
    println!("{:<28} {:>9} {:>9} {:>7} {:>6}", "body", "Valid", "by hand", "ratio", "goal");
    for (name, items) in [("1 item, 130 bytes", 1), ("10 items, 550 bytes", 10), ("100 items, 4.8 KB", 100)] {
        let body = body(items);
        let calls = if quick { calls } else { calls / u32::try_from(items).expect("a small number") + 100 };
        let mut figures = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            figures.0.push(measure(&mut ours, &body, calls));
            figures.1.push(measure(&mut by_hand, &body, calls));
        }
        let (valid, hand) = (median(figures.0), median(figures.1));
        println!("{name:<28} {valid:>9.0} {hand:>9.0} {:>7.2} {:>6}", valid / hand, "≤ 1.1");
    }
}
