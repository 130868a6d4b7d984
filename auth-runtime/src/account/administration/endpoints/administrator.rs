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

use super::{hierarchy::Hierarchy, refusal::Refusal};

/// The administrator who calls. The account is read anew, so roles that were taken away a moment ago count no more. A
/// credential that still has them is refused: by them, it passed the policy of the endpoints.
pub(super) struct Administrator {
    pub(super) administration: Administration,
    pub(super) caller: Identity,
    pub(super) account: Account,
    hierarchy: Hierarchy,
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

impl Administrator {
    /// Returns an error unless the administrator may change this account at all.
    pub(super) fn may_change(&self, target: &Account) -> Result<(), Refusal> {
        if self.account.superuser {
            return Ok(());
        }
        if target.superuser {
            return Err(Refusal::Superuser);
        }
        if !self.holds_roles(&target.roles) {
            return Err(Refusal::RoleOfAccount);
        }
        if self.holds_scopes(&target.scopes) { Ok(()) } else { Err(Refusal::ScopeOfAccount) }
    }

    /// Returns an error unless the administrator may give these roles to others.
    pub(super) fn may_grant_roles(&self, roles: &[String]) -> Result<(), Refusal> {
        if self.account.superuser || self.holds_roles(roles) { Ok(()) } else { Err(Refusal::RoleNotHeld) }
    }

    /// Returns an error unless the administrator may give these scopes to others.
    pub(super) fn may_grant_scopes(&self, scopes: &[String]) -> Result<(), Refusal> {
        if self.account.superuser || self.holds_scopes(scopes) { Ok(()) } else { Err(Refusal::ScopeNotHeld) }
    }

    /// Returns an error when the administrator would take the last of their own roles, or of their own scopes.
    pub(super) fn may_leave(&self, target: &Account, held: &[String], kept: &[String]) -> Result<(), Refusal> {
        let takes_last = self.is_own(target) && kept.is_empty() && !held.is_empty();
        if takes_last { Err(Refusal::OwnLastGrant) } else { Ok(()) }
    }

    /// Returns an error unless the administrator may make or unmake a superuser.
    pub(super) fn may_make_superusers(&self) -> Result<(), Refusal> {
        if self.account.superuser { Ok(()) } else { Err(Refusal::NotSuperuser) }
    }

    /// Returns an error when the account is the administrator's own.
    pub(super) fn must_be_another(&self, target: &Account) -> Result<(), Refusal> {
        if self.is_own(target) { Err(Refusal::OwnAccount) } else { Ok(()) }
    }

    /// Returns an error when the account is the administrator's own: here, the change would need less than the
    /// endpoints for one's own account ask for.
    pub(super) fn must_not_replace_own(&self, target: &Account) -> Result<(), Refusal> {
        if self.is_own(target) { Err(Refusal::OwnCredential) } else { Ok(()) }
    }

    fn is_own(&self, target: &Account) -> bool {
        self.account.id == target.id
    }

    fn holds_roles(&self, roles: &[String]) -> bool {
        roles.iter().all(|role| self.hierarchy.is_held(role, &self.account.roles))
    }

    fn holds_scopes(&self, scopes: &[String]) -> bool {
        // A token may have fewer scopes than its owner, and then grants no more than it has.
        scopes.iter().all(|scope| self.account.scopes.contains(scope) && self.caller.has_scope(scope))
    }
}
