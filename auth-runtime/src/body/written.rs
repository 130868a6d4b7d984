use core::mem;

use axum::{
    extract::{DefaultBodyLimit, MatchedPath, Request},
    http::{Extensions, request::Parts},
};
use tokio::time::Instant;

use crate::policy::Policy;

use super::{
    bounded::Bounds,
    bounds::{Watched, Written},
};

/// Why the bounds of a policy do not hold for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unbounded {
    /// No layer enforces the bounds.
    Unwatched,
    /// The request announces a longer body.
    TooLarge,
}

/// Writes the bounds of the policy for the body, which was not read yet.
///
/// # Errors
/// Returns the reason when the handler must not run.
pub(crate) fn write(policy: &'static Policy, parts: &mut Parts) -> Result<(), Unbounded> {
    parts.extensions.get::<Watched>().ok_or(Unbounded::Unwatched)?;
    let bytes = policy.max_body_bytes().map(|most| most.get());
    if let Some(most) = bytes {
        limit_extractors(&mut parts.extensions, most);
    }
    let Some(bounds) = parts.extensions.get::<Bounds>() else { return Ok(()) };
    let within = policy.max_body_time();
    let written = Written {
        bytes,
        within,
        until: within.and_then(|time| Instant::now().checked_add(time)),
        policy: policy.handler(),
        route: parts.extensions.get::<MatchedPath>().cloned(),
        method: parts.method.clone(),
    };
    if bounds.0.write(written) { Err(Unbounded::TooLarge) } else { Ok(()) }
}

/// Replaces the limit of axum's extractors, which also count bytes that an inner layer decompresses.
fn limit_extractors(extensions: &mut Extensions, most: u64) {
    // The limit can be put into a whole request only.
    let mut request = Request::new(());
    mem::swap(request.extensions_mut(), extensions);
    DefaultBodyLimit::max(usize::try_from(most).unwrap_or(usize::MAX)).apply(&mut request);
    mem::swap(request.extensions_mut(), extensions);
}
