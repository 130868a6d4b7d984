use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    account::{
        AdministrationError, GrantError, InviteError,
        answer::{error_response::ErrorResponse, report::Report as _, taken::taken},
    },
    error::{FieldError, Problem},
};

/// Turns the error of a change into the client's answer. Errors of stores are reported to the operator. `member` points
/// to the list of roles or scopes in the body.
pub(super) fn answer(error: AdministrationError, member: &str) -> ErrorResponse {
    let not_found = |code, title: &str| Problem::new(StatusCode::NOT_FOUND, code, title).into();
    let conflict = |code, title: &str| Problem::new(StatusCode::CONFLICT, code, title).into();
    match error {
        AdministrationError::Unknown => not_found("no-account", "There is no such account."),
        AdministrationError::UnknownSession => not_found("no-session", "The account has no such session."),
        AdministrationError::UnknownApiKey => not_found("not-found", "The account has no such API key."),
        AdministrationError::LastSuperuser => last_superuser().into(),
        AdministrationError::Pending => {
            conflict("account-pending", "The account waits for its owner. Delete it, or invite another address.")
        }
        AdministrationError::Overtaken => {
            conflict("changed-meanwhile", "The account or your own rights changed at this moment. Try again.")
        }
        AdministrationError::Username { rule } => unfit(FieldError::new("/username", rule).with_code("username")),
        AdministrationError::Email => unfit(FieldError::new("/email", "must be an e-mail address").with_code("email")),
        AdministrationError::UsernameTaken => taken("/username").into(),
        AdministrationError::EmailTaken => taken("/email").into(),
        AdministrationError::Grant(error) => grant(error, member),
        AdministrationError::Store(error) => error.report().into(),
    }
}

/// The answer of a page of the application: that of the endpoints of
/// [`administration`](crate::account::administration()). An error of a store is 503, and an event tells the operator.
impl IntoResponse for AdministrationError {
    fn into_response(self) -> Response {
        answer(self, "").into_response()
    }
}

/// The answer of `POST …/invitations`.
impl IntoResponse for InviteError {
    fn into_response(self) -> Response {
        AdministrationError::from(self).into_response()
    }
}

/// Returns the refusal to demote, deactivate or delete the last active superuser.
pub(in crate::account) fn last_superuser() -> Problem {
    let title = "The account is the last active superuser. Make another one first.";
    Problem::new(StatusCode::CONFLICT, "last-superuser", title)
}

/// Returns 422 with the fault of a list of roles or scopes. The answer repeats no name of the request.
fn grant(error: GrantError, member: &str) -> ErrorResponse {
    let fault = |message: String, code| FieldError::new(member, message).with_code(code);
    unfit(match error {
        GrantError::Role(_) => FieldError::new("/roles", "has a text that is not the name of a role").with_code("role"),
        GrantError::Scope(_) => FieldError::new("/scopes", "has a text that is not a scope").with_code("scope"),
        GrantError::Twice(_) => fault("has a name twice".to_owned(), "unique"),
        GrantError::TooManyRoles { max, .. } => {
            let fault = FieldError::new("/roles", format!("may have {max} names at most"));
            fault.with_code("length").with_param("max", max)
        }
        GrantError::TokenTooLong { .. } => {
            fault("makes access tokens that are too long: grant fewer names".to_owned(), "token_too_long")
        }
        GrantError::Token(error) => return error.report().into(),
        GrantError::Store(error) => return error.report().into(),
    })
}

fn unfit(fault: FieldError) -> ErrorResponse {
    let title = "The account cannot be changed like this.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", title).with_errors(vec![fault]).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::StoreError;

    #[test]
    fn errors_are_answers_of_handlers_too() {
        let lost = || StoreError::new("accounts", "lost");
        let answers = [
            (AdministrationError::Unknown, 404),
            (AdministrationError::LastSuperuser, 409),
            (AdministrationError::Username { rule: "must be a name" }, 422),
            (AdministrationError::Grant(GrantError::Twice("a".to_owned())), 422),
            (InviteError::HasAccount.into(), 409),
            (InviteError::NoAddress.into(), 422),
            (lost().into(), 503),
        ];
        for (error, status) in answers {
            let described = error.to_string();
            assert_eq!(error.into_response().status(), status, "{described}");
        }
        assert_eq!(InviteError::Store(lost()).into_response().status(), 503);
    }

    #[tokio::test]
    async fn too_many_roles_are_a_fault_of_their_list() {
        let answer = answer(GrantError::TooManyRoles { roles: 89, max: 88 }.into(), "").into_response();
        let body = axum::body::to_bytes(answer.into_body(), 1_000).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let fault = &body["errors"][0];
        assert_eq!(
            (&fault["pointer"], &fault["code"], &fault["params"]["max"]),
            (&"/roles".into(), &"length".into(), &88.into())
        );
    }
}
