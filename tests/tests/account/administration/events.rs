//! What the operator reads about changes that code of the application makes, without an administrator.

use auth_runtime::account::NewInvitation;

use super::staff::member;
use crate::account::world::{World, defaults, events};

#[track_caller]
fn assert_told(event: &str) {
    assert!(events().lines().any(|line| line.contains("INFO") && line.contains(event)), "{event}");
}

#[tokio::test]
async fn each_change_by_code_is_an_event_with_its_account() {
    let world = World::in_memory(defaults);
    let administration = world.administration();
    let id = member(&world, "alice", &[], &[]).await.id;
    let told = |event: &str| assert_told(&format!("user.id=\"{id}\" {event}"));
    administration.set_roles(&id, ["editor"]).await.unwrap();
    told("outcome=\"granted\" reason=\"roles\"");
    administration.set_scopes(&id, ["notes:read"]).await.unwrap();
    told("outcome=\"granted\" reason=\"scopes\"");
    administration.set_superuser(&id, true).await.unwrap();
    told("outcome=\"superuser_set\" superuser=true");
    administration.rename(&id, "alicia").await.unwrap();
    told("outcome=\"renamed\"");
    administration.change_email(&id, "alicia@example.org").await.unwrap();
    told("outcome=\"email_changed\" reason=\"administrator\"");
    let session = administration.sessions(&id).await.unwrap().remove(0).id;
    administration.end_session(&id, &session).await.unwrap();
    told(&format!("session.id=\"{session}\" outcome=\"session_ended\" reason=\"administrator\""));
    administration.set_superuser(&id, false).await.unwrap_err();
    let other = member(&world, "root", &[], &[]).await.id;
    administration.set_superuser(&other, true).await.unwrap();
    administration.set_active(&id, false).await.unwrap();
    told("outcome=\"active_set\" active=false");
    let invited = administration.invite(NewInvitation::new("bob@example.org")).await.unwrap();
    assert_told(&format!("user.id={} outcome=\"invited\"", invited.id));
}
