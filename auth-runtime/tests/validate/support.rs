use auth_runtime::{
    extract::{Form, Json, Path, Query},
    validate::{Check, Valid},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response, header::CONTENT_TYPE},
    routing::{get, post},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower::ServiceExt as _;

/// The type of a body that is validated.
pub(crate) trait Input: DeserializeOwned + Check + Send + 'static {}

impl<T: DeserializeOwned + Check + Send + 'static> Input for T {}

pub(crate) fn json<T: Input>() -> Router {
    Router::new().route("/", post(async |Valid(Json(_)): Valid<Json<T>>| "read"))
}

pub(crate) fn form<T: Input>() -> Router {
    let read = async |Valid(Form(_)): Valid<Form<T>>| "read";
    Router::new().route("/", post(read).get(read))
}

pub(crate) fn query<T: Input>() -> Router {
    Router::new().route("/", get(async |Valid(Query(_)): Valid<Query<T>>| "read"))
}

pub(crate) fn path<T: Input>(route: &str) -> Router {
    Router::new().route(route, get(async |Valid(Path(_)): Valid<Path<T>>| "read"))
}

/// Sends a body and returns the status and the document of the answer. Every refusal is a problem document.
pub(crate) async fn send(app: Router, kind: &str, body: impl Into<Body>) -> (u16, Value) {
    answer(app.oneshot(Request::post("/").header(CONTENT_TYPE, kind).body(body.into()).unwrap()).await.unwrap()).await
}

pub(crate) async fn open(app: Router, uri: &str) -> (u16, Value) {
    answer(app.oneshot(Request::get(uri).body(Body::empty()).unwrap()).await.unwrap()).await
}

async fn answer(response: Response<Body>) -> (u16, Value) {
    let status = response.status().as_u16();
    let kind = response.headers().get(CONTENT_TYPE).cloned();
    let text = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    if status == 200 {
        return (status, Value::Null);
    }
    assert_eq!(kind.unwrap(), "application/problem+json");
    assert!(text.len() < 64 * 1024, "{} bytes", text.len());
    let document: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(document["status"], status);
    (status, document)
}

/// Sends JSON to a type and returns the pointers and the codes of the 422.
pub(crate) async fn faults<T: Input>(body: Value) -> Vec<(String, String)> {
    let (status, document) = send(json::<T>(), "application/json", body.to_string()).await;
    if status == 200 { Vec::new() } else { listed(status, &document) }
}

pub(crate) fn listed(status: u16, document: &Value) -> Vec<(String, String)> {
    assert_eq!(status, 422, "{document}");
    let text = |error: &Value, member: &str| error[member].as_str().unwrap().to_owned();
    let errors = document["errors"].as_array().unwrap();
    errors.iter().map(|error| (text(error, "pointer"), text(error, "code"))).collect()
}

/// Writes the expected pointers and codes.
pub(crate) fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())).into()
}
