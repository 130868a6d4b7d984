//! Constants as roles and scopes, and named policies.

use auth_runtime::{HasPolicy, Policy, policy::{RoleRule, Rule}, prelude::*};

mod scopes {
    pub const READ: &str = "notes:read";
    pub const WRITE: &str = "notes:write";
}

use scopes::READ;

#[derive(Role)]
enum Role {
    Member,
    #[role(implies = Member)]
    Admin,
    QA,
}

const ADMIN: &str = "admin";
const AUDITOR: RoleRule = RoleRule::new("auditor");
const CHIEF: Role = Role::Admin;

#[require_scope(READ)]
async fn read() {}

#[require_scope(READ, scopes::WRITE, "notes:share")]
async fn write() {}

#[require_role(ADMIN)]
async fn stop() {}

#[require_role(AUDITOR, CHIEF, Role::QA, "clerk")]
async fn audit() {}

#[authorize(role(ADMIN) || (scope(crate::scopes::WRITE) && !role(AUDITOR)))]
async fn edit() {}

struct CanEdit;

impl HasPolicy for CanEdit {
    const POLICY: Policy = Policy::protected("can_edit").with_rule(Rule::scope("notes:write"));
    type Checks = ();
}

mod policies {
    pub struct Staff;

    impl auth_runtime::HasPolicy for Staff {
        const POLICY: auth_runtime::Policy = auth_runtime::Policy::protected("staff");
        type Checks = ();
    }
}

#[check]
async fn owns() -> bool {
    true
}

#[authorize(policy(CanEdit))]
async fn named() {}

#[authorize(policy(CanEdit) && (policy(policies::Staff) && (role("a") || check(owns))))]
#[rate_limit(10/min)]
async fn named_among_others() {}

#[authorize(policy(CanEdit))]
#[require_role(ADMIN)]
async fn named_beside_an_attribute<T: Send + 'static>() {
    let _ = core::marker::PhantomData::<T>;
}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new()
        .route("/read", get(read))
        .route("/write", get(write))
        .route("/stop", get(stop))
        .route("/audit", get(audit))
        .route("/edit", get(edit))
        .route("/named", get(named))
        .route("/among", get(named_among_others))
        .route("/beside", get(named_beside_an_attribute::<u8>));
}
