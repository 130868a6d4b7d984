use std::sync::Arc;

use axum::{
    Extension,
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
    router::{GuardedRouter, routing::post},
    store::Profile,
};

use super::{
    members::Members,
    opening::open_account,
    registration::{Registration, Way},
    wanted::Wanted,
};

/// What the endpoint offers, among the extensions of its requests. A closure could hold it, too, but the access matrix
/// would not know the handler then.
#[derive(Clone)]
struct Offered(Arc<Registration>);

/// Returns the router of the endpoint. The policy says why it is open.
pub(in crate::account) fn routes<S>(path: &str, registration: Registration) -> GuardedRouter<S>
where
    S: HasAuth + HasAccounts + Clone + Send + Sync + 'static,
{
    let handler = match registration.way {
        Way::Open => post(register::<policies::Register>),
        Way::ByInvitation => post(register::<policies::RegisterByInvitation>),
        Way::Closed => post(register::<policies::RegistrationClosed>),
    };
    GuardedRouter::new().route(path, handler).route_layer(Extension(Offered(Arc::new(registration))))
}

/// `POST /auth/register`: opens an account. Answers 201 with the account, 403 when registration is closed, 409 when a
/// name is taken, and 422 with all faults.
async fn register<P>(_: Guard<P>, context: AccountContext, request: Request) -> Response {
    match steps(&context, request).await {
        Ok(profile) => (StatusCode::CREATED, Json(profile)).into_response(),
        Err(failure) => failure.into_response(),
    }
}

async fn steps(context: &AccountContext, request: Request) -> Result<Profile, Failure> {
    let offered = request.extensions().get::<Offered>().cloned();
    let Offered(registration) = offered.ok_or("the router of the registration lost its layer")?;
    if registration.way == Way::Closed {
        return Err(closed().into());
    }
    let members = Members::read(request).await?;
    let wanted = Wanted::read(&registration, &context.auth, members).await?;
    Ok(open_account(&registration, context, wanted).await?.profile())
}

/// Returns the answer that registration is closed. The body is not read.
fn closed() -> Problem {
    tracing::event!(target: TARGET, Level::INFO, outcome = "refused", reason = "registration_closed");
    Problem::new(StatusCode::FORBIDDEN, "registration-closed", "This service opens no accounts.")
}
