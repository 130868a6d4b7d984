use core::fmt;
use std::sync::Arc;

use super::{
    fetch::Client,
    issuer::Source,
    keys::KeyCache,
    token::{check_header, issuer_of, verify},
};
use crate::{
    clock::Clock,
    identity::Identity,
    token::{Compact, JoseError, MAX_TOKEN, TokenError, decode_payload},
};

/// The length up to which encoded claims use a smaller stack buffer. Almost all claims are shorter.
const SHORT: usize = 2048;

/// All issuers that this service trusts beside itself.
pub(crate) struct Trusted {
    /// Sorted by `iss`. Those without keys are left out: no JWT is of them.
    issuers: Vec<TrustedIssuer>,
}

pub(crate) struct TrustedIssuer {
    source: Arc<Source>,
    keys: KeyCache,
}

/// The result of verifying a token without waiting.
pub(crate) enum Attempt<'t> {
    /// The token is of another issuer.
    OfNoneOfThese,
    Done(Result<Identity, TokenError>),
    /// The keys have to be fetched first.
    Waits(&'t TrustedIssuer),
}

/// The reason why a token proves no caller.
#[derive(Debug)]
pub(crate) enum Refused {
    Invalid(TokenError),
    /// The issuer's keys are not known, and could not be fetched.
    Unavailable,
}

/// The result of verifying a token with the keys that are known.
enum Tried {
    Done(Result<Identity, TokenError>),
    NoKeys,
    UnknownKey,
}

impl Trusted {
    pub(crate) fn new(
        sources: Vec<impl Into<Arc<Source>>>,
        client: impl Into<Arc<Client>>,
        clock: &Arc<dyn Clock>,
    ) -> Self {
        let client = client.into();
        let mut issuers: Vec<_> = sources
            .into_iter()
            .map(Into::into)
            .filter(|source: &Arc<Source>| source.has_keys())
            .map(|source| {
                let keys = KeyCache::new(Arc::clone(&source), Arc::clone(&client), Arc::clone(clock));
                TrustedIssuer { source, keys }
            })
            .collect();
        issuers.sort_by(|a, b| a.source.iss.cmp(&b.source.iss));
        Self { issuers }
    }

    /// Verifies a token with the keys that are known.
    #[inline]
    pub(crate) fn attempt(&self, token: &str, clock: &dyn Clock) -> Attempt<'_> {
        let Ok(compact) = Compact::split(token) else { return Attempt::OfNoneOfThese };
        if compact.payload.len() <= SHORT {
            self.attempt_with(compact, &mut [0; SHORT / 4 * 3], clock)
        } else {
            self.attempt_long(compact, clock)
        }
    }

    #[cold]
    #[inline(never)]
    fn attempt_long(&self, compact: Compact<'_>, clock: &dyn Clock) -> Attempt<'_> {
        self.attempt_with(compact, &mut [0; MAX_TOKEN / 4 * 3], clock)
    }

    #[inline]
    fn attempt_with(&self, compact: Compact<'_>, buffer: &mut [u8], clock: &dyn Clock) -> Attempt<'_> {
        let Ok(payload) = decode_payload(compact.payload, buffer) else { return Attempt::OfNoneOfThese };
        let has_escapes = payload.contains(&b'\\');
        let Some(issuer) = issuer_of(payload).and_then(|issuer| self.find(issuer.of(payload))) else {
            return Attempt::OfNoneOfThese;
        };
        // The search for the issuer has replaced escapes. The claims are read from the beginning.
        if has_escapes && decode_payload(compact.payload, payload).is_err() {
            return Attempt::OfNoneOfThese;
        }
        match issuer.try_known(&compact, payload, clock) {
            Tried::Done(result) => Attempt::Done(result),
            Tried::NoKeys | Tried::UnknownKey => Attempt::Waits(issuer),
        }
    }

    /// Returns whether a refused token names an issuer that is neither `own` nor one of these. Its event then names the
    /// `iss` as the cause, and not the key.
    #[cold]
    pub(crate) fn is_of_stranger(&self, token: &str, own: &str) -> bool {
        let Ok(compact) = Compact::split(token) else { return false };
        let mut buffer = vec![0; compact.payload.len()];
        let Ok(payload) = decode_payload(compact.payload, &mut buffer) else { return false };
        issuer_of(payload).is_some_and(|iss| {
            let iss = iss.of(payload);
            iss != own.as_bytes() && self.find(iss).is_none()
        })
    }

    /// Returns the issuer that has this `iss`.
    fn find(&self, iss: &[u8]) -> Option<&TrustedIssuer> {
        let found = self.issuers.binary_search_by(|issuer| issuer.source.iss.as_bytes().cmp(iss));
        found.ok().and_then(|index| self.issuers.get(index))
    }
}

impl TrustedIssuer {
    /// Verifies a token after the keys were fetched.
    #[cold]
    pub(crate) async fn verify_after_fetch(&self, token: &str, clock: &dyn Clock) -> Result<Identity, Refused> {
        self.keys.fetch().await;
        match self.try_again(token, clock).map_err(|error| Refused::Invalid(error.into()))? {
            Tried::Done(result) => result.map_err(Refused::Invalid),
            Tried::NoKeys => Err(Refused::Unavailable),
            // Perhaps the key could not be fetched.
            Tried::UnknownKey if self.keys.known().has_failed() => Err(Refused::Unavailable),
            Tried::UnknownKey => Err(Refused::Invalid(JoseError::UnknownKey.into())),
        }
    }

    fn try_again(&self, token: &str, clock: &dyn Clock) -> Result<Tried, JoseError> {
        let compact = Compact::split(token)?;
        let mut buffer = vec![0; compact.payload.len()];
        let payload = decode_payload(compact.payload, &mut buffer)?;
        Ok(self.try_known(&compact, payload, clock))
    }

    #[inline]
    fn try_known(&self, compact: &Compact<'_>, payload: &mut [u8], clock: &dyn Clock) -> Tried {
        let known = self.keys.known();
        let now = clock.monotonic();
        let Some(keys) = known.usable(now) else {
            return match check_header(&self.source, compact) {
                Ok(()) => Tried::NoKeys,
                Err(error) => Tried::Done(Err(error)),
            };
        };
        if known.is_due(now) {
            self.keys.renew();
        }
        match verify(&self.source, keys, compact, payload, clock.unix()) {
            Err(TokenError::Jose(JoseError::UnknownKey)) => Tried::UnknownKey,
            result => Tried::Done(result),
        }
    }
}

impl fmt::Debug for Trusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.issuers.iter().map(|issuer| &issuer.source.iss)).finish()
    }
}
