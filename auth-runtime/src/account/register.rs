use axum::http::StatusCode;
use secrecy::SecretString;

use crate::{
    auth::Auth,
    error::{FieldError, Problem},
    extract::Json,
    guard::Guard,
    store::{Account, CreateError, NewAccount, Profile},
};

use super::{
    credentials::{Registration, faults},
    engine::Engine,
    failure::Failure,
    policies,
};

/// `POST /auth/register`: 201 with the account, 409 when a name is taken, 422 with everything that is wrong.
pub(super) async fn register(
    _: Guard<policies::Register>,
    engine: Engine,
    Json(registration): Json<Registration>,
) -> Result<(StatusCode, Json<Profile>), Problem> {
    let account = open(&engine, registration).await?;
    Ok((StatusCode::CREATED, Json(account.profile())))
}

async fn open(engine: &Engine, registration: Registration) -> Result<Account, Problem> {
    check(&engine.auth, &registration)?;
    let hash = engine.auth.passwords().hash(&registration.password).await.map_err(|error| Failure::hashing(&error))?;
    let new = NewAccount::new(registration.username, registration.email, SecretString::from(hash));
    engine.accounts.accounts().create(new).await.map_err(creating)
}

fn check(auth: &Auth, registration: &Registration) -> Result<(), Problem> {
    let mut errors = faults(registration);
    // Of an address the policy looks at the part before the `@`; with the other part named, too, the whole address is
    // no password either.
    let domain = registration.email.rsplit('@').next().unwrap_or_default();
    let context = [registration.username.as_str(), registration.email.as_str(), domain];
    if let Err(faults) = auth.password_policy().check(&registration.password, &context) {
        errors.extend(
            faults.iter().map(|fault| FieldError { pointer: "/password".to_owned(), message: fault.to_string() }),
        );
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
            .with_errors(vec![FieldError { pointer: pointer.to_owned(), message: "is taken".to_owned() }])
    };
    match error {
        CreateError::UsernameTaken => taken("/username"),
        CreateError::EmailTaken => taken("/email"),
        CreateError::Store(error) => Failure::store(&error).into(),
    }
}
