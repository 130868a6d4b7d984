use auth_runtime::{
    HasPolicy, Policy,
    policy::{Role as _, Rule},
    prelude::Role,
    store::Account,
};
use serde_json::Value;

use crate::account::{
    answers::Answer,
    world::{PASSWORD, World, as_bearer, events},
};

/// The roles of these tests. An administrator holds all of them but that of the auditor.
#[derive(Role)]
pub(in crate::account) enum Rank {
    Reader,
    #[role(implies = Reader)]
    Support,
    #[role(implies = Support)]
    Admin,
    Auditor,
}

/// Who may administer accounts.
pub(in crate::account) struct Staff;

impl HasPolicy for Staff {
    const POLICY: Policy =
        Policy::protected("tests::staff").with_rule(Rule::Any(&[Rule::role("support"), Rule::role("admin")]));
    type Checks = ();
}

/// A person and an access token.
pub(in crate::account) struct Member {
    pub(in crate::account) id: String,
    pub(in crate::account) token: String,
}

/// Registers an account with these roles and scopes, and signs it in.
pub(in crate::account) async fn member(world: &World, name: &str, roles: &[Rank], scopes: &[&str]) -> Member {
    let account = world.join(name, scopes).await;
    let roles: Vec<String> = roles.iter().map(|role| role.name().to_owned()).collect();
    assert!(world.accounts.accounts().set_roles(&account.id, &roles).await.unwrap());
    Member { id: account.id, token: token(world, name).await }
}

/// Registers a superuser who is an administrator, and signs it in.
pub(in crate::account) async fn superuser(world: &World, name: &str) -> Member {
    let member = member(world, name, &[Rank::Admin], &[]).await;
    world.administration().set_superuser(&member.id, true).await.unwrap();
    member
}

pub(in crate::account) async fn token(world: &World, name: &str) -> String {
    world.login(name, PASSWORD).await.text("access_token")
}

pub(in crate::account) fn path(id: &str, rest: &str) -> String {
    format!("/auth/admin/accounts/{id}{rest}")
}

/// Sends a request about an account, with a body unless it is `null`.
pub(in crate::account) async fn send(world: &World, token: &str, method: &str, path: &str, body: &Value) -> Answer {
    let request = as_bearer(method, path, token);
    if body.is_null() {
        return world.send(request, "").await;
    }
    world.send(request.header("content-type", "application/json"), body.to_string()).await
}

pub(in crate::account) async fn put(world: &World, by: &Member, id: &str, what: &str, body: &Value) -> Answer {
    send(world, &by.token, "PUT", &path(id, what), body).await
}

pub(in crate::account) async fn find(world: &World, id: &str) -> Option<Account> {
    world.accounts.accounts().find(id).await.unwrap()
}

/// Asserts that an event tells who did what to whom.
#[track_caller]
pub(in crate::account) fn assert_told(actor: &str, user: &str, operation: &str, outcome: &str) {
    let told = format!("actor.id=\"{actor}\" user.id=\"{user}\" operation=\"{operation}\" {outcome}");
    assert!(events().lines().any(|line| line.contains("INFO") && line.contains(&told)), "{told}");
}
