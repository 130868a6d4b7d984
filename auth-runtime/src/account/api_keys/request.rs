use core::num::NonZeroU32;

use serde::Deserialize;

use crate::{
    error::FieldError,
    identity::Identity,
    session::is_misleading,
    store::{Account, ApiKeyLimit},
};

/// The body that asks for a new key. An unknown member is refused: a misspelled lifetime or limit would silently not
/// apply.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewApiKey {
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires_in_days: Option<u32>,
    limit: Option<RequestedLimit>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestedLimit {
    count: u32,
    per_seconds: u32,
}

/// The body that asks for a rotation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rotation {
    #[serde(default = "a_day")]
    pub(crate) overlap_hours: u32,
}

const fn a_day() -> u32 {
    24
}

/// The longest time in which both keys work, in hours: a week.
const MOST_OVERLAP_HOURS: u32 = 7 * 24;
/// The longest name, in characters.
const MOST_CHARACTERS: usize = 100;
/// The largest number of requests of a limit.
const MOST_REQUESTS: u32 = 1_000_000;
/// The longest period of a limit, in seconds.
const MOST_SECONDS: u32 = 24 * 60 * 60;

impl NewApiKey {
    pub(crate) fn limit(&self) -> Option<ApiKeyLimit> {
        let RequestedLimit { count, per_seconds } = self.limit?;
        Some(ApiKeyLimit { count: NonZeroU32::new(count)?, per_seconds: NonZeroU32::new(per_seconds)? })
    }

    /// Returns the mistakes in the body, with pointers to them.
    pub(crate) fn faults(&self, owner: &Account, caller: &Identity, most_days: u32) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut add = |pointer: String, message: String| faults.push(FieldError::new(pointer, message));
        let characters = self.name.chars().count();
        if !(1..=MOST_CHARACTERS).contains(&characters)
            || self.name.trim().is_empty()
            || self.name.contains(is_misleading)
        {
            add(
                "/name".to_owned(),
                format!(
                    "must be 1 to {MOST_CHARACTERS} characters, none of them a control character, a direction control or without width"
                ),
            );
        }
        for (index, scope) in self.scopes.iter().enumerate() {
            if !may_grant(scope, owner, caller) {
                add(format!("/scopes/{index}"), "is none of your scopes".to_owned());
            } else if self.scopes.iter().take(index).any(|earlier| earlier == scope) {
                add(format!("/scopes/{index}"), "is there already".to_owned());
            }
        }
        if self.expires_in_days.is_some_and(|days| !(1..=most_days).contains(&days)) {
            add("/expires_in_days".to_owned(), format!("must be 1 to {most_days}"));
        }
        if let Some(limit) = self.limit {
            if !(1..=MOST_REQUESTS).contains(&limit.count) {
                add("/limit/count".to_owned(), format!("must be 1 to {MOST_REQUESTS}"));
            }
            if !(1..=MOST_SECONDS).contains(&limit.per_seconds) {
                add("/limit/per_seconds".to_owned(), format!("must be 1 to {MOST_SECONDS}"));
            }
        }
        faults
    }
}

impl Rotation {
    pub(crate) fn faults(&self) -> Vec<FieldError> {
        if self.overlap_hours <= MOST_OVERLAP_HOURS {
            return Vec::new();
        }
        let message = format!("must be 0 to {MOST_OVERLAP_HOURS}");
        vec![FieldError::new("/overlap_hours", message)]
    }
}

/// Returns whether the key may have this scope: the owner and the caller's credential must both have it. Otherwise a
/// token with few scopes could be exchanged for a powerful key.
pub(crate) fn may_grant(scope: &str, owner: &Account, caller: &Identity) -> bool {
    owner.scopes.iter().any(|held| held == scope) && caller.has_scope(scope)
}
