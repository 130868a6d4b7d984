use core::{
    marker::PhantomData,
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
    policy::{Access, HasPolicy, Limit, LimitKey, Policy, Quota},
};

use super::{Rejection, client_address, event};

/// The limits of a policy, prepared when the program is compiled.
pub(super) struct Limits<P>(PhantomData<P>);

/// More on one handler is a compile error.
const MOST: usize = 8;

impl<P: HasPolicy> Limits<P> {
    const PREPARED: [PreparedLimit; MOST] = prepare::<P>();

    pub(super) const ALL: &'static [PreparedLimit] = match P::POLICY.quotas().len() {
        0 => &[],
        several => {
            let prepared: &'static [PreparedLimit; MOST] = &Self::PREPARED;
            prepared.split_at(several).0
        }
    };
}

/// The limits that need no identity: on a public handler all of them, else those by address, header, path and for all.
pub(super) async fn before_identity(
    limits: &'static [PreparedLimit],
    policy: &'static Policy,
    auth: &Auth,
    parts: &mut Parts,
) -> Result<(), Rejection> {
    let stage = Stage { limits, policy, waits: false };
    stage.pass(auth, parts, None).await
}

/// The limits by user, API key and by functions, which may ask who calls.
pub(super) async fn after_identity(
    limits: &'static [PreparedLimit],
    policy: &'static Policy,
    auth: &Auth,
    parts: &mut Parts,
    caller: &Identity,
) -> Result<(), Rejection> {
    let stage = Stage { limits, policy, waits: true };
    stage.pass(auth, parts, Some(caller)).await
}

fn waits_for_identity(policy: &Policy, key: LimitKey) -> bool {
    matches!(policy.access(), Access::Protected(_))
        && matches!(key, LimitKey::User | LimitKey::ApiKey | LimitKey::Custom { .. })
}

/// The limits that are counted together: those that need the caller, or those that do not.
#[derive(Clone, Copy)]
struct Stage {
    limits: &'static [PreparedLimit],
    policy: &'static Policy,
    waits: bool,
}

impl Stage {
    /// Counts the request under all limits of the stage, in one step.
    async fn pass(self, auth: &Auth, parts: &mut Parts, caller: Option<&Identity>) -> Result<(), Rejection> {
        if !self.limits().any(|_| true) {
            return Ok(());
        }
        if let Some(memory) = auth.limiter().memory() {
            return self.count_in_memory(memory, auth, parts, caller);
        }
        // The future of every guarded handler would grow by what is kept while a store is asked.
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

    fn limits(self) -> impl Iterator<Item = &'static PreparedLimit> {
        self.limits.iter().filter(move |limit| waits_for_identity(self.policy, limit.limit().key()) == self.waits)
    }

    /// Written where they stay: handed back, all their places would be copied.
    fn put<'r>(
        self,
        charges: &mut Charges<'r>,
        texts: &'r Texts,
        auth: &'r Auth,
        parts: &'r Parts,
        caller: Option<&'r Identity>,
    ) -> Result<(), Rejection> {
        for (index, limit) in self.limits().enumerate() {
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

/// Keys that have to be made from the request: path parameters, and what functions of the application return.
#[derive(Default)]
struct Texts {
    path: Option<RawPathParams>,
    custom: SmallVec<[(usize, String); 1]>,
}

impl Texts {
    fn read(stage: Stage, parts: &mut Parts) -> Self {
        let mut texts = Self::default();
        for (index, limit) in stage.limits().enumerate() {
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

/// The router has put them among the extensions; the extractor that reads them never waits.
fn path_parameters(parts: &mut Parts) -> Option<RawPathParams> {
    let reading = pin!(RawPathParams::from_request_parts(parts, &()));
    match reading.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(parameters) => parameters.ok(),
        Poll::Pending => None,
    }
}

/// What a request is counted by. What is not there is replaced by the client's address: never by no limit at all, and
/// never by one bucket for everybody.
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

/// A user of this service counts once, whether an authenticator names it or only says so.
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

const fn prepare<P: HasPolicy>() -> [PreparedLimit; MOST] {
    let policy = P::POLICY;
    assert!(policy.quotas().len() <= MOST, "a handler has at most 8 limits");
    // Stands in the places that no limit takes, and is never looked at.
    const NONE: PreparedLimit = PreparedLimit::new(Limit::new(Quota::new(1, 1), LimitKey::Global), "", 0);
    let mut prepared = [NONE; MOST];
    let (mut limits, mut places, mut index) = (policy.quotas(), prepared.as_mut_slice(), 0);
    while let ([limit, other_limits @ ..], [place, other_places @ ..]) = (limits, places) {
        *place = PreparedLimit::new(*limit, policy.handler(), index).of::<P>();
        (limits, places) = (other_limits, other_places);
        index = u32::saturating_add(index, 1);
    }
    prepared
}
