use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde::{
    Serialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::{Value, error::Category};

use crate::error::{FieldError, Problem};

use super::{
    bad_request,
    one_form::{NOT_AN_OBJECT, OneForm, UNKNOWN},
    strict::Strict,
    too_large, wrong_type,
};

/// A JSON body, in and out.
///
/// Each of these is refused:
///
/// | Body | Status |
/// |---|---|
/// | another content type | 415 |
/// | a body over axum's limit | 413 |
/// | text that is not JSON | 400 |
/// | JSON that does not fit `T` | 422, with a pointer to the member |
///
/// The following fit no `T`, at any depth, whether `T` reads them or not:
///
/// - an object with two members of one name,
/// - a number beyond the range of `f64`,
/// - 128 levels of arrays and objects.
///
/// Each value has one form. A struct and a struct variant are objects. serde's derived code would also take an array of
/// their fields in order, which is refused here. A variant without content is a string. Tuples and tuple structs are
/// arrays.
///
/// This holds wherever serde asks the deserializer for a struct. Some values serde first reads into memory and then
/// takes in either form. So arrays pass there, and `deny_unknown_fields` has no effect. These values are the content of
/// an untagged enum, of an internally tagged enum and of a flattened field, and the content of an adjacently tagged
/// enum before its tag. Where that matters, use serde's default, the externally tagged representation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        parse(&read_json(request, state).await?).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Reads the whole body of a request that says it is JSON.
pub(crate) async fn read_json<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    if !is_json(request.headers()) {
        return Err(wrong_type("The body must be `application/json`."));
    }
    read(request, state).await
}

/// Reads the whole body, within axum's limit.
pub(crate) async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => bad_request("The body could not be read."),
    })
}

/// Reads the text twice. The first pass decides whether all of it is JSON with a single reading; only then does the
/// second report how it fits.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    read_strictly(body)?;
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(OneForm::<_, false>(&mut deserializer)).map_err(|error| unfit(misfit(&error)))
}

/// Reads a value from members that [`parse`] has read. A member that `T` does not have is refused, also without
/// `deny_unknown_fields`.
///
/// # Errors
/// Returns the first fault.
pub(crate) fn fit<T: DeserializeOwned>(members: Value) -> Result<T, FieldError> {
    serde_path_to_error::deserialize(OneForm::<_, true>(members)).map_err(|error| misfit(&error))
}

/// Checks that the text is JSON with a single reading.
pub(crate) fn read_strictly(body: &[u8]) -> Result<(), Unreadable> {
    if serde_json::from_slice::<Strict>(body).is_ok() {
        return Ok(());
    }
    // Checks the grammar of the whole text first, because the strict reader stops at the first fault of any kind.
    if core::str::from_utf8(body).is_err() || serde_json::from_slice::<IgnoredAny>(body).is_err() {
        return Err(Unreadable::NotJson);
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    match serde_path_to_error::deserialize::<_, Strict>(&mut deserializer) {
        Err(error) => Err(unreadable(&error)),
        Ok(Strict) => Err(Unreadable::NotJson),
    }
}

/// The reason why a text is not JSON with a single reading.
pub(crate) enum Unreadable {
    NotJson,
    NotText,
    Member { pointer: String, code: &'static str, message: &'static str },
}

impl From<Unreadable> for Problem {
    fn from(reason: Unreadable) -> Self {
        match reason {
            Unreadable::NotJson => bad_request("The body is not JSON."),
            Unreadable::NotText => bad_request("The body has a string that is not Unicode text."),
            Unreadable::Member { pointer, code, message } => unfit(FieldError::new(pointer, message).with_code(code)),
        }
    }
}

/// Words the problem of a body that is JSON by the grammar (RFC 8259) but contains something that the RFC leaves to the
/// reader. Only the texts of serde_json's errors separate the kinds.
fn unreadable(error: &serde_path_to_error::Error<serde_json::Error>) -> Unreadable {
    let text = error.inner().to_string();
    let member = |code, message| Unreadable::Member { pointer: pointer(error.path()), code, message };
    if error.inner().classify() == Category::Data {
        member("duplicate", "is there twice")
    } else if text.starts_with("number out of range") {
        member("range", "is a number that is out of range")
    } else if text.starts_with("recursion limit exceeded") {
        // A pointer to that depth would be too long to help; this one points to the whole body.
        Unreadable::Member { pointer: String::new(), code: "depth", message: "is nested too deeply" }
    } else {
        Unreadable::NotText
    }
}

/// Words the fault of a value that does not fit. The codes are those of `Valid`.
fn misfit(error: &serde_path_to_error::Error<serde_json::Error>) -> FieldError {
    // serde's own text can repeat what the client sent. Only its beginning does not, and the name of a missing member,
    // which comes from the application.
    let text = error.inner().to_string();
    let at = pointer(error.path());
    if let Some(rest) = text.strip_prefix("missing field `") {
        // An error in members that were read already names no line.
        let name = rest.split("` at line ").next().unwrap_or(rest);
        return FieldError::new(joined(at, name.trim_end_matches('`')), "is missing").with_code("missing");
    }
    if text.starts_with(NOT_AN_OBJECT) {
        FieldError::new(at, NOT_AN_OBJECT).with_code("type").with_param("expected", "an object")
    } else if text.starts_with("unknown field `") || text.starts_with(UNKNOWN) {
        FieldError::new(at, "is unknown").with_code("unknown")
    } else {
        let kinds = [("invalid type: ", "type"), ("invalid length ", "type"), ("unknown variant `", "choice")];
        let code = kinds.iter().find(|(begin, _)| text.starts_with(begin)).map_or("value", |(_, code)| *code);
        FieldError::new(at, "is not of the expected form").with_code(code)
    }
}

fn unfit(error: FieldError) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", "The body does not have the expected form.")
        .with_errors(vec![error])
}

/// Returns the path as a JSON pointer (RFC 6901).
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;

    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => joined(pointer, &index.to_string()),
        Segment::Map { key } => joined(pointer, key),
        Segment::Enum { variant } => joined(pointer, variant),
        Segment::Unknown => joined(pointer, "?"),
    })
}

fn joined(mut pointer: String, name: &str) -> String {
    pointer.push('/');
    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
    pointer
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}
