use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    account::{
        Administration,
        context::AccountContext,
        request::caller::{LocalCaller, account_of, over},
    },
    auth::{HasAccounts, HasAuth},
    guard::{GuardRejection, Rejection},
    identity::Identity,
    policy::Via,
    store::Account,
};

use super::role_hierarchy::Hierarchy;

/// The administrator who calls. The account is read anew, so roles that were taken away a moment ago count no more. A
/// credential that still has them is refused: by them, it passed the policy of the endpoints.
pub(super) struct Administrator {
    pub(super) administration: Administration,
    pub(super) caller: Identity,
    pub(super) account: Account,
    pub(super) hierarchy: Hierarchy,
}

impl<S: HasAuth + HasAccounts + Send + Sync> FromRequestParts<S> for Administrator {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, GuardRejection> {
        let LocalCaller(caller) = LocalCaller::from_request_parts(parts, state).await?;
        let context = AccountContext::from_request_parts(parts, state).await?;
        let account = account_of(&context, &caller).await?;
        if !has_no_more_than(&caller, &account) {
            return Err(GuardRejection::new(outdated(&caller), &context.auth));
        }
        let hierarchy = parts.extensions.get::<Hierarchy>().copied().unwrap_or(Hierarchy::NONE);
        Ok(Self { administration: Administration::of(context), caller, account, hierarchy })
    }
}

/// Returns whether the account still has all roles and scopes with which the guard admitted the caller. Superusers are
/// no exception, since the policy of the endpoints may ask for a role.
fn has_no_more_than(caller: &Identity, account: &Account) -> bool {
    let has = |held: &[String], name: &str| held.iter().any(|one| one == name);
    caller.roles().all(|role| has(&account.roles, role)) && caller.scopes().all(|scope| has(&account.scopes, scope))
}

/// Returns the refusal of a credential that is older than its owner's rights, and tells the operator. A client gets
/// another token by its refresh token. A cookie lives on with the present rights, so asking for another sign-in would
/// mislead its browser.
fn outdated(caller: &Identity) -> Rejection {
    let rejection = over(caller, "older_than_rights");
    if caller.via().accepts(Via::SESSION) { Rejection::Forbidden } else { rejection }
}
