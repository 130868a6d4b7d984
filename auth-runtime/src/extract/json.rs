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
use serde_json::error::Category;

use crate::error::{FieldError, Problem};

use super::{bad_request, strict::Strict, too_large, wrong_type};

/// A JSON body, in and out.
///
/// Refuses another content type with 415, a body over axum's limit with 413, text that is no JSON with 400, and JSON that
/// does not fit `T` with 422 and a pointer to the member. An object with two members of one name fits no `T`, at any
/// depth, whether `T` reads these members or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(wrong_type("The body must be `application/json`."));
        }
        parse(&read(request, state).await?).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// The whole body, within axum's limit.
pub(crate) async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => bad_request("The body could not be read."),
    })
}

/// Twice over the text: whether it is JSON, all of it and to be read in one way only, has to be known before anything
/// is said of how it fits.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    read_strictly(body)?;
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| misfit(&error))
}

fn read_strictly(body: &[u8]) -> Result<(), Problem> {
    let Err(error) = serde_json::from_slice::<Strict>(body) else { return Ok(()) };
    // A name that stands twice is told of JSON only: the reader stops there, whatever follows.
    if error.classify() != Category::Data || serde_json::from_slice::<IgnoredAny>(body).is_err() {
        return Err(not_json());
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    match serde_path_to_error::deserialize::<_, Strict>(&mut deserializer) {
        Err(error) => Err(unfit(error.path(), "is there twice".to_owned())),
        Ok(Strict) => Err(not_json()),
    }
}

fn misfit(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    // serde's own text can repeat what was sent; only the name of a missing field is the application's.
    let text = error.inner().to_string();
    let message = match text.strip_prefix("missing field ").and_then(|rest| rest.split(" at line ").next()) {
        Some(field) => format!("the member {field} is missing"),
        None => "is not of the expected form".to_owned(),
    };
    unfit(error.path(), message)
}

fn unfit(path: &serde_path_to_error::Path, message: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", "The body does not have the expected form.")
        .with_errors(vec![FieldError { pointer: pointer(path), message }])
}

fn not_json() -> Problem {
    bad_request("The body is not JSON.")
}

/// The path as a JSON pointer (RFC 6901).
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;

    path.iter().fold(String::new(), |mut pointer, segment| {
        pointer.push('/');
        match segment {
            Segment::Seq { index } => pointer.push_str(&index.to_string()),
            Segment::Map { key } => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => pointer.push_str(variant),
            Segment::Unknown => pointer.push('?'),
        }
        pointer
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}
