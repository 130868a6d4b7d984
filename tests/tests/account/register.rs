use serde_json::json;

use super::{
    mailbox::every_store_with_mail,
    world::{PASSWORD, every_store},
};

#[tokio::test]
async fn further_members_of_a_registration_are_refused_by_name() {
    every_store(async |world| {
        let body = json!({
            "username": "mallory", "email": "mallory@example.org", "password": PASSWORD,
            "id": "1", "roles": ["admin"], "superuser": true, "a/b~c": 0, "__proto__": { "superuser": true },
        });
        let answer = world.json("/auth/register", &body).await;
        answer.assert_problem(422, "invalid-body");
        let unknown = |pointer: &str| json!({ "pointer": pointer, "code": "unknown", "message": "is unknown" });
        let faults = ["/__proto__", "/a~1b~0c", "/id", "/roles", "/superuser"].map(unknown);
        assert_eq!(answer.json()["errors"], json!(faults));
        assert!(world.accounts.accounts().find_by_login("mallory").await.unwrap().is_none());
    })
    .await;
}

/// A client chooses the names and how many there are, so the answer is bounded.
#[tokio::test]
async fn the_answer_to_many_further_members_stays_short() {
    every_store(async |world| {
        let mut body = json!({ "username": "mallory", "email": "mallory@example.org", "password": PASSWORD });
        for number in 0..40 {
            body[format!("{number}{}", "\u{e9}".repeat(200))] = json!(0);
        }
        let answer = world.json("/auth/register", &body).await;
        answer.assert_problem(422, "invalid-body");
        let faults = answer.json()["errors"].as_array().unwrap().clone();
        assert_eq!(faults.len(), 16);
        let longest = faults.iter().map(|fault| fault["pointer"].as_str().unwrap().chars().count()).max();
        assert_eq!(longest, Some(1 + 64), "the slash and 64 characters");
    })
    .await;
}

#[tokio::test]
async fn a_registration_opens_an_account_without_rights() {
    every_store(async |world| {
        let answer = world.register("alice", PASSWORD).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let account = world.account("alice").await;
        assert!(account.active && !account.superuser && account.roles.is_empty() && account.scopes.is_empty());
        assert!(account.pending_until.is_none());
        assert_eq!(account.created_at.as_seconds(), 1_800_000_000);
        assert_eq!(answer.json(), serde_json::to_value(account.profile()).unwrap());
        assert_eq!(world.login("alice", PASSWORD).await.status, 200, "the password is the one that was sent");
    })
    .await;
}

#[tokio::test]
async fn a_name_or_address_is_taken_once_in_every_spelling() {
    every_store(async |world| {
        world.join("Alice", &[]).await;
        for (username, email, pointer) in [
            ("aLICE", "other@example.org", "/username"),
            ("bob", "Alice@Example.org", "/email"),
            ("alice", "alice@example.org", "/username"),
        ] {
            let body = json!({ "username": username, "email": email, "password": PASSWORD });
            let answer = world.json("/auth/register", &body).await;
            answer.assert_problem(409, "taken");
            assert_eq!(
                answer.json()["errors"],
                json!([{ "pointer": pointer, "code": "taken", "message": "is taken" }])
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_password_with_the_name_in_it_is_refused_without_being_repeated() {
    every_store(async |world| {
        for password in ["alice", "Alice@example.org", "password", "12345678", "short"] {
            let answer = world.register("alice", password).await;
            answer.assert_problem(422, "invalid-body");
            assert_eq!(answer.json()["errors"][0]["pointer"], "/password");
            assert!(!answer.body.contains(&format!("\"{password}\"")), "{answer:?}");
        }
    })
    .await;
}

/// A mailer would read lines, markup or a second recipient in these, or several of them name one mailbox.
pub(super) const NO_ADDRESSES: [&str; 16] = [
    "victim@example.org\r\nSubject: closed\r\n\r\nhttps://evil.example/ [1.2.3.4]",
    "victim@example\0.org",
    "victim@\0[1.2.3.4]",
    "victim@\u{202e}gro.elpmaxe[1.2.3.4]",
    "victim@<script>alert(1)</script>[1.2.3.4]",
    "victim@example.org, other[::1]",
    "victim@[1.2.3.4]",
    "victim@1.2.3.4",
    "victim@exam\u{200b}ple.org",
    "victim@exam\u{ad}ple.org",
    "victim@example\u{3002}org",
    "victim@exam\u{feff}ple.org",
    "victim@e\u{2060}xample.org",
    "victim@\u{24d4}xample.org",
    "victim@example.org.",
    "victim\u{200c}@example.org",
];

#[tokio::test]
async fn a_text_that_is_no_plain_address_gets_no_account_and_no_mail() {
    every_store_with_mail(async |world, mailbox| {
        for email in NO_ADDRESSES {
            let body = json!({ "username": "mallory", "email": email, "password": PASSWORD });
            let answer = world.json("/auth/register", &body).await;
            answer.assert_problem(422, "invalid-body");
            let faults = json!([{ "pointer": "/email", "code": "email", "message": "must be an e-mail address" }]);
            assert_eq!(answer.json()["errors"], faults, "{email:?}");
            let answer = world.json("/auth/password/forgot", &json!({ "email": email })).await;
            answer.assert_problem(422, "invalid-body");
        }
        assert!(mailbox.is_empty().await);
    })
    .await;
}

/// Both spellings of an international domain reach one mailbox. Only the form of the domain name system is accepted.
#[tokio::test]
async fn an_international_domain_has_one_spelling() {
    every_store_with_mail(async |world, mailbox| {
        for (email, status) in
            [("zoe@b\u{fc}cher.example", 422), ("zoe@xn--bcher-kva.example", 201), ("Zoe@XN--BCHER-KVA.example", 409)]
        {
            let name = format!("zoe_{status}");
            let body = json!({ "username": name, "email": email, "password": PASSWORD });
            assert_eq!(world.json("/auth/register", &body).await.status, status, "{email}");
        }
        assert_eq!(mailbox.next("verify").await.to, "zoe@xn--bcher-kva.example");
    })
    .await;
}
