//! Credentials that browsers attach to every request automatically ("ambient" credentials).
//!
//! Their owner may not even know of them, so a dead one must not block the request. It counts as absent.

use axum::http::{HeaderMap, request::Parts};

use crate::{
    clock::{Clock, UnixTime},
    csrf::CrossSite,
    identity::Identity,
    policy::Via,
    session::Found,
};

use super::{
    Authenticator, AuthnError, ByBrowser, Caller, Chain, CrossSiteCheck,
    chain::of_its_kind,
    event::ignored,
    presented::{Presented, only},
};

/// Returns whether this authenticator's credentials are ambient, in other fields than `Authorization`.
pub(super) fn is_of(authenticator: &dyn Authenticator) -> bool {
    authenticator.via().accepts(Via::SESSION)
}

/// The text of an ambient credential, or the reason why its form already makes it invalid.
pub(super) type Text<'r> = Result<&'r str, &'static str>;

/// Returns the ambient credential of this authenticator, if the request has one.
pub(super) fn find<'r>(
    authenticator: &dyn Authenticator,
    headers: &'r HeaderMap,
) -> Result<Option<Text<'r>>, AuthnError> {
    match authenticator.find(headers) {
        Ok(found) => Ok(found.map(Ok)),
        Err(AuthnError::Invalid(reason)) => Ok(Some(Err(reason))),
        Err(error) => Err(error),
    }
}

impl Chain {
    /// Authenticates the caller of a request with an ambient credential:
    ///
    /// 1. It judges where the request comes from before it looks anything up. So another site cannot tell a live
    ///    credential from a dead one.
    /// 2. It verifies the token or key, if there is one. A bad token or key refuses the request, even beside a live
    ///    ambient credential.
    /// 3. It looks up the ambient credentials. A dead one counts as absent; two live ones are refused.
    /// 4. It renews the session, if the session alone proves the caller.
    pub(super) async fn among_ambient(
        &self,
        presented: Presented<'_>,
        request: &Parts,
        clock: &dyn Clock,
        check: CrossSiteCheck,
    ) -> Result<Caller, AuthnError> {
        if check == CrossSiteCheck::Enforced {
            judge(&self.cross_site, presented, request)?;
        }
        let mut identity = match presented.proof {
            Some(proof) => Some(self.verify(proof, request, clock).await?),
            None => None,
        };
        let (now, mut by_browser) = (clock.unix(), None);
        for authenticator in self.others.iter().filter(|other| is_of(&***other)) {
            let Some(text) = find(&**authenticator, &request.headers)? else { continue };
            if let Some(found) = recognise(&**authenticator, text, request, now).await? {
                only(&mut identity, found)?;
                by_browser = Some(ByBrowser::Otherwise);
            }
        }
        let (Some(sessions), Found::One(_)) = (&self.sessions, presented.cookie) else {
            return Ok(Caller { identity, is_ambient: true, by_browser, has_dead_cookie: false });
        };
        let found = match sessions.find(presented.cookie, now).await? {
            Some(_) if identity.is_some() => return Err(AuthnError::Malformed("two_credentials")),
            Some(live) => sessions.renew(live, request, now).await,
            None => None,
        };
        let has_dead_cookie = found.is_none();
        let by_browser = if has_dead_cookie { by_browser } else { Some(ByBrowser::OwnCookie) };
        Ok(Caller { identity: identity.or(found), is_ambient: true, by_browser, has_dead_cookie })
    }
}

/// Judges the site. A CSRF token signed for a cookie's session proves nothing about another session. An attacker may
/// have planted a dead cookie beside that other session.
fn judge(cross_site: &CrossSite, presented: Presented<'_>, request: &Parts) -> Result<(), AuthnError> {
    let secret = if presented.has_others { None } else { presented.cookie.secret() };
    cross_site.check(request, secret.as_ref()).map_err(AuthnError::CrossSite)
}

/// Returns the caller whom a credential of the application proves, or `None` when the credential is dead.
async fn recognise(
    authenticator: &dyn Authenticator,
    text: Text<'_>,
    request: &Parts,
    now: UnixTime,
) -> Result<Option<Identity>, AuthnError> {
    let found = match text {
        Ok(text) => authenticator.authenticate_of(text, request, now).await,
        Err(reason) => Err(AuthnError::Invalid(reason)),
    };
    match found {
        Ok(identity) => of_its_kind(authenticator, identity).map(Some),
        Err(AuthnError::Invalid(reason)) => {
            ignored(reason, None);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
