//! Rights that change between the decision about a change and its write.

use auth_runtime::store::{AccountChange, AccountStore as _};
use serde_json::{Value, json};

use super::{
    grants::every_change,
    staff::{Member, Rank, assert_told, member, path, send, superuser},
};
use crate::account::{
    cookies::{browse, cookie, sign_in},
    failing::Flaky,
    mailbox::Mailbox,
    world::{World, defaults, events},
};

/// The changes of the record of an account, and the number of the store's call that writes each. The first three read
/// the revocations, the administrator and the account.
fn changes() -> [(&'static str, &'static str, Value, usize); 8] {
    [
        ("PUT", "/roles", json!({ "roles": ["reader"] }), 4),
        ("PUT", "/scopes", json!({ "scopes": [] }), 4),
        ("PUT", "/superuser", json!({ "superuser": true }), 3),
        ("PUT", "/active", json!({ "active": false }), 3),
        ("PUT", "/username", json!({ "username": "someone" }), 4),
        ("PUT", "/email", json!({ "email": "someone@example.org" }), 6),
        ("POST", "/require-reset", Value::Null, 6),
        ("DELETE", "", Value::Null, 4),
    ]
}

async fn world() -> (World, Flaky, Mailbox) {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    (world, store, mailbox)
}

async fn administrator(world: &World, what: &str) -> Member {
    match what {
        "/superuser" => superuser(world, "boss").await,
        _ => member(world, "boss", &[Rank::Admin], &["notes:read"]).await,
    }
}

#[tokio::test]
async fn an_administrator_who_loses_the_rights_before_the_write_changes_nothing() {
    for (method, what, body, call) in changes() {
        let (world, store, _mailbox) = world().await;
        superuser(&world, "root").await;
        let boss = administrator(&world, what).await;
        let alice = member(&world, "alice", &[Rank::Support], &["notes:read"]).await;
        let before = store.inner.find(&alice.id).await.unwrap().unwrap();
        let (inner, id) = (store.inner.clone(), boss.id.clone());
        store.before(call, async move {
            assert!(inner.set_roles(&id, &["reader".to_owned()]).await.unwrap());
            assert_eq!(inner.set_superuser(&id, false).await.unwrap(), AccountChange::Done);
        });
        let answer = send(&world, &boss.token, method, &path(&alice.id, what), &body).await;
        answer.assert_problem(409, "changed-meanwhile");
        let after = store.inner.find(&alice.id).await.unwrap().unwrap();
        assert_eq!(after.profile(), before.profile(), "{what}");
        let refused = "outcome=\"refused\" reason=\"changed_meanwhile\"";
        let operation = super::unknown::operation(method, what);
        assert_told(&boss.id, &alice.id, operation, refused);
        // The token still has the roles that were lost, and passed the policy by them.
        let answer = send(&world, &boss.token, method, &path(&alice.id, what), &body).await;
        answer.assert_problem(401, "invalid-token");
    }
}

/// The policy of the endpoints judges the token. An account without roles asks for no right of the administrator's.
#[tokio::test]
async fn a_token_with_a_role_that_its_owner_has_lost_changes_nothing_and_reads_nothing() {
    let (world, store, mailbox) = world().await;
    for name in ["boss", "chief"] {
        let boss = member(&world, name, &[Rank::Admin], &["notes:read"]).await;
        let alice = member(&world, &format!("alice_of_{name}"), &[], &[]).await;
        assert_eq!(send(&world, &boss.token, "GET", &path(&alice.id, ""), &Value::Null).await.status, 200);
        mailbox.next("verify").await;
        mailbox.next("verify").await;
        // A superuser, too, passes the policy only by a role. A scope counts like a role.
        if name == "boss" {
            assert!(store.inner.set_roles(&boss.id, &[]).await.unwrap());
        } else {
            assert_eq!(store.inner.set_superuser(&boss.id, true).await.unwrap(), AccountChange::Done);
            assert!(store.inner.set_scopes(&boss.id, &[]).await.unwrap());
        }
        let before = store.inner.find(&alice.id).await.unwrap().unwrap();
        let requests = every_change().into_iter().map(|(method, what, body)| (method, path(&alice.id, what), body));
        let new = json!({ "email": "bob@example.org" });
        let requests = requests.chain([
            ("POST", "/auth/admin/accounts".to_owned(), new.clone()),
            ("POST", "/auth/admin/invitations".to_owned(), new),
            ("GET", "/auth/admin/accounts".to_owned(), Value::Null),
            ("GET", path(&alice.id, ""), Value::Null),
        ]);
        for (method, path, body) in requests {
            let answer = send(&world, &boss.token, method, &path, &body).await;
            answer.assert_problem(401, "invalid-token");
        }
        assert_eq!(store.inner.find(&alice.id).await.unwrap().unwrap().profile(), before.profile());
        assert!(store.inner.find_by_login("bob@example.org").await.unwrap().is_none());
        assert!(mailbox.is_empty().await);
    }
    assert!(events().contains("outcome=\"refused\" reason=\"older_than_rights\""));
}

/// The guard reads the rights of a cookie at each request, so only this one request has too many.
#[tokio::test]
async fn a_cookie_whose_owner_loses_a_role_during_the_request_is_refused_and_stays() {
    let (world, store, _mailbox) = world().await;
    let boss = member(&world, "boss", &[Rank::Admin], &[]).await;
    let alice = member(&world, "alice", &[], &[]).await;
    let cookie = cookie(&sign_in(&world, "boss").await);
    let (inner, id) = (store.inner.clone(), boss.id.clone());
    // The guard has looked up the session and the account. The endpoint reads the account once more.
    store.before(2, async move { assert!(inner.set_roles(&id, &[]).await.unwrap()) });
    browse(&world, "DELETE", &path(&alice.id, ""), &cookie).await.assert_problem(403, "forbidden");
    assert!(store.inner.find(&alice.id).await.unwrap().is_some());
    assert_eq!(browse(&world, "GET", "/auth/me", &cookie).await.status, 200);
}

#[tokio::test]
async fn an_account_that_rises_before_the_write_is_not_changed() {
    for (method, what, body, call) in changes() {
        let (world, store, _mailbox) = world().await;
        superuser(&world, "root").await;
        let boss = administrator(&world, what).await;
        let alice = member(&world, "alice", &[Rank::Reader], &["notes:read"]).await;
        let (inner, id) = (store.inner.clone(), alice.id.clone());
        store.before(call, async move {
            assert!(inner.set_scopes(&id, &["everything".to_owned()]).await.unwrap());
            assert_eq!(inner.set_superuser(&id, true).await.unwrap(), AccountChange::Done);
        });
        let answer = send(&world, &boss.token, method, &path(&alice.id, what), &body).await;
        answer.assert_problem(409, "changed-meanwhile");
        let after = store.inner.find(&alice.id).await.unwrap().unwrap();
        assert!(
            after.active && after.superuser && after.username == "alice" && after.scopes == ["everything"],
            "{what}"
        );
    }
}

/// The list of changes above is complete: all others change no record of an account.
#[test]
fn the_other_changes_are_those_of_sessions_keys_and_counters() {
    let others = every_change()
        .into_iter()
        .filter(|(method, what, _)| !changes().iter().any(|(changes, path, ..)| (changes, path) == (method, what)));
    let others: Vec<_> = others.map(|(_, what, _)| what).collect();
    assert_eq!(others, ["/unlock", "/sessions", "/sessions/1", "/api-keys", "/api-keys/1"]);
}

#[tokio::test]
async fn nobody_is_invited_or_created_by_an_administrator_who_loses_the_rights() {
    for (what, call) in [("/auth/admin/invitations", 4), ("/auth/admin/accounts", 2)] {
        let (world, store, mailbox) = world().await;
        let boss = member(&world, "boss", &[Rank::Admin], &[]).await;
        mailbox.next("verify").await;
        let (inner, id) = (store.inner.clone(), boss.id.clone());
        store.before(call, async move { assert!(inner.set_roles(&id, &["reader".to_owned()]).await.unwrap()) });
        let body = json!({ "email": "bob@example.org", "roles": ["admin"] });
        send(&world, &boss.token, "POST", what, &body).await.assert_problem(409, "changed-meanwhile");
        assert!(store.inner.find_by_login("bob@example.org").await.unwrap().is_none(), "{what}");
        assert!(mailbox.is_empty().await, "{what}");
    }
}

/// Another administrator has just invited the person to more.
#[tokio::test]
async fn an_invitation_that_was_replaced_meanwhile_stays() {
    let (world, store, mailbox) = world().await;
    let support = member(&world, "support", &[Rank::Support], &[]).await;
    mailbox.next("verify").await;
    let body = json!({ "email": "bob@example.org" });
    assert_eq!(send(&world, &support.token, "POST", "/auth/admin/invitations", &body).await.status, 201);
    mailbox.next("invitation").await;
    let administration = world.administration();
    // The revocations, the administrator and the earlier invitation are read. The next call looks it up to replace it.
    store.before(3, async move {
        let mut more = auth_runtime::account::NewInvitation::new("bob@example.org");
        more.roles = vec!["admin".to_owned()];
        administration.invite(more).await.unwrap();
    });
    let answer = send(&world, &support.token, "POST", "/auth/admin/invitations", &body).await;
    answer.assert_problem(409, "changed-meanwhile");
    assert_eq!(world.account("bob@example.org").await.roles, ["admin"]);
}
