//! JSONTestSuite as request bodies, through the extractor alone and through an account endpoint.
#![cfg(all(feature = "testing", feature = "memory"))]

use std::{collections::BTreeMap, fs, net::SocketAddr, path::Path, sync::Arc};

use auth_runtime::{
    Auth, account,
    error::Problem,
    extract::Json,
    password::{Cost, Passwords},
    secret::SystemEntropy,
    store::{Accounts, MemoryStore},
    testing::{ManualClock, TestAuth},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, FromRef},
    http::{Request, header::CONTENT_TYPE},
    routing::post,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// Returns the documents of a folder by name.
fn documents(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/json-test-suite").join(folder);
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap())).collect()
}

/// Sends a body and returns the status and the document of the response. Every refusal is a problem document and no
/// server error.
async fn send(app: &Router, path: &str, body: &[u8]) -> (u16, Value) {
    let mut request =
        Request::post(path).header(CONTENT_TYPE, "application/json").body(Body::from(body.to_vec())).unwrap();
    request.extensions_mut().insert(ConnectInfo(fresh_address()));
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let kind = response.headers().get(CONTENT_TYPE).cloned();
    let text = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let answer = serde_json::from_slice(&text).unwrap_or(Value::Null);
    if status >= 400 {
        assert!(status < 500, "{status}: {answer}");
        assert_eq!(kind.unwrap(), "application/problem+json");
        assert_eq!(answer["status"], status);
    }
    (status, answer)
}

/// Returns a new address for each request, because this test is not about limits by address.
fn fresh_address() -> SocketAddr {
    use std::sync::atomic::{AtomicU32, Ordering};

    static NEXT: AtomicU32 = AtomicU32::new(0x0a00_0001);
    SocketAddr::from((NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes(), 4711))
}

fn is_ambiguous(name: &str) -> bool {
    name.starts_with("y_object_duplicated_key") || name.starts_with("object_same_key")
}

/// Returns a router that echoes every document that the extractor accepts.
fn echo() -> Router {
    Router::new().route("/", post(async |Json(value): Json<Value>| axum::Json(value)))
}

#[tokio::test]
async fn documents_as_bodies_are_judged_as_listed() {
    let (app, documents) = (echo(), documents("test_parsing"));
    assert_eq!(documents.len(), 318);
    for (name, document) in documents {
        let (status, answer) = send(&app, "/", &document).await;
        match name.as_bytes()[0] {
            b'y' if is_ambiguous(&name) => {
                assert_eq!((status, &answer["code"]), (422, &json!("invalid-body")), "{name}")
            }
            b'y' => assert_eq!((status, answer), (200, serde_json::from_slice(&document).unwrap()), "{name}"),
            b'n' => assert_eq!((status, &answer["code"]), (400, &json!("bad-request")), "{name}"),
            _ => assert_eq!(status, of_implementations_choice(&name), "{name}: {answer}"),
        }
    }
}

/// Returns the status for documents that the suite lets each parser accept or refuse. Too many levels and numbers out
/// of range are valid JSON that fits no type: 422. Half a surrogate pair and invalid UTF-8 are not text: 400.
fn of_implementations_choice(name: &str) -> u16 {
    match name {
        "i_structure_500_nested_arrays.json" => 422,
        _ if name.starts_with("i_number") && NUMBERS_OUT_OF_RANGE.contains(&name) => 422,
        _ if name.starts_with("i_number") => 200,
        _ => 400,
    }
}

const NUMBERS_OUT_OF_RANGE: [&str; 5] = [
    "i_number_huge_exp.json",
    "i_number_neg_int_huge_exp.json",
    "i_number_pos_double_huge_exp.json",
    "i_number_real_neg_overflow.json",
    "i_number_real_pos_overflow.json",
];

#[tokio::test]
async fn documents_that_parsers_read_differently_have_one_answer() {
    let (app, documents) = (echo(), documents("test_transform"));
    assert_eq!(documents.len(), 22);
    for (name, document) in documents {
        let expected = match &*name {
            _ if is_ambiguous(&name) => 422,
            _ if name.contains("invalid_codepoint") => 400,
            _ => 200,
        };
        assert_eq!(send(&app, "/", &document).await.0, expected, "{name}");
    }
}

#[derive(Clone)]
struct App {
    auth: Auth,
    accounts: Accounts,
}

impl FromRef<App> for Auth {
    fn from_ref(app: &App) -> Self {
        app.auth.clone()
    }
}

impl FromRef<App> for Accounts {
    fn from_ref(app: &App) -> Self {
        app.accounts.clone()
    }
}

fn accounts() -> Router {
    let entropy = || Arc::new(SystemEntropy::new());
    let passwords = Passwords::builder(entropy()).cost(Cost::weak_for_testing()).build();
    let clock = ManualClock::at(1_800_000_000);
    let accounts = Accounts::new(MemoryStore::new(Arc::new(clock.clone()), entropy()));
    let TestAuth { auth, .. } = TestAuth::with_clock(clock, |builder| builder.passwords(passwords).accounts(&accounts));
    account::routes().with_state(App { auth, accounts }).into_router()
}

#[tokio::test]
async fn no_document_opens_an_account() {
    let app = accounts();
    for (name, document) in documents("test_parsing") {
        let (status, _) = send(&app, "/auth/register", &document).await;
        match name.as_bytes()[0] {
            b'y' => assert_eq!(status, 422, "{name}"),
            b'n' => assert_eq!(status, 400, "{name}"),
            _ => assert!(matches!(status, 400 | 422), "{name}: {status}"),
        }
    }
}

/// A member that the endpoint does not have is read as strictly as the others, and then refused by name.
#[tokio::test]
async fn no_account_is_opened_beside_a_document() {
    let app = accounts();
    for (number, (name, document)) in documents("test_parsing").into_iter().enumerate() {
        let account = format!(
            r#","username":"user{number}","email":"user{number}@example.org","password":"a gravel path, {number} steps"}}"#
        );
        let body = [br#"{"x":"#, &*document, account.as_bytes()].concat();
        let (status, answer) = send(&app, "/auth/register", &body).await;
        match name.as_bytes()[0] {
            b'y' if is_ambiguous(&name) => assert_eq!(status, 422, "{name}"),
            b'y' => {
                assert_eq!(status, 422, "{name}: {answer}");
                assert!(answer.to_string().contains("is unknown"), "{name}: {answer}");
            }
            b'n' => assert_eq!(status, 400, "{name}"),
            _ => assert!(matches!(status, 400 | 422), "{name}: {status}"),
        }
    }
}

#[derive(Deserialize)]
struct Note {
    #[expect(dead_code, reason = "the test only asks whether the body is read")]
    title: String,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[tokio::test]
async fn a_name_that_stands_twice_is_refused_and_pointed_at_wherever_it_is() {
    async fn note(Json(note): Json<Note>) -> Result<String, Problem> {
        Ok(note.rest.len().to_string())
    }
    async fn ignored(_: Json<serde::de::IgnoredAny>) {}
    let app = Router::new().route("/note", post(note)).route("/ignored", post(ignored)).merge(echo());
    for (body, pointer) in [
        (r#"{"title":"a","title":"a"}"#, "/title"),
        (r#"{"title":"a","\u0074itle":"b"}"#, "/title"),
        (r#"{"title":"a","x":[0,{"y":{"a/b":1,"c":2,"a/b":3}}]}"#, "/x/1/y/a~1b"),
        (r#"{"title":"a","":1,"":2}"#, "/"),
    ] {
        for path in ["/", "/note", "/ignored"] {
            let (status, answer) = send(&app, path, body.as_bytes()).await;
            assert_eq!((status, &answer["code"]), (422, &json!("invalid-body")), "{path} {body}");
            let twice = json!([{ "pointer": pointer, "code": "duplicate", "message": "is there twice" }]);
            assert_eq!(answer["errors"], twice, "{path} {body}");
        }
    }
    // Names of different objects are different names, and so are names that differ in case or in normal form.
    let body = r#"{"title":"a","x":[{"title":1},{"title":2}],"Title":3,"\u00e9":4,"e\u0301":5}"#;
    for path in ["/", "/note", "/ignored"] {
        assert_eq!(send(&app, path, body.as_bytes()).await.0, 200, "{path}");
    }
    // A syntax error takes precedence over a duplicate name, wherever it is.
    for body in [r#"{"a":1,"a":2"#, r#"{"a":1,"a":2} x"#, r#"{"b" 1,"a":1,"a":2}"#] {
        assert_eq!(send(&app, "/", body.as_bytes()).await.0, 400, "{body}");
    }
}
