//! JSON that no good client sends.

use auth_runtime::{extract::Json, validate::Valid};
use axum::{Router, extract::DefaultBodyLimit, routing::post};
use serde::Deserialize;
use validator::Validate;

use super::support::*;

#[derive(Deserialize, Validate)]
struct Note {
    #[validate(length(max = 3))]
    title: String,
    #[serde(default)]
    #[validate(range(min = 0.0))]
    weight: f64,
    #[serde(default)]
    #[expect(dead_code, reason = "the member is read and not used")]
    rest: serde_json::Value,
}

fn app() -> Router {
    json::<Note>()
}

#[tokio::test]
async fn each_kind_has_one_form_of_answer() {
    let deep = format!(r#"{{"title":"a","rest":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    for (body, status, code, fault) in [
        (&*deep, 422, "invalid-body", Some(("", "depth"))),
        (&*"[".repeat(100_000), 400, "bad-request", None),
        (r#"{"title":"a","title":"b"}"#, 422, "invalid-body", Some(("/title", "duplicate"))),
        (r#"{"title":"a","rest":{"b":1,"b":2}}"#, 422, "invalid-body", Some(("/rest/b", "duplicate"))),
        (r#"{"title":"a","weight":NaN}"#, 400, "bad-request", None),
        (r#"{"title":"a","weight":Infinity}"#, 400, "bad-request", None),
        (r#"{"title":"a","weight":1e999}"#, 422, "invalid-body", Some(("/weight", "range"))),
        (r#"{"title":"\ud800"}"#, 400, "bad-request", None),
        ("", 400, "bad-request", None),
        (&*" ".repeat(1_000_000), 400, "bad-request", None),
        ("{\"title\":\"a\"} x", 400, "bad-request", None),
        ("\u{feff}{}", 400, "bad-request", None),
    ] {
        let begin: String = body.chars().take(40).collect();
        let (got, document) = send(app(), "application/json", body.to_owned()).await;
        assert_eq!((got, &document["code"]), (status, &code.into()), "{begin}");
        if let Some(fault) = fault {
            assert_eq!(listed(got, &document), pairs([fault]), "{begin}");
        }
    }
    let (status, document) = send(app(), "application/json", b"{\"title\":\"\xff\"}".to_vec()).await;
    assert_eq!((status, &document["code"]), (400, &"bad-request".into()));
}

#[tokio::test]
async fn ten_megabytes_of_spaces_are_too_many_or_no_json() {
    let spaces = " ".repeat(10 * 1024 * 1024);
    let (status, document) = send(app(), "application/json", spaces.clone()).await;
    assert_eq!((status, &document["code"]), (413, &"payload-too-large".into()));
    let wide = Router::new()
        .route("/", post(async |Valid(Json(_)): Valid<Json<Note>>| "read"))
        .layer(DefaultBodyLimit::max(20 * 1024 * 1024));
    let (status, document) = send(wide.clone(), "application/json", spaces.clone()).await;
    assert_eq!((status, &document["code"]), (400, &"bad-request".into()));
    let (status, _) = send(wide, "application/json", format!("{spaces}{{\"title\":\"a\"}}")).await;
    assert_eq!(status, 200);
}

/// Each of these faults is found in one reading, and compared with those before it.
#[tokio::test]
async fn a_long_body_of_unknown_members_takes_no_long_time() {
    #[derive(Deserialize, Validate)]
    struct Rows {
        #[validate(nested)]
        rows: Vec<Row>,
    }
    #[derive(Deserialize, Validate)]
    struct Row {
        #[validate(range(min = 1))]
        count: Option<u8>,
    }
    for row in [r#"{"x":1}"#, r#"{"count":0}"#, r#"{"count":"x"}"#] {
        let body = format!(r#"{{"rows":[{}]}}"#, vec![row; 1_900_000 / 14].join(","));
        let began = std::time::Instant::now();
        let (status, document) = send(json::<Rows>(), "application/json", body).await;
        assert!(began.elapsed().as_secs() < 5, "{row}: {:?}", began.elapsed());
        let told = listed(status, &document).len();
        assert!((1..=64).contains(&told), "{row}: {told}");
    }
}

/// Each fault costs one more reading, so their number is bounded where a body is long.
#[tokio::test]
async fn a_long_body_of_faults_takes_no_long_time() {
    #[derive(Deserialize, Validate)]
    struct Numbers {
        #[validate(length(min = 1))]
        numbers: Vec<u8>,
    }
    for length in [10_000, 600_000] {
        let body = format!(r#"{{"numbers":[{}-1]}}"#, "-1,".repeat(length / 3));
        let began = std::time::Instant::now();
        let (status, document) = send(json::<Numbers>(), "application/json", body).await;
        assert!(began.elapsed().as_secs() < 5, "{length}: {:?}", began.elapsed());
        let most = if length < 32 * 1024 { 32 } else { 1 };
        assert_eq!(listed(status, &document).len(), most, "{length}");
    }
}
