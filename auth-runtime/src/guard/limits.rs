use core::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use smallvec::SmallVec;

use crate::{
    auth::Auth,
    error::StoreError,
    identity::Identity,
    limit::{Charge, KeyValue, MemoryLimiter, PreparedLimit, Refusal, report},
    policy::{LimitKey, Policy},
};

use super::{Rejection, client_address, event};

/// Counts the request under all limits of a stage in one step: either all limits count it, or no limit does.
pub(super) async fn charge(
    limits: &'static [PreparedLimit],
    policy: &'static Policy,
    auth: &Auth,
    parts: &mut Parts,
    caller: Option<&Identity>,
) -> Result<(), Rejection> {
    Stage { limits, policy }.pass(auth, parts, caller).await
}

/// The limits that are counted together.
#[derive(Clone, Copy)]
struct Stage {
    limits: &'static [PreparedLimit],
    policy: &'static Policy,
}

impl Stage {
    async fn pass(self, auth: &Auth, parts: &mut Parts, caller: Option<&Identity>) -> Result<(), Rejection> {
        if self.limits.is_empty() {
            return Ok(());
        }
        if let Some(memory) = auth.limiter().memory() {
            return self.count_in_memory(memory, auth, parts, caller);
        }
        // Boxed: otherwise everything kept across the call to the store would enlarge the future of every guarded
        // handler.
        Box::pin(self.count(auth, parts, caller)).await
    }

    fn count_in_memory(
        self,
        memory: MemoryLimiter<'_>,
        auth: &Auth,
        parts: &mut Parts,
        caller: Option<&Identity>,
    ) -> Result<(), Rejection> {
        let texts = Texts::read(self, parts);
        let mut charges = Charges::new();
        self.put(&mut charges, &texts, auth, parts, caller)?;
        let failed = memory.charge(&mut charges, auth.clock());
        self.judge(&charges, failed.err(), parts)
    }

    async fn count(self, auth: &Auth, parts: &mut Parts, caller: Option<&Identity>) -> Result<(), Rejection> {
        let texts = Texts::read(self, parts);
        let mut charges = Charges::new();
        self.put(&mut charges, &texts, auth, parts, caller)?;
        let failed = auth.limiter().charge(&mut charges, auth.clock()).await;
        self.judge(&charges, failed.err(), parts)
    }

    /// Writes the charges in place. Returning them would copy the whole array.
    fn put<'r>(
        self,
        charges: &mut Charges<'r>,
        texts: &'r Texts,
        auth: &'r Auth,
        parts: &'r Parts,
        caller: Option<&'r Identity>,
    ) -> Result<(), Rejection> {
        for (index, limit) in self.limits.iter().enumerate() {
            charges.push(Charge::new(limit, key(limit.limit().key(), texts, index, caller, auth, parts)?));
        }
        Ok(())
    }

    fn judge(self, charges: &[Charge<'_>], outage: Option<StoreError>, parts: &Parts) -> Result<(), Rejection> {
        if let Some(error) = &outage {
            event::limit_store_failed(self.policy, parts, error);
        }
        for one in charges.iter().filter(|one| one.limit().is_shadow() && !one.is_within()) {
            event::shadow(self.policy, parts, one.limit());
        }
        report(charges);
        if !charges.iter().any(Charge::refuses) {
            return Ok(());
        }
        match (Refusal::of(charges), outage) {
            (Some(refusal), _) => Err(Rejection::Limited(refusal)),
            (None, Some(error)) => Err(Rejection::Unavailable(error)),
            (None, None) => Err(Rejection::Misconfigured("the limit store answered without deciding")),
        }
    }
}

type Charges<'r> = SmallVec<[Charge<'r>; 4]>;

/// Key texts that are built from the request: path parameters, and the results of the application's functions.
#[derive(Default)]
struct Texts {
    path: Option<RawPathParams>,
    custom: SmallVec<[(usize, String); 1]>,
}

impl Texts {
    fn read(stage: Stage, parts: &mut Parts) -> Self {
        let mut texts = Self::default();
        for (index, limit) in stage.limits.iter().enumerate() {
            match limit.limit().key() {
                LimitKey::Path(_) if texts.path.is_none() => texts.path = path_parameters(parts),
                LimitKey::Custom { key, .. } => texts.custom.extend(key(parts).map(|text| (index, text))),
                _ => {}
            }
        }
        texts
    }

    fn path(&self, name: &str) -> Option<&str> {
        self.path.as_ref()?.iter().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    fn custom(&self, index: usize) -> Option<&str> {
        self.custom.iter().find(|(found, _)| *found == index).map(|(_, text)| text.as_str())
    }
}

/// Returns the path parameters. The router stored them in the extensions, so the extractor that reads them never waits.
fn path_parameters(parts: &mut Parts) -> Option<RawPathParams> {
    let reading = pin!(RawPathParams::from_request_parts(parts, &()));
    match reading.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(parameters) => parameters.ok(),
        Poll::Pending => None,
    }
}

/// Returns the key under which a request is counted. The client's address replaces a missing value, so that a limit
/// always applies and clients never share one bucket by default.
fn key<'r>(
    key: LimitKey,
    texts: &'r Texts,
    index: usize,
    caller: Option<&'r Identity>,
    auth: &'r Auth,
    parts: &'r Parts,
) -> Result<KeyValue<'r>, Rejection> {
    let value = match key {
        LimitKey::Global => Some(KeyValue::EVERYONE),
        LimitKey::Address => None,
        LimitKey::User => caller.map(|caller| user(caller, auth)),
        LimitKey::ApiKey => caller.map(|caller| api_key(caller, auth)),
        LimitKey::Header(name) => parts.headers.get(name).map(|value| KeyValue::header(name, value.as_bytes())),
        LimitKey::Path(name) => texts.path(name).map(|value| KeyValue::path(name, value)),
        LimitKey::Custom { name, .. } => texts.custom(index).map(|value| KeyValue::custom(name, value)),
    };
    match value {
        Some(value) => Ok(value),
        None => client_address(auth, parts).map(KeyValue::address),
    }
}

/// Returns the key of a user. A user of this service has a single counter, whether the authenticator names this service
/// as the issuer or declares the user as this service's.
fn user<'r>(caller: &'r Identity, auth: &'r Auth) -> KeyValue<'r> {
    let issuer = if caller.is_user_of(auth.issuer()) { auth.issuer() } else { caller.issuer() };
    KeyValue::user(issuer, caller.subject())
}

fn api_key<'r>(caller: &'r Identity, auth: &'r Auth) -> KeyValue<'r> {
    use crate::policy::Via;

    match caller.token_id() {
        Some(id) if caller.kind() == Via::API_KEY => KeyValue::api_key(id),
        _ => user(caller, auth),
    }
}
