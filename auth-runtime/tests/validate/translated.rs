//! The application writes the messages in another language, by their codes.

use auth_runtime::error::{RewriteProblems, SentFieldError, SentProblem};
use serde::Deserialize;
use serde_json::json;
use validator::Validate;

use super::support::*;

#[derive(Deserialize, Validate)]
struct Note {
    #[validate(length(max = 3))]
    title: String,
    #[validate(email)]
    mail: String,
}

fn in_german(problem: SentProblem) -> SentProblem {
    let message = |error: SentFieldError<'_>| match error.code() {
        "length" => Some(format!("darf höchstens {} Zeichen haben", error.param("max")?)),
        "missing" => Some("fehlt".to_owned()),
        _ => None,
    };
    problem.with_title("Das geht so nicht.").with_messages(message)
}

#[tokio::test]
async fn messages_are_replaced_by_their_codes() {
    let app = || json::<Note>().layer(RewriteProblems::new(in_german));
    let (status, document) = send(app(), "application/json", json!({ "title": "long" }).to_string()).await;
    assert_eq!(status, 422);
    assert_eq!(document["title"], "Das geht so nicht.");
    let expected = json!([
        { "pointer": "/mail", "code": "missing", "message": "fehlt" },
        { "pointer": "/title", "code": "length", "message": "darf höchstens 3 Zeichen haben", "params": { "max": 3 } },
    ]);
    assert_eq!(document["errors"], expected);
    let (_, document) = send(app(), "application/json", json!({ "title": "a", "mail": "x" }).to_string()).await;
    assert_eq!(document["errors"][0]["message"], "must be an e-mail address");
}

#[test]
fn the_errors_of_a_document_can_be_read() {
    use auth_runtime::error::{FieldError, Problem};

    let problem = Problem::new(axum::http::StatusCode::CONFLICT, "taken", "It is taken.")
        .with_errors(vec![FieldError::new("/name", "is taken").with_code("taken")]);
    assert_eq!(problem.errors()[0].pointer, "/name");
    assert_eq!(problem.errors()[0].code.as_deref(), Some("taken"));
}
