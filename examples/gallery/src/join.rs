use core::time::Duration;

use auth_runtime::{
    error::{Failure, FieldError, Problem},
    password::PasswordError,
    prelude::*,
    secrecy::SecretString,
    store::{CreateError, NewAccount},
    validate::{Invalid, Password, email, https_url, plain_lines, username},
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use validator::{Validate, ValidationError};

use crate::{
    pages::{self, View},
    shelf::{Member, Shelf},
};

/// The form. Its rules are those of the account endpoints, with two fields more.
#[derive(Deserialize, Validate)]
pub(crate) struct Join {
    #[validate(custom(function = username))]
    username: String,
    #[validate(custom(function = email))]
    email: String,
    #[validate(nested)]
    password: Password,
    #[validate(custom(function = website, message = "must begin with https://"))]
    website: String,
    #[validate(length(max = 200, message = "must have at most 200 characters"), custom(function = plain_lines))]
    about: String,
}

/// Browsers send fields that are left empty.
fn website(text: &str) -> Result<(), ValidationError> {
    if text.is_empty() { Ok(()) } else { https_url(text) }
}

#[public(because = "anyone may open an account")]
pub(crate) async fn form(view: View) -> Html<String> {
    view.page("Join", pages::join(None))
}

/// Opens an account. A form that does not fit is shown again: its messages beside the fields, with the typed values.
#[public(because = "anyone may open an account")]
#[rate_limit(20/min, by = ip)]
#[body(max = 16 KiB, within = 10 s)]
pub(crate) async fn join(
    view: View,
    State(auth): State<Auth>,
    State(accounts): State<Accounts>,
    State(shelf): State<Shelf>,
    sent: Result<Valid<Form<Join>>, Invalid>,
) -> Result<Response, Failure> {
    let opened = match sent {
        Ok(Valid(Form(join))) => open(&auth, &accounts, &shelf, join).await?,
        Err(invalid) => Err(invalid),
    };
    Ok(match opened {
        Ok(()) => Redirect::to("/sign-in").into_response(),
        Err(invalid) => (invalid.problem().status(), view.page("Join", pages::join(Some(&invalid)))).into_response(),
    })
}

/// The inner error is for the form, the outer one is the service's.
async fn open(auth: &Auth, accounts: &Accounts, shelf: &Shelf, join: Join) -> Result<Result<(), Invalid>, Failure> {
    let Join { username, email, password, website, about } = join;
    let again = |problem: Problem, errors: Vec<FieldError>| {
        let fields = [("username", &username), ("email", &email), ("website", &website), ("about", &about)];
        let invalid = Invalid::from(problem.with_errors(errors));
        fields.into_iter().fold(invalid, |invalid, (name, value)| invalid.with_typed(name, value))
    };
    let password = SecretString::from(password);
    // This service asks no list of leaked passwords. One with `PasswordPolicy::breached` asks it here, too.
    let domain = email.rsplit('@').next().unwrap_or_default();
    if let Err(faults) = auth.password_policy().check(&password, &[&username, &email, domain]) {
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", "Choose another password.");
        let errors = faults.iter().map(|fault| FieldError::new("/password", fault.to_string())).collect();
        return Ok(Err(again(problem, errors)));
    }
    let hash = match auth.passwords().hash(&password).await {
        Err(PasswordError::Busy { retry_after }) => return Err(busy(retry_after).into()),
        hash => hash?,
    };
    let account = NewAccount::new(username.clone(), email.clone(), hash.into());
    let pointer = match accounts.accounts().create(account).await {
        Ok(account) => {
            shelf.add_member(&Member { user: account.id, website, about }).await?;
            return Ok(Ok(()));
        }
        Err(CreateError::UsernameTaken) => "/username",
        Err(CreateError::EmailTaken) => "/email",
        Err(error) => return Err(error.into()),
    };
    let problem = Problem::new(StatusCode::CONFLICT, "taken", "Somebody has this name or address already.");
    Ok(Err(again(problem, vec![FieldError::new(pointer, "is taken")])))
}

/// More passwords are waiting to be hashed than the machine can hash soon.
fn busy(retry_after: Duration) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The service cannot answer at the moment.")
        .with_retry_after(retry_after)
}
