//! Rounds in which the cases take turns.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
    time::Instant,
};

use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode},
};
use tower::Service as _;

/// One request to one router.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) app: Router,
    pub(crate) request: fn(&str) -> Request<Body>,
    pub(crate) credential: String,
    pub(crate) expected: StatusCode,
}

impl Case {
    /// Sends the request once. Nothing in these requests waits, so one poll finishes them and no runtime is measured.
    pub(crate) fn call(&self) -> Response<Body> {
        let mut app = self.app.clone();
        let mut future = pin!(app.call((self.request)(&self.credential)));
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(response) => response.unwrap_or_else(|never| match never {}),
            Poll::Pending => panic!("{} waits for something", self.name),
        }
    }
}

/// The figures of a case.
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    /// Nanoseconds per request, the median of the rounds.
    pub(crate) nanos: f64,
}

pub(crate) fn measure(cases: &[Case], rounds: usize, calls: u32) -> Vec<Measured> {
    let mut times = vec![Vec::with_capacity(rounds); cases.len()];
    for _ in 0..rounds {
        for (case, times) in cases.iter().zip(&mut times) {
            let started = Instant::now();
            for _ in 0..calls {
                std::hint::black_box(case.call());
            }
            times.push(started.elapsed().as_nanos() as f64 / f64::from(calls));
        }
    }
    cases.iter().zip(times).map(|(case, times)| summarize(case, times)).collect()
}

fn summarize(case: &Case, times: Vec<f64>) -> Measured {
    Measured { name: case.name, nanos: median(times) }
}

pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
