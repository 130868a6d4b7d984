//! Pointers have the names that clients send.

use std::collections::{BTreeMap, HashMap};

use auth_runtime::validate::slug;
use serde::Deserialize;
use serde_json::json;
use validator::Validate;

use super::support::*;

#[derive(Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
struct Person {
    #[validate(length(min = 2))]
    first_name: String,
    #[validate(required)]
    date_of_birth: Option<String>,
    #[serde(rename = "E-Mail")]
    #[validate(email)]
    email: String,
    #[validate(length(min = 2))]
    r#type: String,
    #[validate(nested)]
    home_address: Address,
}

#[derive(Deserialize, Validate)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
struct Address {
    #[validate(length(min = 2))]
    house_number: String,
}

#[tokio::test]
async fn renamed_fields_are_found() {
    let body = json!({
        "firstName": "a", "E-Mail": "b", "type": "c", "homeAddress": { "HOUSE-NUMBER": "1" },
    });
    assert_eq!(
        faults::<Person>(body).await,
        pairs([
            ("/E-Mail", "email"),
            ("/dateOfBirth", "required"),
            ("/firstName", "length"),
            ("/homeAddress/HOUSE-NUMBER", "length"),
            ("/type", "length"),
        ])
    );
}

#[derive(Deserialize, Validate)]
struct Envelope {
    #[serde(flatten)]
    #[validate(nested)]
    inner: Address,
    #[validate(length(min = 2))]
    subject: String,
}

#[tokio::test]
async fn a_flattened_field_has_no_part_in_a_pointer() {
    let body = json!({ "HOUSE-NUMBER": "1", "subject": "s" });
    assert_eq!(faults::<Envelope>(body).await, pairs([("/HOUSE-NUMBER", "length"), ("/subject", "length")]));
}

#[derive(Deserialize, Validate)]
#[validate(schema(function = ends_later))]
struct Span {
    #[validate(range(min = 1))]
    from: u32,
    to: u32,
}

fn ends_later(span: &Span) -> Result<(), validator::ValidationError> {
    if span.from <= span.to { Ok(()) } else { Err(validator::ValidationError::new("order")) }
}

#[derive(Deserialize, Validate)]
struct Spans {
    #[validate(nested)]
    spans: Vec<Span>,
    #[validate(nested)]
    rows: Vec<Vec<Span>>,
}

#[tokio::test]
async fn a_rule_of_a_whole_value_points_to_it() {
    assert_eq!(faults::<Span>(json!({ "from": 2, "to": 1 })).await, pairs([("", "order")]));
    let body =
        json!({ "spans": [{ "from": 1, "to": 1 }, { "from": 2, "to": 1 }], "rows": [[], [{ "from": 0, "to": 1 }]] });
    assert_eq!(faults::<Spans>(body).await, pairs([("/rows/1/0/from", "range"), ("/spans/1", "order")]));
    // The rule would be judged by values that the client did not send.
    assert_eq!(faults::<Span>(json!({ "from": 2 })).await, pairs([("/to", "missing")]));
}

#[derive(Deserialize, Validate)]
struct Word {
    #[validate(custom(function = slug))]
    word: String,
}

#[derive(Deserialize)]
struct Book {
    by_page: BTreeMap<String, Word>,
    by_name: HashMap<String, Word>,
}

impl Validate for Book {
    fn validate(&self) -> Result<(), validator::ValidationErrors> {
        let mut errors = validator::ValidationErrors::new();
        for (name, result) in [("by_page", (&self.by_page).validate()), ("by_name", (&self.by_name).validate())] {
            if result.is_err() {
                errors.merge_self(name, result);
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// `validator` counts the entries of a map in no order that the client knows.
#[tokio::test]
async fn a_rule_of_an_entry_points_to_its_map() {
    let body = json!({
        "by_page": { "p": { "word": "a" }, "q": { "word": "A" } },
        "by_name": { "n": { "word": "A" }, "m": { "word": "B" } },
    });
    assert_eq!(faults::<Book>(body).await, pairs([("/by_name", "slug"), ("/by_page", "slug")]));
}

#[derive(Deserialize, Validate)]
struct Renamed {
    #[serde(rename = "mail")]
    #[validate(email)]
    address: String,
    #[serde(rename = "n", alias = "number")]
    #[validate(range(min = 1))]
    count: u8,
    #[serde(flatten)]
    #[validate(nested)]
    more: More,
}

#[derive(Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
struct More {
    #[validate(length(min = 2))]
    last_name: String,
    #[validate(required)]
    nick_name: Option<String>,
}

/// The limits of what can be known, as the guide tells them.
#[tokio::test]
async fn a_field_with_another_name_on_the_wire_has_its_own_in_the_pointers_of_rules() {
    let body = json!({ "mail": "x", "n": 0, "lastName": "a" });
    let expected = [
        ("/address", "email"),
        ("/count", "range"),
        ("/lastName", "length"),
        // No member shows how the flattened field is named.
        ("/nick_name", "required"),
    ];
    assert_eq!(faults::<Renamed>(body).await, pairs(expected));
    // Whether a member is there and of its type, serde decides by the names of the wire.
    assert_eq!(faults::<Plain>(json!({ "n": "x" })).await, pairs([("/mail", "missing"), ("/n", "type")]));
}

#[derive(Deserialize, Validate)]
struct Plain {
    #[serde(rename = "mail")]
    #[validate(email)]
    address: String,
    #[serde(rename = "n")]
    #[validate(range(min = 1))]
    count: u8,
}
