#![allow(deprecated)]

use auth_runtime::{
    Auth, GuardedRouter,
    testing::{TestAuth, TestIdentity},
};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use tower::ServiceExt;
use LIBRARY::{handlers::*, support::App};

#[derive(Clone, Copy, PartialEq)]
enum Admits {
    Everyone,
    AnyCaller,
    Some,
}

struct Case {
    name: &'static str,
    method: &'static str,
    admits: Admits,
    /// The handler on a guarded router, and on a plain one.
    routers: [Router; 2],
}

impl Case {
    fn new(
        name: &'static str,
        method: &'static str,
        admits: Admits,
        guarded: GuardedRouter<App>,
        plain: Router<App>,
        app: &App,
    ) -> Self {
        let guarded = guarded.with_state(app.clone()).into_router();
        Self { name, method, admits, routers: [guarded, plain.with_state(app.clone())] }
    }

    async fn try_all(&self, auth: &Auth) -> usize {
        let right = TestIdentity::user("alice").role("admin").scope("posts:write").bearer(auth);
        let forged = TestIdentity::user("alice").role("admin").scope("posts:write").forged().bearer(auth);
        let other = TestIdentity::user("mallory").bearer(auth);
        let mut failures = 0;
        for (router, kind) in self.routers.iter().zip(["guarded", "plain"]) {
            let mut tries = vec![(Some(&right), None)];
            if self.admits == Admits::Everyone {
                tries.push((None, None));
            } else {
                tries.push((None, Some(StatusCode::UNAUTHORIZED)));
                tries.push((Some(&forged), Some(StatusCode::UNAUTHORIZED)));
                tries.push((Some(&other), (self.admits == Admits::Some).then_some(StatusCode::FORBIDDEN)));
            }
            for (credential, refusal) in tries {
                let status = self.answer(router, credential).await;
                let is_right = match refusal {
                    Some(refusal) => status == refusal,
                    None => status.is_success(),
                };
                if !is_right {
                    println!("{} on a {kind} router, with {credential:?}: {status}, not {refusal:?}", self.name);
                    failures += 1;
                }
            }
        }
        failures
    }

    async fn answer(&self, router: &Router, credential: Option<&String>) -> StatusCode {
        let mut request = Request::builder().method(self.method).uri("/7?q=1").header("content-type", "application/json");
        if let Some(credential) = credential {
            request = request.header("authorization", credential);
        }
        let request = request.body(Body::from("{}")).unwrap();
        router.clone().oneshot(request).await.unwrap().status()
    }
}

fn cases(app: &App) -> Vec<Case> {
    let mut cases = Vec::new();
    // CASES
    cases
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let TestAuth { auth, .. } = TestAuth::new();
    let cases = cases(&App { auth: auth.clone() });
    let mut failures = 0;
    for case in &cases {
        failures += case.try_all(&auth).await;
    }
    println!("{} handlers called", cases.len());
    assert_eq!(failures, 0);
}
