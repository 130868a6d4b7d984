use super::world::{World, defaults, every_store};

const LOGIN: &str = "grant_type=password&username=alice&password=correct+horse+battery";

fn refreshing(token: &str) -> String {
    format!("grant_type=refresh_token&refresh_token={token}")
}

#[tokio::test]
async fn scope_is_what_the_account_may_have_or_less() {
    every_store(async |world| {
        world.join("alice", &["notes:read", "notes:write"]).await;
        for (asked, granted) in [
            ("", "notes:read notes:write"),
            ("&scope=notes:read", "notes:read"),
            ("&scope=notes:write+notes:read", "notes:write notes:read"),
            ("&scope=+notes:read+", "notes:read"),
        ] {
            let tokens = world.token(&format!("{LOGIN}{asked}")).await;
            assert_eq!((tokens.status, tokens.text("scope").as_str()), (200, granted), "{asked}");
        }
        for asked in ["admin", "notes:read+admin", "NOTES:READ", "notes", "notes:read,notes:write"] {
            let answer = world.token(&format!("{LOGIN}&scope={asked}")).await;
            answer.assert_oauth_error(400, "invalid_scope", "The scope exceeds what may be granted.");
        }
    })
    .await;
}

#[tokio::test]
async fn a_refresh_may_narrow_the_scope_and_never_widen_it() {
    every_store(async |world| {
        world.join("alice", &["notes:read", "notes:write"]).await;
        let wide = world.token(LOGIN).await;
        let narrow = world.token(&format!("{}&scope=notes:read", refreshing(&wide.text("refresh_token")))).await;
        assert_eq!((narrow.status, narrow.text("scope").as_str()), (200, "notes:read"));

        // The refresh token keeps the scope of the grant (RFC 6749, section 6).
        let kept = world.token(&refreshing(&narrow.text("refresh_token"))).await;
        assert_eq!((kept.status, kept.text("scope").as_str()), (200, "notes:read notes:write"));
        let grown = format!("{}&scope=notes:read+admin", refreshing(&kept.text("refresh_token")));
        let answer = world.token(&grown).await;
        answer.assert_oauth_error(400, "invalid_scope", "The scope exceeds what may be granted.");
    })
    .await;
}

#[tokio::test]
async fn a_scope_that_the_account_lost_is_gone_at_the_next_refresh() {
    every_store(async |world| {
        let alice = world.join("alice", &["notes:read", "notes:write"]).await;
        let tokens = world.token(LOGIN).await;
        world.accounts.accounts().set_scopes(&alice.id, &["notes:read".to_owned()]).await.unwrap();
        let renewed = world.token(&refreshing(&tokens.text("refresh_token"))).await;
        assert_eq!((renewed.status, renewed.text("scope").as_str()), (200, "notes:read"));
    })
    .await;
}

#[tokio::test]
async fn a_scope_that_the_account_got_later_is_not_in_an_older_grant() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let tokens = world.token(LOGIN).await;
        world.accounts.accounts().set_scopes(&alice.id, &["admin".to_owned()]).await.unwrap();
        let renewed = world.token(&refreshing(&tokens.text("refresh_token"))).await;
        assert_eq!((renewed.status, renewed.text("scope").as_str()), (200, ""));
    })
    .await;
}

#[tokio::test]
async fn a_refresh_token_belongs_to_its_client() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let web = format!("{LOGIN}&client_id=web");
        for other in ["&client_id=app", "&client_id=WEB", ""] {
            let token = world.token(&web).await.text("refresh_token");
            world.token(&format!("{}{other}", refreshing(&token))).await.assert_refused_grant();
        }
        let token = world.token(&web).await.text("refresh_token");
        world.refresh(&token).await.assert_problem(401, "invalid-credentials");
        let renewed = world.token(&format!("{}&client_id=web", refreshing(&token))).await;
        assert_eq!(renewed.status, 200, "{renewed:?}");
        world.refresh(&renewed.text("refresh_token")).await.assert_problem(401, "invalid-credentials");
    })
    .await;
}

#[tokio::test]
async fn roles_are_those_of_the_account_at_each_minting() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    let world = World::in_memory(defaults);
    let alice = world.join("alice", &[]).await;
    let claims = |token: String| -> serde_json::Value {
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        serde_json::from_slice(&claims).unwrap()
    };
    let before = world.token(LOGIN).await;
    world.accounts.accounts().set_roles(&alice.id, &["admin".to_owned()]).await.unwrap();
    let after = world.token(&refreshing(&before.text("refresh_token"))).await;
    let (before, after) = (claims(before.text("access_token")), claims(after.text("access_token")));
    assert!(before.get("roles").is_none_or(|roles| roles == &serde_json::json!([])), "{before}");
    assert_eq!(after["roles"], serde_json::json!(["admin"]));
    for claim in ["iss", "sub", "aud", "client_id", "sid", "auth_time"] {
        assert_eq!(before[claim], after[claim], "{claim}");
    }
    assert_ne!(before["jti"], after["jti"]);
}

#[tokio::test]
async fn another_client_learns_nothing_of_the_scope() {
    every_store(async |world| {
        world.join("alice", &["notes:read"]).await;
        let login = "grant_type=password&username=alice&password=correct+horse+battery&client_id=web";
        let token = world.token(login).await.text("refresh_token");
        let foreign = format!("grant_type=refresh_token&refresh_token={token}&client_id=app&scope=other");
        world.token(&foreign).await.assert_refused_grant();
    })
    .await;
}
