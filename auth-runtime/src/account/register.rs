use axum::http::StatusCode;

use crate::{
    auth::Auth,
    error::{FieldError, Problem, UNAVAILABLE_RETRY_SECONDS},
    extract::Json,
    guard::Guard,
    store::{Account, CreateError, NewAccount, Profile},
};

use super::{
    answer::{rejection::EndpointRejection, report::Report as _},
    context::AccountContext,
    email::verification::send_verification_to,
    password::new_password::{hash, password_faults},
    policies,
    request::credentials::{Registration, faults},
};

/// `POST /auth/register`: opens an account. Answers 201 with the account, 409 when a name is taken, and 422 with all
/// faults.
pub(super) async fn register(
    _: Guard<policies::Register>,
    context: AccountContext,
    Json(registration): Json<Registration>,
) -> Result<(StatusCode, Json<Profile>), Problem> {
    let account = open(&context, registration).await?;
    // The account exists even if no message can be sent now.
    let _ = send_verification_to(&context, &account).await;
    Ok((StatusCode::CREATED, Json(account.profile())))
}

async fn open(context: &AccountContext, registration: Registration) -> Result<Account, Problem> {
    check(&context.auth, &registration).await?;
    let hash = hash(context, &registration.password).await?;
    let new = NewAccount::new(registration.username, registration.email, hash);
    context.accounts.accounts().create(new).await.map_err(creating)
}

async fn check(auth: &Auth, registration: &Registration) -> Result<(), Problem> {
    let Registration { username, email, password } = registration;
    let mut errors = faults(registration);
    match password_faults(auth, password, username, email, "/password").await {
        Ok(faults) => errors.extend(faults),
        Err(rejection) if errors.is_empty() => return Err(rejection.into()),
        // The client has other faults to mend first.
        Err(_) => {}
    }
    if errors.is_empty() {
        return Ok(());
    }
    let problem =
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", "The account cannot be opened like this.");
    Err(problem.with_errors(errors))
}

fn creating(error: CreateError) -> Problem {
    let taken = |pointer: &str| {
        Problem::new(StatusCode::CONFLICT, "taken", "Somebody has this name or address already.")
            .with_errors(vec![FieldError::new(pointer, "is taken").with_code("taken")])
    };
    match error {
        CreateError::UsernameTaken => taken("/username"),
        CreateError::EmailTaken => taken("/email"),
        // The store creates the identifier, so the client cannot mend this.
        CreateError::IdTaken => EndpointRejection::Unavailable(UNAVAILABLE_RETRY_SECONDS).into(),
        CreateError::Store(error) => error.report().into(),
    }
}
