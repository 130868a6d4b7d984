//! Credentials that browsers send by themselves. Their owner may not even know of them, so a dead one must not stand in the
//! way: it counts as absent.

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
    chain::{Presented, of_its_kind, only},
    event::ignored,
};

/// Whether browsers send this authenticator's credentials by themselves, in other fields than `Authorization`.
pub(super) fn is_of(authenticator: &dyn Authenticator) -> bool {
    authenticator.kind().accepts(Via::SESSION)
}

/// The text of such a credential, or the reason why it proves nobody by its form.
pub(super) type Text<'r> = Result<&'r str, &'static str>;

/// Such an authenticator's credential, if the request has one.
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
    /// The caller of a request with a credential that browsers send by themselves.
    ///
    /// 1. Where the request comes from is judged before anything is looked up. So another site cannot tell a live
    ///    credential from a dead one.
    /// 2. A token or key is verified. A bad one refuses, whatever else there is.
    /// 3. What the browser sent is looked up. A dead credential counts as absent; two live ones are refused.
    /// 4. A session that alone proves the caller is renewed.
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
            Some(proof) => Some(self.verify(proof, clock).await?),
            None => None,
        };
        let (now, mut by_browser) = (clock.unix(), None);
        for authenticator in self.others.iter().filter(|other| is_of(&***other)) {
            let Some(text) = find(&**authenticator, &request.headers)? else { continue };
            if let Some(found) = recognise(&**authenticator, text, now).await? {
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

/// A token that is signed for the session of a cookie proves nothing of another session, beside which that cookie may be a
/// dead one that somebody planted.
fn judge(cross_site: &CrossSite, presented: Presented<'_>, request: &Parts) -> Result<(), AuthnError> {
    let secret = if presented.has_others { None } else { presented.cookie.secret() };
    cross_site.check(request, secret.as_ref()).map_err(AuthnError::CrossSite)
}

/// The caller whom a credential of the application proves; `None` where it is dead.
async fn recognise(
    authenticator: &dyn Authenticator,
    text: Text<'_>,
    now: UnixTime,
) -> Result<Option<Identity>, AuthnError> {
    let found = match text {
        Ok(text) => authenticator.authenticate(text, now).await,
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
