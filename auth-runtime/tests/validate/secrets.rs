//! No answer repeats a value, whatever the rules say of it.

use serde::Deserialize;
use serde_json::json;
use validator::{Validate, ValidationError};

use super::support::*;

#[derive(Deserialize, Validate)]
struct Change {
    #[validate(length(min = 200), contains(pattern = "!"), must_match(other = repeated))]
    password: String,
    repeated: String,
    #[validate(custom(function = talkative))]
    hint: String,
    #[validate(custom(function = generous))]
    answer: String,
    #[validate(range(max = 10))]
    pin: u32,
    #[validate(length(max = 2, message = "is too long"))]
    list: Vec<String>,
}

/// A function of an application that repeats what it gets.
fn talkative(text: &str) -> Result<(), ValidationError> {
    Err(ValidationError::new("talkative").with_message(format!("{text:?} is no hint").into()))
}

fn generous(text: &str) -> Result<(), ValidationError> {
    let mut error = ValidationError::new("generous");
    error.add_param("got".into(), &text);
    error.add_param("all".into(), &json!({ "of": [format!("<{text}>")] }));
    error.add_param("most".into(), &3);
    Err(error)
}

#[tokio::test]
async fn nothing_of_the_values_is_in_the_answer() {
    let body = json!({
        "password": "canary-a", "repeated": "canary-b", "hint": "canary-c", "answer": "canary-d", "pin": 424_242,
        "list": ["canary-e", "canary-f", "canary-g"],
    });
    let (status, document) = send(json::<Change>(), "application/json", body.to_string()).await;
    let expected = pairs([
        ("/answer", "generous"),
        ("/hint", "talkative"),
        ("/list", "length"),
        ("/password", "contains"),
        ("/password", "length"),
        ("/password", "must_match"),
        ("/pin", "range"),
    ]);
    assert_eq!(listed(status, &document), expected);
    let text = document.to_string();
    assert!(!text.contains("canary") && !text.contains("424242"), "{text}");
    let errors = &document["errors"];
    assert_eq!(errors[0]["params"], json!({ "most": 3 }));
    assert_eq!(errors[1]["message"], "is not acceptable");
    assert_eq!(errors[2]["message"], "is too long");
    assert_eq!((&errors[3]["params"], &errors[3]["message"]), (&json!({ "needle": "!" }), &json!("must contain `!`")));
    assert_eq!(errors[5].get("params"), None);
    assert_eq!(errors[6]["params"], json!({ "max": 10 }));
}

/// Serde's own messages contain the values.
#[tokio::test]
async fn nothing_of_a_value_of_another_type_is_in_the_answer() {
    let body = json!({
        "password": 424_242, "repeated": ["canary"], "hint": { "canary": "canary" }, "answer": null, "pin": "canary",
        "list": "canary",
    });
    let (status, document) = send(json::<Change>(), "application/json", body.to_string()).await;
    assert_eq!(listed(status, &document).len(), 6);
    let text = document.to_string();
    assert!(!text.contains("canary") && !text.contains("424242"), "{text}");
}
