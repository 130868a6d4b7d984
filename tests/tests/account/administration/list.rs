use std::net::SocketAddr;

use auth_runtime::{auth::AuthBuilder, store::AccountQuery};
use serde_json::Value;

use super::staff::{Member, Rank, member, path, superuser};
use crate::account::{
    failures::few,
    world::{World, defaults, every_store},
};

async fn list(world: &World, by: &Member, query: &str) -> Value {
    let answer = world.call("GET", &format!("/auth/admin/accounts?{query}"), &by.token).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn names(page: &Value) -> Vec<&str> {
    page["accounts"].as_array().unwrap().iter().map(|account| account["username"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn accounts_are_listed_by_page_and_by_filter() {
    every_store(async |world| {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        for name in ["alice", "bob", "carol", "dave"] {
            member(&world, name, &[Rank::Reader], &[]).await;
        }
        world.administration().set_active(&world.account("bob").await.id, false).await.unwrap();
        let mut found = Vec::new();
        let mut query = "limit=2".to_owned();
        loop {
            let page = list(&world, &admin, &query).await;
            assert!(names(&page).len() <= 2, "{page}");
            found.extend(names(&page).into_iter().map(str::to_owned));
            let Some(next) = page["next"].as_str() else { break };
            assert_eq!(names(&page).len(), 2, "a page that is not full is the last one: {page}");
            assert!(found.len() <= 5, "no account is listed twice: {found:?}");
            query = format!("limit=2&after={next}");
        }
        found.sort();
        assert_eq!(found, ["admin", "alice", "bob", "carol", "dave"]);
        for (query, expected) in [
            ("search=ALI", vec!["alice"]),
            ("search=carol%40", vec!["carol"]),
            ("search=%25", vec![]),
            ("active=false", vec!["bob"]),
            ("role=admin", vec!["admin"]),
            ("superuser=true", vec![]),
            ("pending=true", vec![]),
        ] {
            assert_eq!(names(&list(&world, &admin, query).await), expected, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_administrator_sees_no_hash() {
    every_store(async |world| {
        let root = superuser(&world, "root").await;
        let alice = member(&world, "alice", &[Rank::Reader], &["notes:read"]).await;
        let answer = world.call("GET", &path(&alice.id, ""), &root.token).await;
        let shown = answer.json();
        assert_eq!(shown["username"], "alice");
        assert_eq!((&shown["pending"], &shown["superuser"]), (&Value::Bool(false), &Value::Bool(false)));
        let listed = list(&world, &root, "search=alice").await;
        assert_eq!(listed["accounts"][0], shown);
        for text in [answer.body, listed.to_string()] {
            assert!(!text.contains("hash") && !text.contains("argon2"), "{text}");
        }
        assert_eq!(world.administration().find(&alice.id).await.unwrap().username, "alice");
        assert_eq!(world.administration().list(&AccountQuery::new(1)).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_query_that_asks_for_something_else_is_refused() {
    every_store(async |world| {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        for (query, status, code) in [
            ("limit=0", 422, "invalid-query"),
            ("limit=101", 422, "invalid-query"),
            ("limit=many", 400, "bad-request"),
            ("actve=false", 400, "bad-request"),
            ("active=maybe", 400, "bad-request"),
        ] {
            let answer = world.call("GET", &format!("/auth/admin/accounts?{query}"), &admin.token).await;
            answer.assert_problem(status, code);
        }
    })
    .await;
}

#[tokio::test]
async fn a_page_and_an_account_say_until_when_an_account_is_locked() {
    let worlds = [World::in_memory(locking), World::on_sqlite_with("sqlite::memory:", locking).await];
    for world in worlds {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        let alice = member(&world, "alice", &[], &[]).await;
        let shown = async |name: &str| {
            let page = list(&world, &admin, "").await;
            let accounts = page["accounts"].as_array().unwrap();
            let listed = accounts.iter().find(|account| account["username"] == name).unwrap().clone();
            let id = listed["id"].as_str().unwrap().to_owned();
            assert_eq!(world.call("GET", &path(&id, ""), &admin.token).await.json(), listed);
            listed["locked_until"].clone()
        };
        assert_eq!((shown("alice").await, shown("admin").await), (Value::Null, Value::Null));
        // Another address than that of the owner, who can still sign in.
        for _ in 0..3 {
            world.login_from(SocketAddr::from(([203, 0, 113, 9], 1)), "alice", "wrong").await;
        }
        assert_eq!(shown("alice").await, "2027-01-15T08:10:00Z");
        assert_eq!(shown("admin").await, Value::Null);
        let ids = [alice.id.as_str(), "nobody", admin.id.as_str()];
        let locks = world.administration().locked_until(ids).await.unwrap();
        assert_eq!(locks.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, false]);
        world.administration().unlock(&alice.id).await.unwrap();
        assert_eq!(shown("alice").await, Value::Null);
    }
}

fn locking(builder: AuthBuilder) -> AuthBuilder {
    few(defaults(builder))
}
