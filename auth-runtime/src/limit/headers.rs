//! The header fields that inform clients about their limits. Only this module writes them.
//!
//! `RateLimit-Policy` and `RateLimit` follow draft-ietf-httpapi-ratelimit-headers-11: they are lists of strings with
//! parameters (RFC 9651). Both are drafts. When their names or parameters change, this module changes.

use core::{cmp::Reverse, time::Duration};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use smallvec::SmallVec;

use super::{Charge, Verdict};

mod policy_values;

use policy_values::Told;

const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const LEGACY_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const LEGACY_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const LEGACY_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// The limits of a request, as the response reports them.
///
/// The value borrows nothing from the request. It becomes text only when it is [written](Self::write).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitFields {
    // The inline capacity is small because the value moves with the request's future. Few handlers have more than two
    // limits.
    lines: SmallVec<[Line; 2]>,
    /// Whether [`write`](Self::write) writes the fields of [`write_legacy`](Self::write_legacy), too.
    legacy: bool,
}

/// The report of one limit. All numbers come from 32 bits, or from 64 bits of nanoseconds, so they fit the 15 digits
/// that RFC 9651 allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    label: &'static str,
    quota: u32,
    window: u32,
    /// A line without a state is not written and only takes part in numbering. So a label means the same limit in every
    /// response, even while other limits cannot be counted.
    state: Option<State>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    remaining: u32,
    /// The seconds until one more unit is available; zero for a full bucket.
    reset: u64,
    /// The seconds until the same request is admitted. Zero if it was admitted, never zero if it was refused.
    retry: u64,
}

/// Returns the report of `charges`, or `None` when there is nothing to report.
///
/// The report leaves out a charge without a verdict. It also leaves out shadow limits. Clients are meant to obey the
/// limits that they see, and a limit that only reports must not change their behaviour.
pub fn fields(charges: &[Charge<'_>]) -> Option<LimitFields> {
    let mut fields = LimitFields::default();
    fields.add(charges, false);
    let tells = fields.told().next().is_some();
    tells.then_some(fields)
}

/// Returns the value of `Retry-After` in whole seconds, rounded up so that a client that waits is not early. The value
/// is at least one, because zero would invite the client to retry at once.
pub(crate) fn retry_after_seconds(wait: Duration) -> u64 {
    whole_seconds(wait).max(1)
}

impl LimitFields {
    /// Adds the limits of a later step of the same request.
    pub(crate) fn add(&mut self, charges: &[Charge<'_>], legacy: bool) {
        self.lines.extend(charges.iter().map(Line::new));
        self.legacy |= legacy;
    }

    /// Adds all limits of another report.
    pub(super) fn append(&mut self, other: &Self) {
        self.lines.extend_from_slice(&other.lines);
        self.legacy |= other.legacy;
    }

    /// Sets `RateLimit-Policy` and `RateLimit`, and `Retry-After` if a limit refused.
    ///
    /// ```text
    /// RateLimit-Policy: "login";q=10;w=60, "user";q=100;w=3600
    /// RateLimit: "login";r=0;t=42, "user";r=99;t=36
    /// Retry-After: 42
    /// ```
    ///
    /// - `t` is the time until one more unit is available, not until all units are.
    /// - `Retry-After` is the time after which no limit refuses the same request. It is never earlier than the `t` of a
    ///   limit that refused.
    /// - When several limits share a label, the second and later ones are numbered, as in `"user-2"`, so that clients
    ///   can match the lines of both fields.
    pub fn write(&self, headers: &mut HeaderMap) {
        let kept = self.kept_policy();
        let (mut policy, mut limit) = (Text::default(), Text::default());
        for (index, line) in self.lines.iter().enumerate() {
            let Some(state) = line.state else { continue };
            let number = self.number(index);
            if kept.is_none() {
                policy.policy(line, number);
            }
            limit.name(line.label, number).parameter(";r=", state.remaining.into());
            if state.reset > 0 {
                limit.parameter(";t=", state.reset);
            }
        }
        match kept {
            Some(value) => drop(headers.insert(RATE_LIMIT_POLICY, value.clone())),
            None => policy.write(RATE_LIMIT_POLICY, headers),
        }
        limit.write(RATE_LIMIT, headers);
        let retry = self.told().map(|(_, state)| state.retry).max().unwrap_or(0);
        if retry > 0 {
            set(header::RETRY_AFTER, retry, headers);
        }
        if self.legacy {
            self.write_legacy(headers);
        }
    }

    /// Sets `X-RateLimit-Limit`, `X-RateLimit-Remaining` and `X-RateLimit-Reset` for clients that know only these
    /// fields. No standard defines them.
    ///
    /// The fields have room for one limit: the limit with the longest wait if one refused, else the limit with the
    /// fewest units left. `Reset` is in seconds from now, like `t`.
    ///
    /// The guard writes these fields where
    /// [`AuthBuilder::legacy_limit_headers`](crate::auth::AuthBuilder::legacy_limit_headers) is on. An application that
    /// counts by [`Limiter::charge`](super::Limiter::charge) calls this beside [`write`](Self::write).
    pub fn write_legacy(&self, headers: &mut HeaderMap) {
        let tightest = self.told().min_by_key(|(_, state)| (Reverse(state.retry), state.remaining));
        let Some((line, state)) = tightest else { return };
        set(LEGACY_LIMIT, line.quota.into(), headers);
        set(LEGACY_REMAINING, state.remaining.into(), headers);
        set(LEGACY_RESET, if state.retry > 0 { state.retry } else { state.reset }, headers);
    }

    /// Returns the value of `RateLimit-Policy`, where it is kept.
    fn kept_policy(&self) -> Option<&'static HeaderValue> {
        match &*self.lines {
            [line] if line.state.is_some() => {
                let Line { label, quota, window, .. } = *line;
                policy_values::value(Told { label, quota, window }, || {
                    let mut text = Text::default();
                    text.policy(line, 1);
                    text.0.into_vec()
                })
            }
            _ => None,
        }
    }

    fn told(&self) -> impl Iterator<Item = (&Line, State)> {
        self.lines.iter().filter_map(|line| Some((line, line.state?)))
    }

    /// Returns the position of a line among the lines with its label. It skips numbers that would produce the label of
    /// another line.
    fn number(&self, index: usize) -> u32 {
        let Some((line, earlier)) = self.lines.get(..=index).and_then(<[Line]>::split_last) else { return 1 };
        let taken = |number: u32| self.lines.iter().any(|other| is_numbered(other.label, line.label, number));
        let mut free = (2..).filter(|number| !taken(*number));
        let same = earlier.iter().filter(|other| other.label == line.label);
        same.filter_map(|_| free.next()).last().unwrap_or(1)
    }
}

impl Line {
    fn new(charge: &Charge<'_>) -> Self {
        let limit = charge.limit();
        let quota = limit.quota();
        let verdict = charge.verdict().filter(|_| !limit.is_shadow());
        Self {
            label: limit.label(),
            quota: quota.count().get(),
            window: quota.window_seconds().get(),
            state: verdict.as_ref().map(State::new),
        }
    }
}

impl State {
    fn new(verdict: &Verdict) -> Self {
        let next_unit = whole_seconds(verdict.next_unit());
        // A store that decides elsewhere may round the two times in different directions.
        let refused_for = whole_seconds(verdict.retry_after()).max(next_unit);
        Self {
            remaining: verdict.remaining(),
            reset: next_unit,
            retry: if verdict.is_allowed() { 0 } else { refused_for },
        }
    }
}

fn whole_seconds(time: Duration) -> u64 {
    time.as_secs().saturating_add(u64::from(time.subsec_nanos() > 0))
}

fn is_numbered(text: &str, label: &str, number: u32) -> bool {
    let digits = text.strip_prefix(label).and_then(|rest| rest.strip_prefix('-'));
    digits.is_some_and(|digits| digits.parse() == Ok(number))
}

/// A list that becomes a header value, which takes its own copy. The list is written byte by byte: every response of a
/// limited handler pays for it, and the formatting machinery costs more than the limit itself.
#[derive(Default)]
struct Text(SmallVec<[u8; 256]>);

impl Text {
    /// Begins a new member of the list: the limit's name as a string of RFC 9651. `PreparedLimit` rejects labels with a
    /// character that cannot be escaped.
    fn name(&mut self, label: &str, number: u32) -> &mut Self {
        if !self.0.is_empty() {
            self.0.extend_from_slice(b", ");
        }
        self.0.push(b'"');
        if label.bytes().any(|byte| matches!(byte, b'"' | b'\\')) {
            let escaped =
                label.bytes().flat_map(|byte| matches!(byte, b'"' | b'\\').then_some(b'\\').into_iter().chain([byte]));
            self.0.extend(escaped);
        } else {
            self.0.extend_from_slice(label.as_bytes());
        }
        if number > 1 {
            self.0.push(b'-');
            self.number(u64::from(number));
        }
        self.0.push(b'"');
        self
    }

    /// Adds the limit as `RateLimit-Policy` tells of it.
    fn policy(&mut self, line: &Line, number: u32) {
        self.name(line.label, number).parameter(";q=", line.quota.into()).parameter(";w=", line.window.into());
    }

    fn parameter(&mut self, name: &str, value: u64) -> &mut Self {
        self.0.extend_from_slice(name.as_bytes());
        self.number(value);
        self
    }

    fn number(&mut self, number: u64) {
        self.0.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    }

    /// Writes the field. A list without members has no field (RFC 9651, section 3.1).
    fn write(&self, name: HeaderName, headers: &mut HeaderMap) {
        if let (false, Ok(value)) = (self.0.is_empty(), HeaderValue::from_bytes(&self.0)) {
            headers.insert(name, value);
        }
    }
}

fn set(name: HeaderName, number: u64, headers: &mut HeaderMap) {
    let mut text = Text::default();
    text.number(number);
    text.write(name, headers);
}

#[cfg(test)]
mod tests;
