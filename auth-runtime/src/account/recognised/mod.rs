//! Sessions for people whom the application recognised itself: by a link in a mail, a provider, or a passkey.
//!
//! `sign_in` is where a handler starts. It proves that the returning client began the sign-in, or that a page of this
//! service posted. Only such a proof, in `proven`, begins a session.

mod begun;
mod error;
mod link;
mod nonce;
mod once;
mod person;
mod proven;
mod redeem;
mod returned;
mod sign_in;
mod signed_in;

pub use begun::{BegunAppSignIn, BegunSignIn};
pub use error::{SignInError, SignInFailure};
pub use person::Recognised;
pub use proven::{ProvenApp, ProvenBrowser};
pub use returned::{Elsewhere, Returned};
pub use sign_in::SignIn;
pub use signed_in::{SignedInApp, SignedInBrowser};
