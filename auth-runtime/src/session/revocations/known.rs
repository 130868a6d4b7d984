use core::hash::Hash;
use std::collections::HashMap;

use super::newest::Newest;
use crate::{
    clock::{Clock, Monotonic, UnixTime},
    store::{Revocation, RevokedTarget},
};

/// The tokens that are refused.
#[derive(Default)]
pub(super) struct Known {
    pub(super) sessions: HashMap<String, Revoked>,
    tokens: HashMap<String, Revoked>,
    /// `None` until one was read, and while all is read again.
    pub(super) newest: Option<Newest>,
}

/// The tokens of a session that are refused, and how long this must be remembered.
#[derive(Clone, Copy)]
pub(super) struct Revoked {
    pub(super) before_generation: Option<u32>,
    pub(super) remember_until: UnixTime,
    /// When this process learned of the revocation.
    pub(super) known_since: Monotonic,
}

/// The claims of an access token that decide whether it is refused.
#[derive(Clone, Copy)]
pub(crate) struct Claimed<'a> {
    pub(crate) session: Option<&'a str>,
    pub(crate) token_id: &'a str,
    pub(crate) generation: u32,
    pub(crate) issued_at: UnixTime,
}

impl Known {
    pub(super) fn refuses(&self, token: Claimed<'_>) -> bool {
        let session = token.session.and_then(|id| self.sessions.get(id));
        session.into_iter().chain(self.tokens.get(token.token_id)).any(|refused| match refused.before_generation {
            None => true,
            Some(first_good) => token.generation < first_good,
        })
    }

    /// Adds the revocations of an answer.
    pub(super) fn take_in(&mut self, news: Vec<Revocation>, clock: &dyn Clock, life: u64) {
        self.newest = news.last().map(Newest::of).or(self.newest);
        let (now, known_since) = (clock.unix(), clock.monotonic());
        for Revocation { target, before_generation, remember_until, .. } in news {
            self.add(target, Revoked { before_generation, remember_until, known_since });
        }
        // Checks both clocks: a wall clock that was ahead for a while would make tokens valid again once it is set
        // back.
        let lives = |refused: &Revoked| known_since.as_nanos().saturating_sub(refused.known_since.as_nanos()) < life;
        self.sessions.retain(|_, refused| now < refused.remember_until || lives(refused));
        self.tokens.retain(|_, refused| now < refused.remember_until || lives(refused));
    }

    pub(super) fn add(&mut self, target: RevokedTarget, refused: Revoked) {
        match target {
            RevokedTarget::Session(id) => merge(&mut self.sessions, id, refused),
            RevokedTarget::Token(id) => merge(&mut self.tokens, id, refused),
        }
    }
}

/// Keeps the stricter of the known and the new entry, in either order.
fn merge<K: Eq + Hash>(known: &mut HashMap<K, Revoked>, key: K, new: Revoked) {
    let refused = known.entry(key).or_insert(new);
    refused.remember_until = refused.remember_until.max(new.remember_until);
    refused.known_since = refused.known_since.max(new.known_since);
    refused.before_generation = match (refused.before_generation, new.before_generation) {
        (Some(one), Some(other)) => Some(one.max(other)),
        _ => None,
    };
}
