use core::{fmt, ops::Deref};

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};

use crate::{
    auth::{Auth, HasAuth, HasUsers},
    identity::Identity,
    store::{NotActive, User, active},
};

use super::{GuardRejection, Rejection, event, identify};

/// The caller's user record, loaded for this request. Answers 401 when the record is gone, and 403 when the user is
/// deactivated.
///
/// Two more groups of callers get 403:
///
/// - Callers from another issuer, unless the directory finds them by
///   [`UserStore::find_foreign`](crate::store::UserStore::find_foreign). The directory never reads their subject as a
///   user's identifier.
/// - Callers of an authenticator that neither names an issuer nor declares them [users of this
///   service](crate::identity::IdentityBuilder::of_this_service).
///
/// Dereferences to the record. `Option<CurrentUser<U>>` is `None` for a caller without any credential. It is also
/// `None` when the record is gone or the user is deactivated, if browsers send the credential automatically, as they
/// send a session's cookie. The credential counts as absent then.
pub struct CurrentUser<U>(pub U);

/// Like [`CurrentUser`], and answers 403 unless the record marks the user as a superuser.
pub struct SuperUser<U>(pub U);

impl<U> Deref for CurrentUser<U> {
    type Target = U;

    fn deref(&self) -> &U {
        &self.0
    }
}

impl<U> Deref for SuperUser<U> {
    type Target = U;

    fn deref(&self) -> &U {
        &self.0
    }
}

impl<U> fmt::Debug for CurrentUser<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CurrentUser")
    }
}

impl<U> fmt::Debug for SuperUser<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SuperUser")
    }
}

impl<S, U> FromRequestParts<S> for CurrentUser<U>
where
    S: HasAuth + HasUsers<U> + Send + Sync,
    U: User,
{
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, GuardRejection> {
        let auth = state.auth();
        let user = async {
            let caller = identify::required(&auth, parts).await?;
            load(&caller, &auth, state).await.map_err(|refused| unless_dead(refused, parts))
        }
        .await;
        user.map(Self).map_err(|rejection| identify::refuse(rejection, &auth, parts))
    }
}

impl<S, U> OptionalFromRequestParts<S> for CurrentUser<U>
where
    S: HasAuth + HasUsers<U> + Send + Sync,
    U: User,
{
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, GuardRejection> {
        let auth = state.auth();
        let user = async {
            let Some(caller) = identify::optional(&auth, parts).await? else { return Ok(None) };
            match load(&caller, &auth, state).await.map_err(|refused| unless_dead(refused, parts)) {
                Err(Rejection::Anonymous) => Ok(None),
                Err(Rejection::Inactive) if is_by_browser(parts) => {
                    event::ignored(parts, Rejection::Inactive.reason());
                    Ok(None)
                }
                loaded => loaded.map(Some),
            }
        }
        .await;
        user.map(|user| user.map(Self)).map_err(|rejection| identify::refuse(rejection, &auth, parts))
    }
}

impl<S, U> FromRequestParts<S> for SuperUser<U>
where
    S: HasAuth + HasUsers<U> + Send + Sync,
    U: User,
{
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, GuardRejection> {
        let CurrentUser(user) = <CurrentUser<U> as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        if user.is_superuser() {
            Ok(Self(user))
        } else {
            Err(identify::refuse(Rejection::Forbidden, &state.auth(), parts))
        }
    }
}

async fn load<S: HasUsers<U>, U: User>(caller: &Identity, auth: &Auth, state: &S) -> Result<U, Rejection> {
    let (users, is_ours) = (state.users(), caller.is_user_of(auth.issuer()));
    let found = if is_ours {
        users.find(caller.subject()).await
    } else if caller.issuer().is_empty() {
        return Err(Rejection::NoIssuer);
    } else {
        users.find_foreign(caller).await
    };
    active(found.map_err(Rejection::Unavailable)?).map_err(|why| match why {
        NotActive::Deactivated => Rejection::Inactive,
        NotActive::Gone if is_ours => Rejection::BadCredential("user_gone"),
        // The credential is valid, but it belongs to no user of this service.
        NotActive::Gone => Rejection::Forbidden,
    })
}

/// A session without its owner is no credential: its caller is anonymous, and an event has the reason.
fn unless_dead(refused: Rejection, parts: &Parts) -> Rejection {
    match refused {
        Rejection::BadCredential(reason) if is_by_browser(parts) => {
            event::ignored(parts, reason);
            Rejection::Anonymous
        }
        refused => refused,
    }
}

/// Returns whether a browser attached the credential. A dead one must not lock its owner out of public pages. The
/// client sends each kind in `Authorization` on purpose.
fn is_by_browser(parts: &Parts) -> bool {
    identify::by_browser(parts).is_some()
}
