use super::{
    account_openings::pending,
    accounts::{assert_same, new},
    superusers::superuser,
};
use crate::store::{Account, AccountChange, AccountQuery, AccountStore};

pub(super) async fn all<S: AccountStore>(fresh: &impl AsyncFn() -> S) {
    accounts_are_listed_whole_and_in_the_order_of_their_identifiers(&fresh().await).await;
    pages_follow_each_other(&fresh().await).await;
    a_page_has_a_hundred_accounts_at_most(&fresh().await).await;
    names_and_addresses_are_searched(&fresh().await).await;
    each_filter_admits_its_accounts(&fresh().await).await;
}

fn query(limit: u32, change: impl FnOnce(&mut AccountQuery)) -> AccountQuery {
    let mut query = AccountQuery::new(limit);
    change(&mut query);
    query
}

async fn listed(store: &impl AccountStore, query: &AccountQuery) -> Vec<Account> {
    store.list_accounts(query).await.unwrap()
}

fn ids(accounts: &[Account]) -> Vec<&str> {
    accounts.iter().map(|account| &*account.id).collect()
}

/// Stores this many accounts, and returns them in the order of their identifiers.
async fn many(store: &impl AccountStore, count: usize) -> Vec<Account> {
    let mut accounts = Vec::new();
    for number in 0..count {
        let username = format!("user{number}");
        accounts.push(store.create(new(&username, &format!("{username}@example.org"))).await.unwrap());
    }
    accounts.sort_by(|one, other| one.id.as_bytes().cmp(other.id.as_bytes()));
    accounts
}

async fn accounts_are_listed_whole_and_in_the_order_of_their_identifiers(store: &impl AccountStore) {
    assert!(listed(store, &AccountQuery::new(100)).await.is_empty());
    let mut expected = many(store, 12).await;
    let mut invited = pending(store, "invited", 2_000).await;
    let roles = vec!["b".to_owned(), "a".to_owned()];
    assert!(store.set_roles(&invited.id, &roles).await.unwrap());
    invited.roles = roles;
    expected.push(invited);
    expected.sort_by(|one, other| one.id.cmp(&other.id));
    let found = listed(store, &AccountQuery::new(100)).await;
    assert_eq!(ids(&found), ids(&expected));
    for (expected, found) in expected.iter().zip(&found) {
        assert_same(&Account { updated_at: found.updated_at, ..expected.clone() }, found);
    }
}

async fn pages_follow_each_other(store: &impl AccountStore) {
    let all = many(store, 12).await;
    assert!(listed(store, &AccountQuery::new(0)).await.is_empty());
    let (mut found, mut after) = (Vec::new(), None);
    for size in [5, 5, 2, 0] {
        let page = listed(store, &query(5, |query| query.after = after.clone())).await;
        assert_eq!(page.len(), size);
        after = page.last().map(|last| last.id.clone()).or(after);
        found.extend(page);
    }
    assert_eq!(ids(&found), ids(&all), "each account once");
    let after = query(100, |query| query.after = Some(all[3].id.clone()));
    assert_eq!(store.delete(&all[3].id).await.unwrap(), AccountChange::Done);
    assert_eq!(ids(&listed(store, &after).await), ids(&all[4..]), "after an account that is gone");
    let from_the_start = listed(store, &query(100, |query| query.after = Some(String::new()))).await;
    assert_eq!(from_the_start.len(), 11);
    assert!(listed(store, &query(100, |query| query.after = Some("\u{10ffff}".to_owned()))).await.is_empty());
}

async fn a_page_has_a_hundred_accounts_at_most(store: &impl AccountStore) {
    let all = many(store, 103).await;
    for limit in [99, 100, 101, u32::MAX] {
        let found = listed(store, &AccountQuery::new(limit)).await;
        assert_eq!(ids(&found), ids(&all[..limit.min(100) as usize]), "{limit}");
    }
}

async fn names_and_addresses_are_searched(store: &impl AccountStore) {
    for (username, email) in [
        ("Alice", "a@example.org"),
        ("100%_sure", "b@straße.example"),
        ("Zoë", "zoe@example.com"),
        ("carol@example.net", "carol@example.net"),
    ] {
        store.create(new(username, email)).await.unwrap();
    }
    for (search, expected) in [
        ("", &["100%_sure", "Alice", "Zoë", "carol@example.net"][..]),
        ("alic", &["Alice"]),
        ("LIC", &["Alice"]),
        ("@example.", &["Alice", "Zoë", "carol@example.net"]),
        ("STRASSE", &["100%_sure"]),
        ("zoe\u{308}", &["Zoë"]),
        ("%", &["100%_sure"]),
        ("0%_s", &["100%_sure"]),
        ("l%e", &[]),
        ("a_ice", &[]),
        ("*", &[]),
        ("alicea@example.org", &[]),
        ("\\", &[]),
    ] {
        let found = listed(store, &query(100, |query| query.search = Some(search.to_owned()))).await;
        let mut found: Vec<_> = found.iter().map(|account| &*account.username).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{search:?}");
    }
}

async fn each_filter_admits_its_accounts(store: &impl AccountStore) {
    let alice = store.create(new("alice", "alice@example.org")).await.unwrap();
    let roles = ["member", "quote\"d, [x]", "admin"].map(str::to_owned);
    assert!(store.set_roles(&alice.id, &roles).await.unwrap());
    let bob = store.create(new("bob", "bob@example.org")).await.unwrap();
    assert!(store.set_roles(&bob.id, &["administrator".to_owned()]).await.unwrap());
    assert_eq!(store.set_active(&bob.id, false).await.unwrap(), AccountChange::Done);
    superuser(store, "root").await;
    pending(store, "invited", 2_000).await;

    type Change = fn(&mut AccountQuery);
    let cases: [(Change, &[&str]); 13] = [
        (|query| query.active = Some(true), &["alice", "root"]),
        (|query| query.active = Some(false), &["bob", "invited"]),
        (|query| query.superuser = Some(true), &["root"]),
        (|query| query.superuser = Some(false), &["alice", "bob", "invited"]),
        (|query| query.pending = Some(true), &["invited"]),
        (|query| query.pending = Some(false), &["alice", "bob", "root"]),
        (|query| query.role = Some("admin".to_owned()), &["alice"]),
        (|query| query.role = Some("quote\"d, [x]".to_owned()), &["alice"]),
        (|query| query.role = Some("Admin".to_owned()), &[]),
        (|query| query.role = Some("admi".to_owned()), &[]),
        (|query| query.role = Some(String::new()), &[]),
        (|query| (query.active, query.pending) = (Some(false), Some(false)), &["bob"]),
        (|query| (query.active, query.role) = (Some(true), Some("administrator".to_owned())), &[]),
    ];
    for (number, (change, expected)) in cases.into_iter().enumerate() {
        let found = listed(store, &query(100, change)).await;
        let mut found: Vec<_> = found.iter().map(|account| &*account.username).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "case {number}");
    }
    let first = listed(store, &query(1, |query| query.active = Some(false))).await;
    assert_eq!(first.len(), 1, "the limit counts what is admitted");
}
