use axum::http::StatusCode;

use crate::error::Problem;

/// The reason why an administrator may not make a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The account is a superuser, and the administrator is not.
    Superuser,
    /// The account has a role that the administrator does not hold.
    RoleOfAccount,
    /// The account has a scope that the administrator does not hold.
    ScopeOfAccount,
    /// The administrator would grant a role without holding it.
    RoleNotHeld,
    /// The administrator would grant a scope without holding it.
    ScopeNotHeld,
    /// The administrator would make or unmake a superuser without being one.
    NotSuperuser,
    /// The administrators would take their own last role or scope from themselves.
    OwnLastGrant,
    /// The administrators would deactivate or delete their own account.
    OwnAccount,
    /// The administrators would change their own address or password, or end their own lock. A person needs the present
    /// password for this, or a login of the last minutes: somebody may have found the session of an administrator.
    OwnCredential,
}

impl Refusal {
    /// Returns the reason for the operator's event.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::Superuser => "superuser",
            Self::RoleOfAccount => "role_of_account",
            Self::ScopeOfAccount => "scope_of_account",
            Self::RoleNotHeld => "role_not_held",
            Self::ScopeNotHeld => "scope_not_held",
            Self::NotSuperuser => "not_superuser",
            Self::OwnLastGrant => "own_last_grant",
            Self::OwnAccount => "own_account",
            Self::OwnCredential => "own_credential",
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let beyond = |title: &str| Self::new(StatusCode::FORBIDDEN, "beyond-own-rights", title);
        let own = |title: &str| Self::new(StatusCode::CONFLICT, "own-account", title);
        match refusal {
            Refusal::Superuser => beyond("Only a superuser may change a superuser's account."),
            Refusal::RoleOfAccount => beyond("You may change only accounts whose roles you hold yourself."),
            Refusal::ScopeOfAccount => beyond("You may change only accounts whose scopes you hold yourself."),
            Refusal::RoleNotHeld => beyond("You may grant only roles that you hold yourself."),
            Refusal::ScopeNotHeld => beyond("You may grant only scopes that you hold yourself."),
            Refusal::NotSuperuser => beyond("Only a superuser may make or unmake a superuser."),
            Refusal::OwnLastGrant => own("You would take your own last role or scope. Ask another administrator."),
            Refusal::OwnCredential => own(
                "Change this by the endpoints for one's own account, with your password, or ask another administrator.",
            ),
            Refusal::OwnAccount => own("You would lock yourself out. Ask another administrator."),
        }
    }
}
