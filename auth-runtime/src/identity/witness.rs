use core::{
    fmt, ptr,
    sync::atomic::{AtomicBool, Ordering},
};
use std::sync::{Arc, OnceLock};

use axum::http::Extensions;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{policy::CspOverride, secret::Entropy};

/// Takes what the layer of header fields must know of a request, from the guard and from the handler. The layer puts it
/// among the request's extensions and keeps a clone.
#[derive(Clone)]
pub(crate) struct Witness(Arc<Seen>);

struct Seen {
    caller: AtomicBool,
    csp: OnceLock<&'static CspOverride>,
    nonce: OnceLock<Arc<str>>,
    /// Whether the service's policy has a nonce.
    offers_nonce: bool,
    entropy: Arc<dyn Entropy>,
}

impl Witness {
    pub(crate) fn new(offers_nonce: bool, entropy: &Arc<dyn Entropy>) -> Self {
        Self(Arc::new(Seen {
            caller: AtomicBool::new(false),
            csp: OnceLock::new(),
            nonce: OnceLock::new(),
            offers_nonce,
            entropy: Arc::clone(entropy),
        }))
    }

    /// Records that a credential has proved the caller of the request.
    pub(crate) fn record(extensions: &Extensions) {
        if let Some(Self(seen)) = extensions.get() {
            seen.caller.store(true, Ordering::Relaxed);
        }
    }

    /// Returns whether a credential has proved the caller.
    pub(crate) fn has_seen(&self) -> bool {
        self.0.caller.load(Ordering::Relaxed)
    }

    /// Records what the admitted handler changes in the Content Security Policy.
    ///
    /// # Errors
    /// Returns the operator's text when no layer would write it, or when another guard of the request has recorded
    /// another change.
    pub(crate) fn record_csp(extensions: &Extensions, csp: &'static CspOverride) -> Result<(), &'static str> {
        let Some(Self(seen)) = extensions.get() else { return Err(NO_LAYER) };
        let recorded = *seen.csp.get_or_init(|| csp);
        if ptr::eq(recorded, csp) || recorded == csp { Ok(()) } else { Err(TWO_CHANGES) }
    }

    /// Returns what the handler changes in the Content Security Policy.
    pub(crate) fn csp(&self) -> Option<&'static CspOverride> {
        self.0.csp.get().copied()
    }

    /// Returns the request's nonce, which comes into being here. Returns `None` if the policy needs no nonce, or if
    /// randomness fails.
    pub(crate) fn nonce(&self) -> Option<Arc<str>> {
        let seen = &*self.0;
        if let Some(nonce) = seen.nonce.get() {
            return Some(Arc::clone(nonce));
        }
        if !seen.offers_nonce && !self.csp().is_some_and(CspOverride::has_nonce) {
            return None;
        }
        let mut bytes = [0; 16];
        seen.entropy.fill(&mut bytes).ok()?;
        let fresh = URL_SAFE_NO_PAD.encode(bytes).into();
        Some(Arc::clone(seen.nonce.get_or_init(|| fresh)))
    }

    /// Returns the nonce, if a handler has asked for it.
    pub(crate) fn nonce_asked_for(&self) -> Option<&str> {
        self.0.nonce.get().map(|nonce| &**nonce)
    }
}

const NO_LAYER: &str = "`#[csp]` changes a policy that no layer writes: put the router into `web::hardened`, or under \
    `web::SecurityHeaders`";
const TWO_CHANGES: &str = "two guards of one request change the Content Security Policy: keep `#[csp]` on the handler, and \
    remove it from the middleware";

/// Prints no nonce: a reader of the log could run a script while the page loads.
impl fmt::Debug for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Witness")
    }
}
