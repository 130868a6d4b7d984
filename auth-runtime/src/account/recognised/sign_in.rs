use core::fmt;

use axum::{
    extract::FromRequestParts,
    http::{Method, request::Parts},
};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        event::TARGET,
        policies::SIGN_INS_BY_ADDRESS,
        request::client::{Client, Peer},
        throttle::throttle,
    },
    auth::{Auth, HasAccounts, HasAuth},
    guard::{GuardRejection, Rejection, refuse},
    limit::{AddressKey, KeyValue, PreparedLimit},
    session::{Found, SignInCookie},
    token::{SessionSecret, SignInNonce},
};

use super::{
    BegunAppSignIn, BegunSignIn, Elsewhere, ProvenApp, ProvenBrowser, Returned, SignInError,
    nonce::{Keeper, LIFETIME, check, mint},
    proven::Asking,
};

/// The sign-in of a person whom the application recognises itself: by a link in a mail, a provider, or a passkey.
///
/// A link and a provider's answer are `GET` requests, which any page can cause. Without a check, an attacker could sign
/// a visitor in to the attacker's account, and read what the visitor enters there. So a session begins in one of these
/// ways only:
///
/// | the client | begins by | proves itself by |
/// |---|---|---|
/// | the browser in which the person began | [`begin`](Self::begin) | [`returned`](Self::returned) |
/// | any browser, from a page of this service | | [`posted`](Self::posted) |
/// | an app that gets tokens | [`begin_for_app`](Self::begin_for_app) | [`returned_to_app`](Self::returned_to_app) |
///
/// It is an extractor and checks no proof of the person. The application verifies the proof before it calls `finish`.
/// Each proof of the client counts as a sign-in from its address, with the limit `login`.
///
/// ```
/// use auth_runtime::{account::{Recognised, SignIn, SignInError}, prelude::*};
/// use axum::response::{IntoResponse, Redirect};
///
/// # async fn exchange(_: &str) -> Result<String, SignInError> { Ok(String::new()) }
/// #[derive(serde::Deserialize)]
/// struct Answer { code: String, state: String }
///
/// #[public(because = "visitors begin to sign in here")]
/// async fn begin(sign_in: SignIn) -> Result<impl IntoResponse, SignInError> {
///     let begun = sign_in.begin()?;
///     let provider = format!("https://id.example/authorize?client_id=shop&state={}", begun.state());
///     Ok((begun, Redirect::to(&provider)))
/// }
///
/// #[public(because = "the provider sends visitors back to here")]
/// async fn callback(sign_in: SignIn, Query(answer): Query<Answer>) -> Result<impl IntoResponse, SignInError> {
///     let browser = sign_in.returned(&answer.state).await?.same_browser()?;
///     let user_id = exchange(&answer.code).await?; // by the provider's library, and your table of its users
///     let signed_in = browser.finish(Recognised::new(user_id, &["fed"])).await?;
///     Ok((signed_in, Redirect::to("/")))
/// }
/// ```
#[must_use]
pub struct SignIn {
    pub(super) context: AccountContext,
    client: Client,
    address: AddressKey,
    presented: Option<SessionSecret>,
    nonce: Option<SignInNonce>,
    is_post: bool,
    /// The reason why another site may have caused the request. Safe methods have no such reason.
    site: Result<(), &'static str>,
}

impl<S: HasAuth + HasAccounts + Send + Sync> FromRequestParts<S> for SignIn {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, GuardRejection> {
        let context = AccountContext::from_request_parts(parts, state).await?;
        let Peer(address) = Peer::from_request_parts(parts, state).await?;
        let auth = &context.auth;
        let client = Client::of(parts, auth.addresses());
        let (presented, nonce) = match cookies(auth, parts) {
            Ok((session, sign_in)) => (session.secret(), sign_in.nonce()),
            Err(rejection) => return Err(refuse(rejection, auth, parts)),
        };
        let (is_post, site) = (parts.method == Method::POST, auth.cross_site().check(parts, None));
        Ok(Self { context, client, address, presented, nonce, is_post, site })
    }
}

/// Returns the cookies of the session and of the sign-in. Refuses two of a name.
fn cookies<'r>(auth: &Auth, parts: &'r Parts) -> Result<(Found<'r>, Found<'r>), Rejection> {
    let cookie = auth.session_cookie();
    match (cookie.find(&parts.headers), SignInCookie::beside(cookie).find(&parts.headers)) {
        (Found::Several, _) => Err(Rejection::Malformed("two_session_cookies")),
        (_, Found::Several) => Err(Rejection::Malformed("two_sign_in_cookies")),
        found => Ok(found),
    }
}

impl SignIn {
    /// Begins a sign-in in this browser. The answer must set its cookie, which lives for ten minutes:
    /// `__Host-sign-in`, or `auth-runtime-sign-in` with
    /// [`allow_insecure_cookies`](crate::auth::AuthBuilder::allow_insecure_cookies). A second sign-in replaces the
    /// first.
    ///
    /// Ask for the address of a link by `POST`. A `GET` that another site causes begins a sign-in, too: a site that
    /// gets the link by mail could then finish it in the visitor's browser.
    ///
    /// # Errors
    /// Returns a [`SignInError`] when another site caused the request and it is no `GET`, and when the source of
    /// randomness fails.
    pub fn begin(&self) -> Result<BegunSignIn, SignInError> {
        let auth = &self.context.auth;
        self.site.map_err(|reason| self.cross_site(reason))?;
        let begun = || {
            let (nonce, state) = self.mint(Keeper::Browser)?;
            let cookie = SignInCookie::beside(auth.session_cookie()).set(&nonce, LIFETIME).or_report()?;
            Ok(BegunSignIn { state, cookie })
        };
        begun().map_err(|rejection| SignInError::endpoint(rejection, auth))
    }

    /// Begins a sign-in in an app, which gets tokens. The app needs no cookie: it keeps the verifier.
    ///
    /// # Errors
    /// Returns a [`SignInError`] when the source of randomness fails.
    pub fn begin_for_app(&self) -> Result<BegunAppSignIn, SignInError> {
        match self.mint(Keeper::App) {
            Ok((nonce, state)) => Ok(BegunAppSignIn { state, verifier: nonce.expose().into(), expires_in: LIFETIME }),
            Err(rejection) => Err(SignInError::endpoint(rejection, &self.context.auth)),
        }
    }

    fn mint(&self, keeper: Keeper) -> Result<(SignInNonce, String), EndpointRejection> {
        let auth = &self.context.auth;
        let nonce = SignInNonce::mint(auth.entropy()).or_report()?;
        let state = mint(&nonce, keeper, auth.clock().unix(), auth.entropy()).or_report()?;
        Ok((nonce, state))
    }

    /// Tells whether this browser began the sign-in with this state. The request may be a `GET`, and uses nothing up.
    ///
    /// # Errors
    /// Returns a [`SignInError`] when too many sign-ins came from this address, or when the store of limits fails and
    /// the limit denies then.
    pub async fn returned(mut self, state: &str) -> Result<Returned, SignInError> {
        self.count().await?;
        let checked = match self.nonce.take() {
            Some(nonce) => check(&nonce, Keeper::Browser, state, self.context.auth.clock().unix()).map(|()| nonce),
            None => Err("no_sign_in_cookie"),
        };
        Ok(match checked {
            Ok(nonce) => Returned::SameBrowser(self.browser(Some(nonce))),
            Err(reason) => {
                tracing::info!(target: TARGET, outcome = "elsewhere", reason, "another browser opened a sign-in");
                Returned::Elsewhere(Elsewhere { context: self.context })
            }
        })
    }

    /// Accepts a `POST` from a page of this service or of a trusted origin, as `POST /auth/session` does. For the page
    /// that asks first, see [`Elsewhere`], and for scripts that send a passkey's signature.
    ///
    /// # Errors
    /// Returns a [`SignInError`] when the request is no `POST` or another site caused it, and when too many sign-ins
    /// came from this address.
    pub async fn posted(self) -> Result<ProvenBrowser, SignInError> {
        self.count().await?;
        // The cross-site check lets safe methods pass, and a link is a `GET`.
        match if self.is_post { self.site } else { Err("sign_in_not_posted") } {
            Ok(()) => Ok(self.browser(None)),
            Err(reason) => Err(self.cross_site(reason)),
        }
    }

    fn cross_site(&self, reason: &'static str) -> SignInError {
        tracing::info!(target: TARGET, outcome = "refused", reason);
        SignInError::cross_site(reason, &self.context.auth)
    }

    /// Accepts the app that began the sign-in with this state: only that app knows the verifier.
    ///
    /// # Errors
    /// Returns a [`SignInError`] when the state was made for another verifier or has ended, and when too many sign-ins
    /// came from this address.
    pub async fn returned_to_app(self, state: &str, verifier: &SecretString) -> Result<ProvenApp, SignInError> {
        self.count().await?;
        let now = self.context.auth.clock().unix();
        let checked = match SignInNonce::parse(verifier.expose_secret()) {
            Some(nonce) => check(&nonce, Keeper::App, state, now).map(|()| nonce),
            None => Err("sign_in_verifier_form"),
        };
        match checked {
            Ok(nonce) => {
                Ok(ProvenApp { asking: Asking { context: self.context, client: self.client, nonce: Some(nonce) } })
            }
            Err(reason) => {
                tracing::info!(target: TARGET, outcome = "refused", reason, "another app began the sign-in, or none");
                Err(SignInError::not_begun())
            }
        }
    }

    fn browser(self, nonce: Option<SignInNonce>) -> ProvenBrowser {
        let Self { context, client, presented, .. } = self;
        ProvenBrowser { asking: Asking { context, client, nonce }, presented }
    }

    /// Charges the limit by address that all ways to sign in share.
    async fn count(&self) -> Result<(), SignInError> {
        const BY_ADDRESS: PreparedLimit = PreparedLimit::new(SIGN_INS_BY_ADDRESS, "auth_runtime::account", 0);
        let counted = throttle(&self.context, &BY_ADDRESS, KeyValue::address(self.address)).await;
        counted.map_err(|rejection| SignInError::endpoint(rejection, &self.context.auth))
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignIn(..)")
    }
}
