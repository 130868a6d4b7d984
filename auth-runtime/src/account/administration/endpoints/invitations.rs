use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::{
    account::{AdministrationError, NewInvitation, answer::error_response::ErrorResponse, policies},
    clock::{UnixTime, rfc3339},
    extract::Json,
    guard::Guard,
    names::is_email_address,
};

use super::{
    administrator::Administrator,
    change::Change,
    creation::{demand_mail, with_a_name_twice},
};

/// The person whom an administrator invites, and what the account will have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Invitation {
    email: String,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    scopes: Vec<String>,
}

/// The answer to an invitation. It never has the token, which goes to the invited address alone.
#[derive(Serialize)]
pub(super) struct Sent {
    id: String,
    #[serde(serialize_with = "rfc3339")]
    expires_at: UnixTime,
}

/// `POST /invitations`: reserves an account for an address, and sends a token there that opens it.
pub(super) async fn invite(
    _: Guard<policies::InviteAccount>,
    administrator: Administrator,
    Json(Invitation { email, roles, scopes }): Json<Invitation>,
) -> Result<(StatusCode, Json<Sent>), ErrorResponse> {
    demand_mail(&administrator)?;
    let mut change = Change::of_new(&administrator, "invite").of_member(with_a_name_twice(&roles, &scopes));
    change.demand(administrator.may_grant_roles(&roles))?;
    change.demand(administrator.may_grant_scopes(&scopes))?;
    administrator.may_exist(&roles, &[]).map_err(|error| change.failed(error))?;
    may_replace(&administrator, &mut change, &email).await?;
    let mut invitation = NewInvitation::new(email);
    (invitation.roles, invitation.scopes) = (roles, scopes);
    let sent = change.create(move |administration| async move {
        let invited = administration.invite(invitation).await?;
        Ok((invited.id.clone(), Sent { id: invited.id, expires_at: invited.expires_at }))
    });
    Ok((StatusCode::CREATED, Json(sent.await?)))
}

/// Refuses to replace an invitation with rights that the administrator does not hold.
async fn may_replace(administrator: &Administrator, change: &mut Change, email: &str) -> Result<(), ErrorResponse> {
    if !is_email_address(email) {
        return Err(change.failed(AdministrationError::Email));
    }
    match administrator.administration.find_by_login(email).await {
        Ok(found) if found.pending_until.is_some() => {
            change.demand(administrator.may_change(&found))?;
            change.rests_on(&found);
            Ok(())
        }
        Ok(_) | Err(AdministrationError::Unknown) => Ok(()),
        Err(error) => Err(change.failed(error)),
    }
}
