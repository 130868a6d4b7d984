use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use super::{
    ceilings::Ceilings,
    error::{PasswordError, StoredHashError, VerifierUnavailable},
};

/// The application's own format of stored hashes, for
/// [`PasswordsBuilder::verifier`](super::PasswordsBuilder::verifier).
///
/// The verifier receives every stored text except two kinds: the marker of an account without a password (`!…`), and
/// the argon2id strings that this crate writes. If it recognises the format of another system, it handles that format
/// from then on.
///
/// After a match, this crate replaces the hash by one of its own at the next sign-in, as for every other foreign
/// format.
///
/// ```
/// # use std::sync::Arc;
/// use auth_runtime::{
///     password::{Ceilings, PasswordVerifier, Passwords, StoredHashError, VerifierUnavailable},
///     secret::SystemEntropy,
/// };
///
/// struct Legacy;
///
/// impl PasswordVerifier for Legacy {
///     fn recognises(&self, stored: &str, _: &Ceilings) -> Result<bool, StoredHashError> {
///         match stored.strip_prefix("legacy:") {
///             None => Ok(false),
///             Some(tag) if tag.len() == 64 => Ok(true),
///             Some(_) => Err(StoredHashError::Malformed),
///         }
///     }
///
///     fn matches(&self, stored: &str, password: &str) -> Result<bool, VerifierUnavailable> {
///         // Derive the tag of `password` and compare it in constant time.
/// #       let _ = (stored, password);
///         Ok(false)
///     }
/// }
///
/// let passwords = Passwords::builder(Arc::new(SystemEntropy::new())).verifier(Arc::new(Legacy)).build();
/// ```
pub trait PasswordVerifier: Send + Sync + 'static {
    /// Returns whether `stored` has this format. Only inspects the text: it runs on the async thread, before a worker
    /// is taken.
    ///
    /// `stored` has at most 1,024 bytes. The `ceilings` are those of the builder. The verifier must refuse a hash here
    /// if it takes more work than they allow.
    ///
    /// # Errors
    /// Returns an error when the text has this format and cannot be verified: [`Malformed`](StoredHashError::Malformed)
    /// or
    /// [`TooCostly`](StoredHashError::TooCostly). A panic counts as
    /// [`VerifierPanicked`](StoredHashError::VerifierPanicked).
    fn recognises(&self, stored: &str, ceilings: &Ceilings) -> Result<bool, StoredHashError>;

    /// Returns whether `stored` was made from `password`. Runs on a worker of the pool, which it may block.
    ///
    /// The password is the text as received, at most 1,024 bytes. Its memory is wiped after the call. A panic counts as
    /// a refusal, and frees the worker.
    ///
    /// # Errors
    /// Returns [`VerifierUnavailable`] when it cannot find out, for example because a key service does not answer. The
    /// account endpoints answer 503 then.
    fn matches(&self, stored: &str, password: &str) -> Result<bool, VerifierUnavailable>;
}

/// A stored text that a verifier of the application has recognised.
pub(super) struct Recognised {
    verifier: Arc<dyn PasswordVerifier>,
    stored: String,
}

impl Recognised {
    pub(super) fn matches(&self, password: &str) -> Result<bool, PasswordError> {
        Ok(guarded(|| self.verifier.matches(&self.stored, password))??)
    }
}

/// Returns the first verifier that recognises the text.
pub(super) fn recognise(
    verifiers: &[Arc<dyn PasswordVerifier>],
    stored: &str,
    ceilings: &Ceilings,
) -> Result<Option<Recognised>, StoredHashError> {
    for verifier in verifiers {
        if guarded(|| verifier.recognises(stored, ceilings))?? {
            return Ok(Some(Recognised { verifier: Arc::clone(verifier), stored: stored.to_owned() }));
        }
    }
    Ok(None)
}

/// Calls the verifier and catches a panic. Only the verifier itself can see the state that the panic left behind.
fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, StoredHashError> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|_| StoredHashError::VerifierPanicked)
}
