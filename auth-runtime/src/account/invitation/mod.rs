//! Invitations: a pending account that waits for its owner, and the one-time token that opens it.

mod error;
#[expect(
    clippy::module_inception,
    reason = "the types are the module's subject, and callers import them from the module"
)]
mod invitation;
mod invite;
mod token;

pub use error::InviteError;
pub use invitation::{Invited, NewInvitation};
pub(super) use token::{another_address, holder, no_longer_pending, void};
