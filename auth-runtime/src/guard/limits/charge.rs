use axum::http::request::Parts;
use smallvec::SmallVec;

use super::{judge::judge, key_of_request::key, key_texts::KeyTexts};
use crate::{
    auth::Auth,
    guard::Rejection,
    identity::Identity,
    limit::{Charge, MemoryLimiter, PreparedLimit, Quotas},
    policy::Policy,
};

/// Counts the request under all limits of a stage in one step: either all limits count it, or no limit does.
///
/// It is not `async` itself: one future around another would enlarge that of every limited handler.
pub(in crate::guard) fn charge(
    limits: &'static [PreparedLimit],
    policy: &'static Policy,
    auth: &Auth,
    parts: &mut Parts,
    caller: Option<&Identity>,
) -> impl Future<Output = Result<(), Rejection>> {
    Stage { limits, policy }.pass(auth, parts, caller)
}

/// The limits that are counted together.
#[derive(Clone, Copy)]
struct Stage<'l> {
    limits: &'l [PreparedLimit],
    policy: &'static Policy,
}

impl<'l> Stage<'l> {
    async fn pass(self, auth: &Auth, parts: &mut Parts, caller: Option<&Identity>) -> Result<(), Rejection> {
        if self.limits.is_empty() {
            return Ok(());
        }
        if let Some(memory) = auth.limiter().memory() {
            return match auth.limiter().quotas() {
                None => self.count_in_memory(memory, auth, parts, caller),
                Some(quotas) => self.count_in_memory_under(quotas, memory, auth, parts, caller),
            };
        }
        // Boxed: otherwise everything kept across the call to the store would enlarge the future of every guarded
        // handler.
        match auth.limiter().quotas() {
            None => Box::pin(self.count(auth, parts, caller)).await,
            Some(quotas) => Box::pin(self.count_under(quotas, auth, parts, caller)).await,
        }
    }

    /// A function of its own, so that limits without set quotas pay only the choice between the two.
    #[inline(never)]
    fn count_in_memory_under(
        self,
        quotas: &Quotas,
        memory: MemoryLimiter<'_>,
        auth: &Auth,
        parts: &mut Parts,
        caller: Option<&Identity>,
    ) -> Result<(), Rejection> {
        self.of(&quotas.applied(self.limits)).count_in_memory(memory, auth, parts, caller)
    }

    fn count_in_memory(
        self,
        memory: MemoryLimiter<'_>,
        auth: &Auth,
        parts: &mut Parts,
        caller: Option<&Identity>,
    ) -> Result<(), Rejection> {
        let texts = KeyTexts::read(self.limits, parts);
        let mut charges = Charges::new();
        self.put(&mut charges, &texts, auth, parts, caller)?;
        let counted = memory.charge(&mut charges, auth.clock());
        judge(self.policy, &charges, counted, auth, parts)
    }

    async fn count_under(
        self,
        quotas: &Quotas,
        auth: &Auth,
        parts: &mut Parts,
        caller: Option<&Identity>,
    ) -> Result<(), Rejection> {
        self.of(&quotas.applied(self.limits)).count(auth, parts, caller).await
    }

    async fn count(self, auth: &Auth, parts: &mut Parts, caller: Option<&Identity>) -> Result<(), Rejection> {
        let texts = KeyTexts::read(self.limits, parts);
        let mut charges = Charges::new();
        self.put(&mut charges, &texts, auth, parts, caller)?;
        let counted = auth.limiter().charge(&mut charges, auth.clock()).await;
        judge(self.policy, &charges, counted, auth, parts)
    }

    /// Returns the stage of the same limits with the quotas that are in force.
    fn of<'f>(self, in_force: &'f [PreparedLimit]) -> Stage<'f> {
        Stage { limits: in_force, policy: self.policy }
    }

    /// Writes the charges in place. Returning them would copy the whole array.
    fn put<'r>(
        self,
        charges: &mut Charges<'r>,
        texts: &'r KeyTexts,
        auth: &'r Auth,
        parts: &'r Parts,
        caller: Option<&'r Identity>,
    ) -> Result<(), Rejection>
    where
        'l: 'r,
    {
        for (index, limit) in self.limits.iter().enumerate() {
            charges.push(Charge::new(limit, key(limit.limit().key(), texts, index, caller, auth, parts)?));
        }
        Ok(())
    }
}

type Charges<'r> = SmallVec<[Charge<'r>; 4]>;
