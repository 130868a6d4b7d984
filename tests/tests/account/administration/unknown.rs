//! Accounts that do not exist, or not any more.

use auth_runtime::account::{Administration, AdministrationError};

use super::staff::member;
use crate::account::world::{World, every_store};

/// Returns the name of the operation in events.
pub(super) fn operation(method: &str, what: &str) -> &'static str {
    match (method, what) {
        (_, "/roles") => "set_roles",
        (_, "/scopes") => "set_scopes",
        (_, "/superuser") => "make_superuser",
        (_, "/active") => "deactivate",
        (_, "/username") => "rename",
        (_, "/email") => "change_email",
        (_, "/require-reset") => "require_reset",
        ("DELETE", "") => "delete",
        _ => panic!("{method} {what}"),
    }
}

#[tokio::test]
async fn every_method_says_that_an_account_is_unknown_or_gone() {
    every_store(async |world| {
        let alice = member(&world, "alice", &[], &["notes:read"]).await;
        let administration = world.administration();
        administration.delete(&alice.id).await.unwrap();
        for id in ["nobody", "", alice.id.as_str()] {
            assert_unknown(&administration, id).await;
            let ended = administration.end_session(id, "1").await;
            assert!(matches!(ended, Err(AdministrationError::UnknownSession)), "{ended:?}");
            let revoked = administration.revoke_api_key(id, "1").await;
            assert!(matches!(revoked, Err(AdministrationError::UnknownApiKey)), "{revoked:?}");
            assert_eq!(administration.sessions(id).await.unwrap(), []);
            assert!(administration.api_keys(id).await.unwrap().is_empty());
            assert_eq!(administration.locked_until([id]).await.unwrap(), [None]);
        }
        assert_nothing_came(&world).await;
    })
    .await;
}

async fn assert_unknown(administration: &Administration, id: &str) {
    let outcomes = [
        ("find", administration.find(id).await.map(drop)),
        ("find_by_login", administration.find_by_login(id).await.map(drop)),
        ("set_roles", administration.set_roles(id, ["editor"]).await),
        ("set_scopes", administration.set_scopes(id, ["notes:read"]).await),
        ("set_superuser", administration.set_superuser(id, true).await),
        ("set_superuser", administration.set_superuser(id, false).await),
        ("set_active", administration.set_active(id, true).await),
        ("set_active", administration.set_active(id, false).await),
        ("rename", administration.rename(id, "somebody").await),
        ("change_email", administration.change_email(id, "somebody@example.org").await),
        ("require_reset", administration.require_reset(id).await),
        ("unlock", administration.unlock(id).await),
        ("end_sessions", administration.end_sessions(id).await.map(drop)),
        ("revoke_api_keys", administration.revoke_api_keys(id).await.map(drop)),
        ("delete", administration.delete(id).await),
    ];
    for (method, outcome) in outcomes {
        assert!(matches!(outcome, Err(AdministrationError::Unknown)), "{method} of {id:?}: {outcome:?}");
    }
}

async fn assert_nothing_came(world: &World) {
    for login in ["somebody", "somebody@example.org"] {
        assert!(world.accounts.accounts().find_by_login(login).await.unwrap().is_none(), "{login}");
    }
}
