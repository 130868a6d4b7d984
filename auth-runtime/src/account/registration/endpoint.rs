use std::sync::Arc;

use axum::{
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tracing::Level;

use crate::{
    account::{context::AccountContext, event::TARGET, policies},
    auth::{HasAccounts, HasAuth},
    error::{Failure, Problem},
    extract::Json,
    guard::Guard,
    router::{MethodRouter, routing::post},
    store::Profile,
};

use super::{
    members::Members,
    opening::open_account,
    registration::{Registration, Way},
    wanted::Wanted,
};

/// Returns the handler of the endpoint. The policy says why it is open.
pub(in crate::account) fn handler<S>(registration: Registration) -> MethodRouter<S>
where
    S: HasAuth + HasAccounts + Clone + Send + Sync + 'static,
{
    let (way, registration) = (registration.way, Arc::new(registration));
    match way {
        Way::Open => post(move |_: Guard<policies::Register>, context: AccountContext, request: Request| {
            register(registration, context, request)
        }),
        Way::ByInvitation => {
            post(move |_: Guard<policies::RegisterByInvitation>, context: AccountContext, request: Request| {
                register(registration, context, request)
            })
        }
        Way::Closed => post(closed),
    }
}

/// `POST /auth/register`: opens an account. Answers 201 with the account, 409 when a name is taken, and 422 with all
/// faults.
async fn register(registration: Arc<Registration>, context: AccountContext, request: Request) -> Response {
    match steps(&registration, &context, request).await {
        Ok(profile) => (StatusCode::CREATED, Json(profile)).into_response(),
        Err(failure) => failure.into_response(),
    }
}

async fn steps(registration: &Registration, context: &AccountContext, request: Request) -> Result<Profile, Failure> {
    let members = Members::read(request).await?;
    let wanted = Wanted::read(registration, &context.auth, members).await?;
    Ok(open_account(registration, context, wanted).await?.profile())
}

/// Answers that registration is closed. The body is not read.
async fn closed(_: Guard<policies::RegistrationClosed>) -> Problem {
    tracing::event!(target: TARGET, Level::INFO, outcome = "refused", reason = "registration_closed");
    Problem::new(StatusCode::FORBIDDEN, "registration-closed", "This service opens no accounts.")
}
