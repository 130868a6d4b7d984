//! The rules of the crate `garde`.

use auth_runtime::{
    extract::Json,
    validate::{Garde, Valid},
};
use axum::{Router, routing::post};
use garde::Validate;
use serde::Deserialize;
use serde_json::json;

use super::support::*;

#[derive(Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
struct Post {
    #[garde(length(min = 3))]
    main_title: String,
    #[garde(range(max = 5))]
    stars: u32,
    #[garde(dive)]
    lines: Vec<Line>,
    #[garde(custom(talkative))]
    note: String,
}

#[derive(Deserialize, Validate)]
struct Line {
    #[garde(ascii)]
    text: String,
}

fn talkative(text: &str, _: &()) -> garde::Result {
    if text.is_empty() { Ok(()) } else { Err(garde::Error::new(format!("{text} is wrong"))) }
}

#[tokio::test]
async fn its_rules_have_codes_and_pointers_too() {
    let app = || Router::new().route("/", post(async |Valid(Json(_)): Valid<Json<Post>, Garde>| "read"));
    let good = json!({ "mainTitle": "abc", "stars": 5, "lines": [{ "text": "a" }], "note": "" });
    assert_eq!(send(app(), "application/json", good.to_string()).await.0, 200);
    let bad = json!({ "mainTitle": "a", "stars": 6, "lines": [{ "text": "a" }, { "text": "ä" }], "note": "canary" });
    let (status, document) = send(app(), "application/json", bad.to_string()).await;
    let expected =
        pairs([("/lines/1/text", "ascii"), ("/mainTitle", "length"), ("/note", "invalid"), ("/stars", "range")]);
    assert_eq!(listed(status, &document), expected);
    assert!(!document.to_string().contains("canary"), "{document}");
    assert_eq!(document["errors"][1]["params"], json!({ "min": 3 }));
    assert_eq!(document["errors"][1]["message"], "must have a length of at least 3");
    let mixed = json!({ "mainTitle": "a", "stars": "x", "lines": [], "note": "" });
    let (status, document) = send(app(), "application/json", mixed.to_string()).await;
    assert_eq!(listed(status, &document), pairs([("/mainTitle", "length"), ("/stars", "type")]));
}
