//! Each JSON value has one form. The other forms that serde's derived code accepts are refused, at any depth.

use std::collections::BTreeMap;

use auth_runtime::extract::Json;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header::CONTENT_TYPE},
    routing::post,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// Returns the extractor's result for a body: the value as serde writes it, or the status, pointer and message of the
/// refusal.
async fn read<T: DeserializeOwned + Serialize + Send + 'static>(body: &str) -> Result<Value, (u16, String, String)> {
    async fn echo<T: Serialize>(Json(value): Json<T>) -> axum::Json<Value> {
        axum::Json(serde_json::to_value(value).unwrap())
    }
    let app = Router::new().route("/", post(echo::<T>));
    let request = Request::post("/").header(CONTENT_TYPE, "application/json").body(Body::from(body.to_owned()));
    let response = app.oneshot(request.unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let answer = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    if status == 200 {
        return Ok(answer);
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (pointer, message) = match &answer["errors"][0] {
        Value::Null => (String::new(), text(&answer["title"])),
        error => (text(&error["pointer"]), text(&error["message"])),
    };
    Err((status, pointer, message))
}

#[track_caller]
fn assert_refused(outcome: Result<Value, (u16, String, String)>, pointer: &str, message: &str) {
    assert_eq!(outcome, Err((422, pointer.to_owned(), message.to_owned())));
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Order {
    item: Item,
    more: Option<Vec<Item>>,
    by_name: Option<BTreeMap<String, Item>>,
    wrapped: Option<Wrapped>,
    pair: Option<(Item, u8)>,
    delivery: Option<Delivery>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Item {
    name: String,
    count: Option<u8>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Wrapped(Item);

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Delivery {
    Never,
    To { street: String, items: Vec<Item> },
    By(Item),
    Between(u8, Item),
}

const ITEM: &str = r#"{"name":"tea","count":1}"#;

#[tokio::test]
async fn a_struct_is_an_object_wherever_it_is() {
    assert_refused(read::<Order>(r#"[{"name":"tea"},null,null,null,null,null]"#).await, "", "must be an object");
    assert_refused(read::<Order>("[]").await, "", "must be an object");
    for (members, pointer) in [
        (r#""item":["tea",1]"#.to_owned(), "/item"),
        (format!(r#""item":{ITEM},"more":[{ITEM},["tea",1]]"#), "/more/1"),
        (format!(r#""item":{ITEM},"by_name":{{"a":["tea",1]}}"#), "/by_name/a"),
        (format!(r#""item":{ITEM},"wrapped":["tea",1]"#), "/wrapped"),
        (format!(r#""item":{ITEM},"pair":[["tea",1],2]"#), "/pair/0"),
        (format!(r#""item":{ITEM},"delivery":{{"to":["Lane",[]]}}"#), "/delivery/to"),
        (
            format!(r#""item":{ITEM},"delivery":{{"to":{{"street":"Lane","items":[["tea",1]]}}}}"#),
            "/delivery/to/items/0",
        ),
        (format!(r#""item":{ITEM},"delivery":{{"by":["tea",1]}}"#), "/delivery/by"),
        (format!(r#""item":{ITEM},"delivery":{{"between":[1,["tea",1]]}}"#), "/delivery/between/1"),
    ] {
        assert_refused(read::<Order>(&format!("{{{members}}}")).await, pointer, "must be an object");
    }
    let unknown = format!(r#"{{"item":{ITEM},"moer":[]}}"#);
    assert_eq!(read::<Order>(&unknown).await.unwrap_err().0, 422);
}

#[tokio::test]
async fn json_that_serde_writes_is_read() {
    let item = || Item { name: "tea".to_owned(), count: Some(1) };
    for delivery in [
        Delivery::Never,
        Delivery::To { street: "Lane".to_owned(), items: vec![item()] },
        Delivery::By(item()),
        Delivery::Between(3, item()),
    ] {
        let order = Order {
            item: item(),
            more: Some(vec![item(), item()]),
            by_name: Some(BTreeMap::from([("a".to_owned(), item())])),
            wrapped: Some(Wrapped(item())),
            pair: Some((item(), 2)),
            delivery: Some(delivery),
        };
        let written = serde_json::to_value(&order).unwrap();
        assert_eq!(read::<Order>(&written.to_string()).await, Ok(written));
    }
}

#[tokio::test]
async fn a_variant_without_content_is_a_string() {
    let written = json!({ "item": { "name": "tea", "count": null }, "more": null, "by_name": null, "wrapped": null,
        "pair": null, "delivery": "never" });
    assert_eq!(read::<Order>(r#"{"item":{"name":"tea"},"delivery":"\u006eever"}"#).await, Ok(written));
    for form in [r#"{"never":null}"#, r#"{"never":[]}"#, "{}", r#""to""#, r#""later""#, "0", "[\"never\"]", "true"] {
        let body = format!(r#"{{"item":{ITEM},"delivery":{form}}}"#);
        let (status, pointer, message) = read::<Order>(&body).await.unwrap_err();
        assert_eq!((status, message.as_str()), (422, "is not of the expected form"), "{form}");
        assert!(pointer.starts_with("/delivery"), "{form}: {pointer}");
    }
    let two = format!(r#"{{"item":{ITEM},"delivery":{{"by":{ITEM},"never":null}}}}"#);
    assert_eq!(read::<Order>(&two).await.unwrap_err().0, 422);
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
enum Size {
    S,
    L,
}

#[derive(Debug, Deserialize, Serialize)]
struct Point(i8, i8);

#[derive(Debug, Deserialize, Serialize)]
struct Marker;

#[derive(Debug, Deserialize, Serialize)]
struct Forms {
    sizes: BTreeMap<Size, u8>,
    numbers: BTreeMap<u16, bool>,
    flags: BTreeMap<bool, char>,
    point: Point,
    marker: Marker,
    unit: (),
    bytes: [u8; 2],
    float: f64,
    big: u64,
    any: Value,
}

/// Maps with keys other than strings, and values of all kinds, are accepted.
#[tokio::test]
async fn other_values_keep_their_form() {
    let good = json!({
        "sizes": { "S": 1, "L": 2 }, "numbers": { "7": true }, "flags": { "true": "x" }, "point": [1, -2], "marker": null,
        "unit": null, "bytes": [1, 2], "float": 0.5, "big": u64::MAX, "any": [{ "a": [1, "b", null, false] }],
    });
    assert_eq!(read::<Forms>(&good.to_string()).await, Ok(good.clone()));
    for (member, value) in [
        ("sizes", json!({ "M": 1 })),
        ("numbers", json!({ "x": true })),
        ("point", json!({ "0": 1, "1": 2 })),
        ("marker", json!([])),
        ("unit", json!({})),
        ("big", json!(-1)),
    ] {
        let mut bad = good.clone();
        bad[member] = value;
        let (status, pointer, _) = read::<Forms>(&bad.to_string()).await.unwrap_err();
        assert!(status == 422 && pointer.starts_with(&format!("/{member}")), "{member}: {status} {pointer}");
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
enum Either {
    One(Item),
}

/// serde reads these types into memory before it asks this crate's deserializer for a struct. The documentation of
/// `Json` states this limit.
#[tokio::test]
async fn inside_an_untagged_enum_serde_takes_both_forms() {
    assert!(read::<Either>(r#"["tea",1]"#).await.is_ok());
    assert!(read::<Either>(ITEM).await.is_ok());
}

#[tokio::test]
async fn json_that_no_type_takes_is_told_as_what_it_is() {
    let deep = |levels: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(levels - 1), "]".repeat(levels - 1));
    assert!(read::<Value>(&deep(127)).await.is_ok());
    for levels in [128, 200, 100_000] {
        assert_refused(read::<Value>(&deep(levels)).await, "", "is nested too deeply");
    }
    for number in ["1e400", "-1e400", "1e999999999999", &"9".repeat(400)] {
        let body = format!(r#"{{"a":[0,{{"b/c":{number}}}]}}"#);
        assert_refused(read::<Value>(&body).await, "/a/1/b~1c", "is a number that is out of range");
        // A member that the type ignores is checked, too.
        assert_refused(
            read::<Item>(&format!(r#"{{"name":"tea","x":{number}}}"#)).await,
            "/x",
            "is a number that is out of range",
        );
    }
    assert!(read::<Value>("[1e-400, 1e308]").await.is_ok());
    let half = read::<Value>(r#"["\ud800"]"#).await;
    assert_eq!(half, Err((400, String::new(), "The body has a string that is not Unicode text.".to_owned())));
    // A syntax error takes precedence, wherever it is.
    for body in [format!("{}x", deep(200)), "[".repeat(200), "[1e400,]".to_owned(), r#"["\ud800" 1]"#.to_owned()] {
        assert_eq!(read::<Value>(&body).await, Err((400, String::new(), "The body is not JSON.".to_owned())), "{body}");
    }
}
