use core::fmt;

use axum::http::HeaderValue;
use secrecy::SecretString;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        event::TARGET,
        request::client::Client,
        session::{
            open::{FIRST_PARTY, Opening, open, open_cookie},
            proof::{Proof, Recognition},
        },
        sign_in::recognised::sign_in_recognised,
    },
    session::SignInCookie,
    token::{SessionSecret, SignInNonce},
};

use super::{Recognised, SignInError, SignedInApp, SignedInBrowser, once, redeem::redeem};

/// A browser that no other site can have made to sign in: it began the sign-in, or one of this service's own pages
/// posted.
#[must_use = "call `finish` to begin the session"]
pub struct ProvenBrowser {
    pub(super) asking: Asking,
    /// The secret of the session that the browser already has, if any.
    pub(super) presented: Option<SessionSecret>,
}

/// An app that began the sign-in.
#[must_use = "call `finish` to begin the session"]
pub struct ProvenApp {
    pub(super) asking: Asking,
}

/// What finishing needs from the request.
pub(super) struct Asking {
    pub(super) context: AccountContext,
    pub(super) client: Client,
    /// The nonce that finishing uses up. `None` if a page posted.
    pub(super) nonce: Option<SignInNonce>,
}

impl ProvenBrowser {
    /// Begins a session for this person, as `POST /auth/session` does: the former session of the browser ends, and so
    /// do sessions beyond the user's maximum. Wrong passwords never lock a person out here.
    ///
    /// # Errors
    /// Returns a [`SignInError`] in each of these cases, and then no session goes on:
    ///
    /// - The account does not exist, is not active, has another address than the proof, or must verify its address by a
    ///   mail, which is then sent.
    /// - The sign-in was finished before.
    /// - A store fails. A sign-in that was begun must be begun again.
    pub async fn finish(self, person: Recognised) -> Result<SignedInBrowser, SignInError> {
        let Self { asking, presented } = self;
        let how = asking.recognition_of(&person)?;
        asking.use_up().await?;
        let signed_in = async {
            let context = &asking.context;
            let signed_in = sign_in_recognised(context, &person.user_id, how).await?;
            let opening = opening(&person, how);
            let (account, session) = open_cookie(context, &signed_in, &asking.client, presented, opening).await?;
            let over: HeaderValue = SignInCookie::beside(context.auth.session_cookie()).expire().or_report()?;
            Ok(SignedInBrowser { profile: account.profile(), cookies: [session, over] })
        };
        signed_in.await.map_err(|rejection| asking.refused(rejection))
    }

    /// Uses up a token of [`issue_token`](super::SignIn::issue_token), and begins a session for the user to whom it was
    /// sent. The method of authentication is `otp`.
    ///
    /// # Errors
    /// Returns a [`SignInError`] when the token is not good, and as [`finish`](Self::finish) does. The token is used up
    /// then, too, unless it was not found.
    pub async fn finish_by_token(self, token: &SecretString) -> Result<SignedInBrowser, SignInError> {
        let person = redeem(&self.asking.context, token).await?;
        self.finish(person).await
    }
}

impl ProvenApp {
    /// Begins a session for this person and returns its first tokens, with all scopes of the account.
    ///
    /// # Errors
    /// Returns a [`SignInError`] as [`ProvenBrowser::finish`] does.
    pub async fn finish(self, person: Recognised) -> Result<SignedInApp, SignInError> {
        let Self { asking } = self;
        let how = asking.recognition_of(&person)?;
        asking.use_up().await?;
        let signed_in = async {
            let signed_in = sign_in_recognised(&asking.context, &person.user_id, how).await?;
            let tokens = open(&asking.context, &signed_in, &asking.client, opening(&person, how)).await?;
            Ok(SignedInApp { tokens })
        };
        signed_in.await.map_err(|rejection| asking.refused(rejection))
    }

    /// Uses up a token of [`issue_token`](super::SignIn::issue_token), and begins a session for the user to whom it was
    /// sent.
    ///
    /// # Errors
    /// Returns a [`SignInError`] as [`ProvenBrowser::finish_by_token`] does.
    pub async fn finish_by_token(self, token: &SecretString) -> Result<SignedInApp, SignInError> {
        let person = redeem(&self.asking.context, token).await?;
        self.finish(person).await
    }
}

fn opening<'a>(person: &'a Recognised, how: Recognition<'a>) -> Opening<'a> {
    let proof = Proof::Recognised(how);
    Opening { client_id: FIRST_PARTY, scope: None, device: &person.device, proof }
}

impl Asking {
    fn recognition_of<'a>(&self, person: &'a Recognised) -> Result<Recognition<'a>, SignInError> {
        person.recognition().map_err(|fault| {
            tracing::error!(target: TARGET, outcome = "failed", reason = "misconfigured", error = fault);
            SignInError::misconfigured(fault, &self.context.auth)
        })
    }

    /// Uses up the nonce, so that the sign-in cannot be finished again.
    async fn use_up(&self) -> Result<(), SignInError> {
        let Some(nonce) = &self.nonce else { return Ok(()) };
        match once::use_up(&self.context, nonce).await {
            Ok(true) => Ok(()),
            Ok(false) => {
                tracing::warn!(target: TARGET, outcome = "refused", reason = "sign_in_used_twice");
                Err(SignInError::not_begun())
            }
            Err(rejection) => Err(self.refused(rejection)),
        }
    }

    fn refused(&self, rejection: EndpointRejection) -> SignInError {
        SignInError::endpoint(rejection, &self.context.auth)
    }
}

impl fmt::Debug for ProvenBrowser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProvenBrowser(..)")
    }
}

impl fmt::Debug for ProvenApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProvenApp(..)")
    }
}
