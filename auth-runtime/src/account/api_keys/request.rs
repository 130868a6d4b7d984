use core::num::NonZeroU32;

use serde::Deserialize;

use crate::{
    error::FieldError,
    identity::Identity,
    names::is_misleading,
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
        faults.extend(name_fault(&self.name));
        for (index, scope) in self.scopes.iter().enumerate() {
            let fault = |code, message| FieldError::new(format!("/scopes/{index}"), message).with_code(code);
            if !may_grant(scope, owner, caller) {
                faults.push(fault("choice", "is none of your scopes"));
            } else if self.scopes.iter().take(index).any(|earlier| earlier == scope) {
                faults.push(fault("unique", "is there already"));
            }
        }
        faults.extend(self.expires_in_days.and_then(|days| outside("/expires_in_days", days, 1, most_days)));
        if let Some(limit) = self.limit {
            faults.extend(outside("/limit/count", limit.count, 1, MOST_REQUESTS));
            faults.extend(outside("/limit/per_seconds", limit.per_seconds, 1, MOST_SECONDS));
        }
        faults
    }
}

fn name_fault(name: &str) -> Option<FieldError> {
    let is_long_enough = (1..=MOST_CHARACTERS).contains(&name.chars().count()) && !name.trim().is_empty();
    if is_long_enough && !name.contains(is_misleading) {
        return None;
    }
    let message = format!(
        "must be 1 to {MOST_CHARACTERS} characters, none of them a control character, a direction control or without width"
    );
    let fault = FieldError::new("/name", message);
    Some(match is_long_enough {
        true => fault.with_code("plain_text"),
        false => fault.with_code("length").with_param("min", 1).with_param("max", MOST_CHARACTERS),
    })
}

fn outside(pointer: &str, number: u32, min: u32, max: u32) -> Option<FieldError> {
    let fault = || FieldError::new(pointer, format!("must be {min} to {max}")).with_code("range");
    (!(min..=max).contains(&number)).then(|| fault().with_param("min", min).with_param("max", max))
}

impl Rotation {
    pub(crate) fn faults(&self) -> Vec<FieldError> {
        outside("/overlap_hours", self.overlap_hours, 0, MOST_OVERLAP_HOURS).into_iter().collect()
    }
}

/// Returns whether the key may have this scope: the owner and the caller's credential must both have it. Otherwise a
/// token with few scopes could be exchanged for a powerful key.
pub(crate) fn may_grant(scope: &str, owner: &Account, caller: &Identity) -> bool {
    owner.scopes.iter().any(|held| held == scope) && caller.has_scope(scope)
}
