use axum::{
    extract::{FromRequest, Request},
    http::StatusCode,
};
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    error::Problem,
    extract::{Form, Json, is_form},
    session::OwnPath,
};

use super::credentials::Credentials;

/// The body of a browser's sign-in: JSON of a script, or the form of a page.
pub(crate) enum SignInBody {
    Script(Credentials),
    Page(Credentials, WayBack),
}

/// Where the browser goes after the sign-in, as the form asks. `None` if it names no path of this service.
pub(crate) struct WayBack(pub(crate) Option<OwnPath>);

/// The fields of the form. A field given twice is refused, and unknown ones are ignored, as in JSON.
#[derive(Deserialize)]
struct Fields {
    #[serde(alias = "email", alias = "login")]
    username: String,
    password: SecretString,
    device: Option<String>,
    return_to: Option<String>,
}

impl<S: Send + Sync> FromRequest<S> for SignInBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if is_form(request.headers()) {
            let Form(fields) = Form::<Fields>::from_request(request, state).await?;
            let Fields { username, password, device, return_to } = fields;
            let back = return_to.and_then(|path| OwnPath::parse(&path).ok());
            return Ok(Self::Page(Credentials { username, password, device }, WayBack(back)));
        }
        let Json(credentials) = Json::from_request(request, state).await.map_err(neither)?;
        Ok(Self::Script(credentials))
    }
}

/// Names both types of body where another one came.
fn neither(problem: Problem) -> Problem {
    if problem.status() != StatusCode::UNSUPPORTED_MEDIA_TYPE {
        return problem;
    }
    let title = "The body must be `application/json` or `application/x-www-form-urlencoded`.";
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, problem.code(), title)
}
