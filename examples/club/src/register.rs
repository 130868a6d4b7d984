use auth_runtime::{
    account::NewMember,
    error::{Failure, FieldError, Problem},
    prelude::*,
    secrecy::{ExposeSecret, SecretString},
    validate::Invalid,
};
use axum::{
    extract::State,
    http::{Method, StatusCode},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    club::Club,
    endpoints::{Endpoints, Visitor},
    pages::{self, View},
};

/// What the club wants to know of a new member beyond the account. `POST /auth/register` takes these members beside its
/// own, with their types.
#[derive(Deserialize)]
pub(crate) struct Extra {
    display_name: String,
    /// A year.
    member_since: u16,
}

const FOUNDED: u16 = 1950;
const LAST_YEAR: u16 = 2100;
const LONGEST_NAME: usize = 50;

impl Extra {
    /// Stores the fields for the account that is being opened. An error keeps the account from being opened.
    pub(crate) async fn store(self, club: &Club, member: &NewMember) -> Result<(), Failure> {
        let mut errors = Vec::new();
        let name = self.display_name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            errors.push(FieldError::new("/display_name", "must have 1 to 50 characters"));
        }
        if !(FOUNDED..=LAST_YEAR).contains(&self.member_since) {
            errors.push(FieldError::new("/member_since", "must be a year from 1950 to 2100"));
        }
        if !errors.is_empty() {
            let title = "The account cannot be opened like this.";
            let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", title);
            return Err(problem.with_errors(errors).into());
        }
        // The hook may run again for the same person, so this replaces the row.
        Ok(club.set_member(&member.id, name, self.member_since).await?)
    }
}

/// The form as the browser sends it: all texts.
#[derive(Deserialize)]
pub(crate) struct Join {
    invitation: SecretString,
    email: String,
    password: SecretString,
    display_name: String,
    member_since: String,
}

/// Opening the link uses nothing up.
#[public(because = "the invitation leads here")]
pub(crate) async fn form(view: View, Path(invitation): Path<SecretString>) -> Html<String> {
    view.page("Join the club", pages::register(&invitation, None))
}

/// Opens the account. A form that does not fit is shown again, with the messages beside the fields.
#[public(because = "the invitation is the credential")]
#[rate_limit(20/min, by = ip)]
#[body(max = 16 KiB, within = 10 s)]
pub(crate) async fn register(
    view: View,
    visitor: Visitor,
    State(endpoints): State<Endpoints>,
    Form(join): Form<Join>,
) -> Response {
    let Join { invitation, email, password, display_name, member_since } = join;
    // A text that is no year stays a text: the endpoint names the fault.
    let year = member_since.trim().parse::<u16>().map_or_else(|_| json!(member_since), |year| json!(year));
    let body = json!({
        "invitation": invitation.expose_secret(),
        "email": email,
        "password": password.expose_secret(),
        "display_name": display_name,
        "member_since": year,
    });
    match endpoints.call(&visitor, Method::POST, "/auth/register", body).await {
        Ok(_) => Redirect::to("/sign-in?joined=true").into_response(),
        Err(refused) => {
            let fields = [("email", email), ("display_name", display_name), ("member_since", member_since)];
            let again: Invalid =
                fields.into_iter().fold(refused, |refused, (name, value)| refused.with_typed(name, value));
            let page = view.page("Join the club", pages::register(&invitation, Some(&again)));
            (again.problem().status(), page).into_response()
        }
    }
}
