use crate::{
    account::{AdministrationError, GrantError},
    store::Account,
};

use super::{administrator::Administrator, refusal::Refusal};

/// Whom an administrator may change, and what they may grant.
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

    /// Returns an error when a role is new to the account, and unknown to the application that has named its roles. No
    /// handler asks for such a role, so it is a typing error. An account keeps the roles of earlier releases.
    pub(super) fn may_exist(&self, roles: &[String], held: &[String]) -> Result<(), AdministrationError> {
        let is_wrong = |role: &&String| !self.hierarchy.may_have(role) && !held.contains(role);
        let wrong = roles.iter().find(is_wrong);
        wrong.map_or(Ok(()), |role| Err(GrantError::Role(role.clone()).into()))
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
