use std::borrow::Cow;

use axum::http::StatusCode;
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::{
    account::{email::one_time::read, password::new_password::password_faults},
    auth::Auth,
    error::{FieldError, Problem},
    names::is_email_address,
    token::TokenHash,
};

use super::{
    hook::Hook,
    members::{Members, Own},
    registration::{Registration, Way},
};

/// The account that a request asks for. It has passed all checks that need no store.
pub(super) struct Wanted {
    pub(super) username: String,
    pub(super) email: String,
    pub(super) password: SecretString,
    pub(super) invitation: Option<TokenHash>,
    pub(super) hook: Option<Hook>,
}

impl Wanted {
    /// Checks the body of a request.
    ///
    /// # Errors
    /// Returns 422 with all faults, 400 for a text that is no token, or 503 when the policy for passwords cannot tell.
    pub(super) async fn read(registration: &Registration, auth: &Auth, members: Members) -> Result<Self, Problem> {
        let Members { own, others } = members;
        let mut errors = faults(registration, auth, &own);
        errors.extend(unknown(registration, &others));
        let hook = match registration.fields.as_ref().map(|fields| fields.read(others)).transpose() {
            Ok(hook) => hook,
            Err(error) => {
                // A member that is unknown has its fault already.
                errors.extend((!errors.contains(&error)).then_some(error));
                None
            }
        };
        let Own { username, email, password, invitation } = own;
        let username = match username {
            Some(name) => auth.account_rules().user_names.enforce(&name).map(Cow::into_owned).unwrap_or(name),
            None => email.clone(),
        };
        match password_faults(auth, &password, &username, &email, "/password").await {
            Ok(faults) => errors.extend(faults),
            Err(rejection) if errors.is_empty() => return Err(rejection.into()),
            // The client has other faults to mend first.
            Err(_) => {}
        }
        if !errors.is_empty() {
            return Err(unfit(errors));
        }
        let invitation = invitation.as_ref().map(read).transpose()?;
        Ok(Self { username, email, password, invitation, hook })
    }
}

/// Returns all faults of the names, with pointers into the body.
fn faults(registration: &Registration, auth: &Auth, own: &Own) -> Vec<FieldError> {
    let mut faults = Vec::new();
    faults.extend(username_fault(registration, auth, own.username.as_deref()));
    if !is_email_address(&own.email) {
        faults.push(FieldError::new("/email", "must be an e-mail address").with_code("email"));
    }
    if registration.way == Way::ByInvitation && own.invitation.is_none() {
        let message = "is missing: accounts are opened by invitation";
        faults.push(FieldError::new("/invitation", message).with_code("missing"));
    }
    faults
}

fn username_fault(registration: &Registration, auth: &Auth, username: Option<&str>) -> Option<FieldError> {
    let fault = |message: &str, code| Some(FieldError::new("/username", message).with_code(code));
    match username {
        Some(_) if registration.is_email_alone => fault("is not used: the user name is the e-mail address", "unknown"),
        None if registration.is_email_alone => None,
        None => fault("is missing", "missing"),
        Some(name) => {
            let names = auth.account_rules().user_names;
            if names.enforce(name).is_some() { None } else { fault(names.rule(), "username") }
        }
    }
}

/// The most members of an answer that are called unknown, and the most characters of such a name.
const MOST_UNKNOWN: usize = 16;
const MOST_CHARACTERS: usize = 64;

fn unknown(registration: &Registration, others: &Map<String, Value>) -> Vec<FieldError> {
    let is_known = |name: &str| registration.fields.as_ref().is_some_and(|fields| fields.has(name));
    let unknown = others.keys().filter(|name| !is_known(name)).take(MOST_UNKNOWN);
    unknown
        .map(|name| {
            let name: String = name.chars().take(MOST_CHARACTERS).collect();
            let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
            FieldError::new(pointer, "is unknown").with_code("unknown")
        })
        .collect()
}

/// Returns 422 with the faults.
pub(super) fn unfit(errors: Vec<FieldError>) -> Problem {
    let title = "The account cannot be opened like this.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", title).with_errors(errors)
}
