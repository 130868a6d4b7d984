use axum::{
    Extension,
    extract::{FromRequest, Request},
    http::header::CONTENT_TYPE,
    response::Response,
};
use secrecy::SecretString;
use serde::Deserialize;
use tracing::{Instrument as _, Level};

use crate::{
    error::Problem,
    extract::Json,
    guard::{DeadCookie, Guard},
};

use super::{
    AdministrationError,
    administration::{
        delete::{delete, finish_later},
        last_superuser,
    },
    answer::{
        error_response::ErrorResponse,
        report::{OrReport as _, Report as _},
    },
    context::AccountContext,
    event::TARGET,
    password::change::prove_owner,
    policies,
    request::{
        caller::{LocalCaller, account_of},
        client::Peer,
    },
    sign_out::signed_out,
    uninterrupted::to_its_end,
};

/// The body of a deletion. It may be missing if the caller has just signed in.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proof {
    current_password: Option<SecretString>,
}

impl<S: Send + Sync> FromRequest<S> for Proof {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !request.headers().contains_key(CONTENT_TYPE) {
            return Ok(Self::default());
        }
        Json::from_request(request, state).await.map(|Json(proof)| proof)
    }
}

/// `DELETE /auth/me`: deletes the caller's account with everything that belongs to it. The last active superuser is
/// refused.
pub(super) async fn delete_me(
    _: Guard<policies::DeleteMe>,
    LocalCaller(caller): LocalCaller,
    peer: Peer,
    context: AccountContext,
    dead_cookie: Option<Extension<DeadCookie>>,
    proof: Proof,
) -> Result<Response, ErrorResponse> {
    let account = account_of(&context, &caller).await?;
    prove_owner(&context, &peer, &caller, &account, proof.current_password.as_ref()).await?;
    let deletion = context.clone();
    match to_its_end(async move { delete(&deletion, &account.id, "owner", &[]).await }).await.or_report()? {
        // Another request has deleted it at the same time.
        Ok(()) | Err(AdministrationError::Unknown) => Ok(signed_out(&context, &caller, dead_cookie.is_some())),
        Err(AdministrationError::Store(error)) => {
            tokio::spawn(finish_later(context, caller.subject().to_owned()).in_current_span());
            Err(error.report().into())
        }
        Err(_) => {
            tracing::event!(
                target: TARGET, Level::INFO, user.id = caller.subject(), outcome = "refused", reason = "last_superuser",
            );
            Err(last_superuser().into())
        }
    }
}
