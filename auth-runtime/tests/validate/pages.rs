//! Forms that a page shows again: messages beside the fields, the typed values, and no password.

use auth_runtime::{
    error::Problem,
    extract::{Form, Query},
    validate::{Invalid, Password, Valid, https_url, plain_lines, username},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::json;
use tower::ServiceExt as _;
use validator::Validate;

use super::support::*;

#[derive(Deserialize, Validate)]
struct Join {
    #[validate(custom(function = username))]
    username: String,
    #[validate(email)]
    email: String,
    #[validate(nested)]
    phrase: Password,
    #[validate(custom(function = https_url, message = "must begin with https://"))]
    website: String,
    #[validate(length(max = 20), custom(function = plain_lines))]
    about: String,
}

const FIVE_WRONG: &str = "username=a+canary&email=canary-b&phrase=canary&website=javascript:canary-d&\
                          about=canary-e+%3Cb%3E+is+much+too+long+for+this";

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_form_with_five_wrong_fields_answers_five_pointers_and_no_value() {
    let (status, document) = send(form::<Join>(), FORM, FIVE_WRONG).await;
    let expected = pairs([
        ("/about", "length"),
        ("/email", "email"),
        ("/phrase", "password-too-short"),
        ("/username", "username"),
        ("/website", "url"),
    ]);
    assert_eq!(listed(status, &document), expected);
    assert!(!document.to_string().contains("canary"), "{document}");
}

/// Writes for each field its value and its messages.
fn page(invalid: &Invalid, fields: &[&str]) -> Response {
    let field = |name: &&str| {
        let messages: Vec<_> = invalid.messages(name).collect();
        json!([name, invalid.typed(name), messages])
    };
    let fields: Vec<_> = fields.iter().map(field).collect();
    (invalid.problem().status(), json!(fields).to_string()).into_response()
}

async fn shown(app: Router, request: Request<Body>) -> (StatusCode, String) {
    let response = app.oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn posted(body: &str) -> Request<Body> {
    Request::post("/").header(CONTENT_TYPE, FORM).body(Body::from(body.to_owned())).unwrap()
}

async fn join(sent: Result<Valid<Form<Join>>, Invalid>) -> Response {
    match sent {
        Ok(Valid(Form(join))) => join.username.into_response(),
        Err(invalid) => page(&invalid, &["username", "email", "phrase", "website", "about", "", "other"]),
    }
}

#[tokio::test]
async fn a_page_has_the_messages_and_what_was_typed_and_no_password() {
    let app = Router::new().route("/", post(join));
    let (status, body) = shown(app.clone(), posted(FIVE_WRONG)).await;
    let expected = json!([
        ["username", "a canary", ["must be 3 to 50 letters, digits or underscores"]],
        ["email", "canary-b", ["must be an e-mail address"]],
        ["phrase", "", ["must have at least 8 characters"]],
        ["website", "javascript:canary-d", ["must begin with https://"]],
        ["about", "canary-e <b> is much too long for this", ["must have a length of at most 20"]],
        ["", "", []],
        ["other", "", []],
    ]);
    assert_eq!((status, body), (StatusCode::UNPROCESSABLE_ENTITY, expected.to_string()));
}

/// Where a member is missing or is there twice, reading goes on in another way.
#[tokio::test]
async fn no_password_is_shown_when_other_fields_are_missing_unknown_or_there_twice() {
    let app = Router::new().route("/", post(join));
    for form in [
        "phrase=canary",
        "phrase=canary&username=alice",
        "phrase=canary&phrase=canary",
        "phrase=canary&phrase%20=x",
        "username=alice&email=a@example.org&phrase=canary&website=https://a.example&about=&admin=1",
    ] {
        let (status, body) = shown(app.clone(), posted(form)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(!body.contains("canary"), "{form}: {body}");
    }
}

#[derive(Deserialize, Validate)]
struct Change {
    #[expect(dead_code, reason = "the field is read and not used")]
    #[serde(rename = "now")]
    current: Option<Password>,
    #[expect(dead_code, reason = "the field is read and not used")]
    new_password: String,
    #[expect(dead_code, reason = "the field is read and not used")]
    client_secret: String,
    #[validate(length(min = 2))]
    label: String,
}

async fn change(sent: Result<Valid<Form<Change>>, Invalid>) -> Response {
    let invalid = sent.err().expect("the label is too short");
    assert!(!format!("{invalid:?}").contains('ä'), "{invalid:?}");
    page(&invalid, &["now", "new_password", "client_secret", "label"])
}

#[tokio::test]
async fn a_secret_is_known_by_its_type_or_by_its_name() {
    let app = Router::new().route("/", post(change));
    let form = "now=canary&new_password=canary&client_secret=canary&label=%C3%A4";
    let (_, body) = shown(app, posted(form)).await;
    let expected = json!([
        ["now", "", []],
        ["new_password", "", []],
        ["client_secret", "", []],
        ["label", "ä", ["must have a length of at least 2"]],
    ]);
    assert_eq!(body, expected.to_string());
}

#[derive(Deserialize, Validate)]
struct Flattened {
    #[validate(length(min = 2))]
    label: String,
    #[expect(dead_code, reason = "the field is read and not used")]
    #[serde(flatten)]
    rest: Change,
}

/// serde reads a flattened field from memory, and does not ask for a secret there.
#[tokio::test]
async fn a_type_in_which_secrets_cannot_be_told_shows_no_value() {
    let read = async |sent: Result<Valid<Form<Flattened>>, Invalid>| match sent {
        Ok(Valid(Form(form))) => form.label.into_response(),
        Err(invalid) => page(&invalid, &["now", "label"]),
    };
    let app = Router::new().route("/", post(read));
    let (_, body) = shown(app, posted("now=canary&new_password=a&client_secret=b&label=c")).await;
    assert!(body.starts_with(r#"[["now","",[]],["label","",["#), "{body}");
}

#[derive(Deserialize, Validate)]
struct Search {
    #[validate(length(min = 2))]
    text: String,
    #[expect(dead_code, reason = "the parameter is read and not used")]
    page: Option<u32>,
}

#[tokio::test]
async fn a_search_is_shown_again() {
    let search = async |sent: Result<Valid<Query<Search>>, Invalid>| match sent {
        Ok(Valid(Query(search))) => search.text.into_response(),
        Err(invalid) => page(&invalid, &["text", "page"]),
    };
    let app = Router::new().route("/", get(search));
    let (_, body) = shown(app, Request::get("/?text=a&page=last").body(Body::empty()).unwrap()).await;
    let expected =
        json!([["text", "a", ["must have a length of at least 2"]], ["page", "last", ["must be an integer"]]]);
    assert_eq!(body, expected.to_string());
}

#[tokio::test]
async fn a_body_of_another_type_has_no_fields() {
    let app = Router::new().route("/", post(join));
    let request = Request::post("/").header(CONTENT_TYPE, "text/plain").body(Body::from("username=a")).unwrap();
    let (status, body) = shown(app, request).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(body.starts_with(r#"[["username","",[]]"#), "{body}");
}

#[test]
fn a_fault_that_the_handler_finds_is_shown_like_the_others() {
    use auth_runtime::error::FieldError;

    let taken = Problem::new(StatusCode::CONFLICT, "taken", "Somebody has this name already.")
        .with_errors(vec![FieldError::new("/a~1b/0", "is taken"), FieldError::new("", "try later")]);
    let invalid = Invalid::from(taken).with_typed("a/b", "alice").with_typed("Password", "canary");
    assert_eq!(invalid.messages("a/b").collect::<Vec<_>>(), ["is taken"]);
    assert_eq!(invalid.messages("").collect::<Vec<_>>(), ["try later"]);
    assert_eq!((invalid.typed("a/b"), invalid.typed("Password")), ("alice", ""));
    assert_eq!(invalid.problem().title(), "Somebody has this name already.");
    assert_eq!(Problem::from(invalid).code(), "taken");
}
