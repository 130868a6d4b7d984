//! Tests that the inspection of a type predicts axum's answer: each case also runs on a router.

use std::{collections::HashMap, net::IpAddr};

use axum::{Router, body::Body, extract::Path, http::Request, response::IntoResponse, routing::get};
use serde::Deserialize;
use tower::ServiceExt as _;

use super::*;

#[derive(Deserialize)]
struct Named {
    #[serde(rename = "id")]
    _id: u64,
    #[serde(rename = "tenant")]
    _tenant: IpAddr,
}

#[derive(Deserialize)]
struct Lenient {
    #[serde(rename = "id")]
    _id: String,
    #[serde(rename = "page")]
    _page: Option<u32>,
    #[serde(default, rename = "sort")]
    _sort: String,
    #[serde(rename = "name", alias = "title")]
    _name: Option<String>,
}

/// No made-up value is an address.
#[derive(Deserialize)]
struct Addressed {
    #[serde(rename = "id")]
    _id: IpAddr,
    #[serde(rename = "page")]
    _page: Option<u32>,
    #[serde(default, rename = "sort")]
    _sort: String,
}

#[derive(Deserialize)]
struct Aliased {
    #[serde(rename = "id")]
    _id: IpAddr,
    #[serde(rename = "name", alias = "title")]
    _name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Strict {
    #[serde(rename = "id")]
    _id: u64,
}

#[derive(Deserialize)]
struct Flat {
    #[serde(flatten)]
    _all: HashMap<String, String>,
}

#[derive(Deserialize)]
struct Number(#[expect(dead_code, reason = "only its form is asked")] u64);

#[derive(Deserialize)]
struct Pair(
    #[expect(dead_code, reason = "only its form is asked")] u64,
    #[expect(dead_code, reason = "only its form is asked")] String,
);

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Small,
}

const NONE: &[&str] = &[];
const ID: &[&str] = &["id"];
const BOTH: &[&str] = &["id", "tenant"];

#[test]
fn fitting_path_types_are_not_reported() {
    for (type_name, answer) in [
        ("u64", misfit::<u64>(ID)),
        ("String", misfit::<String>(ID)),
        ("IpAddr", misfit::<IpAddr>(ID)),
        ("Number", misfit::<Number>(ID)),
        ("Kind", misfit::<Kind>(ID)),
        ("(u64,)", misfit::<(u64,)>(ID)),
        ("(u64, IpAddr)", misfit::<(u64, IpAddr)>(BOTH)),
        ("Pair", misfit::<Pair>(BOTH)),
        ("Named", misfit::<Named>(BOTH)),
        ("Lenient of one", misfit::<Lenient>(ID)),
        ("Lenient of two", misfit::<Lenient>(BOTH)),
        ("Addressed of one", misfit::<Addressed>(ID)),
        ("Addressed of two", misfit::<Addressed>(BOTH)),
        ("Aliased", misfit::<Aliased>(&["id", "title"])),
        // What cannot be known, as no made-up value is an address.
        ("Named of one", misfit::<Named>(&["tenant"])),
        ("Strict", misfit::<Strict>(ID)),
        ("Flat", misfit::<Flat>(BOTH)),
        ("()", misfit::<()>(NONE)),
        ("Vec", misfit::<Vec<String>>(BOTH)),
        ("pairs", misfit::<Vec<(String, String)>>(BOTH)),
        ("map", misfit::<HashMap<String, String>>(NONE)),
    ] {
        assert_eq!(answer, None, "{type_name}");
    }
}

#[test]
fn path_types_that_cannot_fit_are_reported_in_words() {
    for (answer, words) in [
        (misfit::<u64>(NONE), "asks for 1 of the route's parameters, and the route has 0"),
        (misfit::<IpAddr>(BOTH), "asks for 1 of the route's parameters, and the route has 2"),
        (misfit::<Kind>(NONE), "asks for 1 of the route's parameters, and the route has 0"),
        (misfit::<(u64, u64)>(ID), "asks for 2 of the route's parameters, and the route has 1"),
        (misfit::<Pair>(ID), "asks for 2 of the route's parameters, and the route has 1"),
        (misfit::<Named>(ID), "asks for a parameter `tenant`, and the route has none of that name"),
        (misfit::<Lenient>(&["tenant"]), "asks for a parameter `id`, and the route has none of that name"),
        (misfit::<Strict>(BOTH), "knows no parameter `tenant`, which the route has"),
        (misfit::<Option<u64>>(ID), "asks for a type that no path can be read as"),
        (misfit::<Vec<Vec<u8>>>(ID), "asks for a type that no path can be read as"),
    ] {
        assert_eq!(answer.as_deref(), Some(words));
    }
}

/// Returns axum's status for a request with `value` as each parameter.
async fn asked<T: DeserializeOwned + Send + 'static>(route: &str, path: &str) -> u16 {
    let handler = async |path: Result<Path<T>, axum::extract::rejection::PathRejection>| match path {
        Ok(_) => 200.to_string().into_response(),
        Err(rejection) => rejection.into_response(),
    };
    let app = Router::new().route(route, get(handler));
    let request = Request::get(path).body(Body::empty()).unwrap();
    app.oneshot(request).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn axum_agrees() {
    let both = "/1/127.0.0.1";
    assert_eq!(asked::<u64>("/", "/").await, 500);
    assert_eq!(asked::<(u64, u64)>("/{id}", "/1").await, 500);
    assert_eq!(asked::<Pair>("/{id}", "/1").await, 500);
    assert_eq!(asked::<Option<u64>>("/{id}", "/1").await, 500);
    assert_eq!(asked::<Vec<Vec<u8>>>("/{id}", "/1").await, 500);
    assert_eq!(asked::<Named>("/{id}", "/1").await, 400);
    assert_eq!(asked::<Strict>("/{id}/{tenant}", "/1/2").await, 400);
    assert_eq!(asked::<Named>("/{id}/{tenant}", both).await, 200);
    assert_eq!(asked::<Lenient>("/{id}", "/1").await, 200);
    assert_eq!(asked::<Addressed>("/{id}", "/127.0.0.1").await, 200);
    assert_eq!(asked::<Aliased>("/{id}/{title}", "/127.0.0.1/x").await, 200);
    assert_eq!(asked::<Flat>("/{id}/{tenant}", both).await, 200);
    assert_eq!(asked::<Vec<(String, String)>>("/{id}/{tenant}", both).await, 200);
}
