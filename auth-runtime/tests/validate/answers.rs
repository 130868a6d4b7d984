//! The answers about a body of JSON.

use std::collections::HashMap;

use auth_runtime::validate::{Check, Password, Violation, email, plain_text, slug, unique, username};
use serde::{Deserialize, Serialize};
use serde_json::json;
use validator::Validate;

use super::support::*;

#[derive(Deserialize, Validate)]
struct Registration {
    #[validate(custom(function = username))]
    username: String,
    #[validate(custom(function = email))]
    email: String,
    #[validate(nested)]
    password: Password,
    #[validate(range(min = 18, max = 150))]
    age: u8,
    #[validate(length(max = 5), custom(function = plain_text))]
    city: Option<String>,
}

fn good() -> serde_json::Value {
    json!({ "username": "alice", "email": "a@example.org", "password": "correct horse battery", "age": 20 })
}

#[tokio::test]
async fn a_body_that_keeps_its_rules_is_read() {
    assert_eq!(faults::<Registration>(good()).await, []);
}

#[tokio::test]
async fn five_wrong_fields_are_five_pointers_and_no_value() {
    let body = json!({
        "username": "canary one", "email": "canary-two", "password": "canary3", "age": 7, "city": "canary\u{202e}four",
    });
    let (status, document) = send(json::<Registration>(), "application/json", body.to_string()).await;
    let expected = pairs([
        ("/age", "range"),
        ("/city", "length"),
        ("/city", "plain_text"),
        ("/email", "email"),
        ("/password", "password-too-short"),
        ("/username", "username"),
    ]);
    assert_eq!(listed(status, &document), expected);
    assert!(!document.to_string().contains("canary"), "{document}");
    assert_eq!((&document["code"], document["title"].is_string()), (&json!("invalid-body"), true));
    assert_eq!(
        document["errors"][0],
        json!({
            "pointer": "/age", "code": "range", "message": "must be at least 18 and at most 150",
            "params": { "min": 18, "max": 150 },
        })
    );
    assert_eq!(
        document["errors"][4],
        json!({
            "pointer": "/password", "code": "password-too-short", "message": "must have at least 8 characters",
            "params": { "min": 8 },
        })
    );
}

#[tokio::test]
async fn wrong_types_missing_and_unknown_members_are_told_with_broken_rules() {
    let body = json!({ "username": 5, "email": "canary", "age": "canary", "city": "Berlin!", "admin": true });
    let (status, document) = send(json::<Registration>(), "application/json", body.to_string()).await;
    let expected = pairs([
        ("/admin", "unknown"),
        ("/age", "type"),
        ("/city", "length"),
        ("/email", "email"),
        ("/password", "missing"),
        ("/username", "type"),
    ]);
    assert_eq!(listed(status, &document), expected);
    assert!(!document.to_string().contains("canary"), "{document}");
    assert_eq!(document["errors"][1]["message"], "must be an integer");
}

#[tokio::test]
async fn a_member_with_a_wrong_type_is_told_once() {
    for body in [json!({}), json!([]), json!("x"), json!(null), json!(7)] {
        let told = faults::<Registration>(body.clone()).await;
        let pointers: std::collections::BTreeSet<_> = told.iter().map(|(pointer, _)| pointer).collect();
        assert!(!told.is_empty() && pointers.len() == told.len(), "{body}: {told:?}");
    }
    assert_eq!(faults::<Registration>(json!([])).await, pairs([("", "type")]));
    assert_eq!(
        faults::<Registration>(json!({})).await,
        pairs([("/age", "missing"), ("/email", "missing"), ("/password", "missing"), ("/username", "missing")])
    );
}

#[derive(Deserialize, Validate)]
struct Order {
    #[validate(length(min = 1, max = 3), nested)]
    items: Vec<Item>,
    #[validate(nested)]
    address: Address,
    #[validate(custom(function = unique))]
    tags: Vec<u32>,
    #[validate(required)]
    note: Option<String>,
}

#[derive(Deserialize, Serialize, Validate)]
struct Item {
    #[validate(custom(function = slug))]
    name: String,
    #[validate(range(min = 1))]
    count: u32,
}

#[derive(Deserialize, Validate)]
struct Address {
    #[validate(length(min = 1))]
    street: String,
}

#[tokio::test]
async fn nested_values_and_lists_have_pointers_of_their_own() {
    let body = json!({
        "items": [{ "name": "a", "count": 1 }, { "name": "A B", "count": 0 }],
        "address": { "street": "" },
        "tags": [1, 2, 1],
    });
    assert_eq!(
        faults::<Order>(body).await,
        pairs([
            ("/address/street", "length"),
            ("/items/1/count", "range"),
            ("/items/1/name", "slug"),
            ("/note", "required"),
            ("/tags", "unique"),
        ])
    );
    let body = json!({
        "items": [{ "name": "a", "count": -1 }, { "name": "A B" }],
        "address": { "street": "s", "zip": 1 },
        "tags": [1, "two"],
        "note": "n",
    });
    assert_eq!(
        faults::<Order>(body).await,
        pairs([
            ("/address/zip", "unknown"),
            ("/items/0/count", "value"),
            ("/items/1/count", "missing"),
            ("/items/1/name", "slug"),
            ("/tags/1", "type"),
        ])
    );
}

#[derive(Deserialize, Validate)]
struct List {
    #[validate(nested)]
    items: Vec<Item>,
}

#[tokio::test]
async fn the_answer_to_many_faults_is_short() {
    let items: Vec<_> = (0..10_000).map(|_| json!({ "name": "A B", "count": 0 })).collect();
    let told = faults::<List>(json!({ "items": items })).await;
    assert_eq!(told.len(), 64);
    let items: Vec<_> = (0..10_000).map(|_| json!({ "name": 1 })).collect();
    let told = faults::<List>(json!({ "items": items })).await;
    assert_eq!(told, pairs([("/items/0/name", "type")]));
    let long = "x".repeat(100_000);
    assert_eq!(faults::<List>(json!({ "items": [], (&*long): 1 })).await, pairs([("", "unknown")]));
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Colour {
    Red,
    Green,
}

impl Colour {
    fn is_warm(&self) -> bool {
        matches!(self, Self::Red)
    }
}

#[derive(Deserialize)]
struct Paint {
    colour: Colour,
    by_room: HashMap<String, u8>,
}

impl Check for Paint {
    fn check(&self) -> Vec<Violation> {
        let cold = (!self.colour.is_warm()).then(|| Violation::new("cold").in_member("colour").with_param("most", 3));
        let rooms = self.by_room.is_empty().then(|| Violation::new("rooms").with_message("must have a room"));
        cold.into_iter().chain(rooms).collect()
    }
}

#[tokio::test]
async fn rules_may_be_written_by_hand() {
    let body = json!({ "colour": "green", "by_room": {} });
    let (status, document) = send(json::<Paint>(), "application/json", body.to_string()).await;
    assert_eq!(listed(status, &document), pairs([("", "rooms"), ("/colour", "cold")]));
    assert_eq!(document["errors"][0]["message"], "must have a room");
    assert_eq!(document["errors"][1]["params"], json!({ "most": 3 }));
    let body = json!({ "colour": "blue", "by_room": { "attic": 256, "a/b": "x" } });
    assert_eq!(
        faults::<Paint>(body).await,
        pairs([("/by_room/attic", "value"), ("/by_room/a~1b", "type"), ("/colour", "choice")])
    );
}

#[tokio::test]
async fn another_content_type_and_a_long_body_have_the_usual_answers() {
    let (status, document) = send(json::<Order>(), "text/plain", "{}").await;
    assert_eq!((status, &document["code"]), (415, &json!("unsupported-media-type")));
    let (status, document) = send(json::<Order>(), "application/json", " ".repeat(3_000_000)).await;
    assert_eq!((status, &document["code"]), (413, &json!("payload-too-large")));
}
