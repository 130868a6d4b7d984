use crate::{identity::Identity, store::ApiKeyRecord};

use super::super::{caller::session_of, engine::Engine, failure::tell_operator, refused::Refused};

/// Takes back a key that was just made, unless the session that asked for it is still live: 401 when it is over.
///
/// Whoever ends sessions and then revokes keys, since a thief is signed in, cannot know of a key that is made meanwhile.
/// What ended before this reading is seen here; what ends after it finds the key.
pub(super) async fn confirm(engine: &Engine, caller: &Identity, key: &ApiKeyRecord) -> Result<(), Refused> {
    let Err(denied) = session_of(engine, caller).await else { return Ok(()) };
    let revoked = engine.accounts.api_keys().revoke_key(&key.user_id, &key.id, engine.auth.clock().unix()).await;
    if let Err(error) = revoked {
        // Nobody is told the key, so that nobody can use it either.
        tell_operator(&error);
    }
    Err(denied.into())
}
