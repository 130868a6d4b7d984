#![deny(warnings)]

//! Negated roles of a hierarchy that some callers satisfy, and more roles than the compiler examines.

use auth_runtime::{Role, authorize, require_role};

#[derive(Role)]
pub enum Role {
    Member,
    #[role(implies = Member)]
    Admin,
    Guest,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,
}

#[authorize(role(Role::Member) && !role(Role::Admin))]
pub async fn members_only() {}

#[authorize(role(Role::Admin) && !role(Role::Guest))]
pub async fn independent() {}

#[authorize(role(Role::Admin) && (!role(Role::Member) || scope("posts:read")))]
pub async fn by_scope() {}

#[require_role(Role::Member)]
#[authorize(!role(Role::Admin))]
pub async fn stacked() {}

#[authorize(
    !role(Role::Member) && role(Role::Admin, Role::Guest, Role::R4, Role::R5, Role::R6, Role::R7, Role::R8, Role::R9)
)]
pub async fn more_than_eight() {}

fn main() {}
