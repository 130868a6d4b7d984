//! Which issuers are trusted, and what their tokens look like.

mod asked;
mod better_auth;
mod better_auth_preset;
mod check;
mod claim_path;
mod introspection;
#[expect(clippy::module_inception, reason = "the type is the module's subject, and callers import it from the module")]
mod issuer;
mod mapping;
mod presets;
mod source;
mod token_type;

pub use claim_path::ClaimPath;
pub use introspection::Introspection;
pub(super) use introspection::Proof;
pub use issuer::Issuer;
pub(super) use mapping::Mapping;
pub(crate) use source::Source;
pub(super) use source::{Asked, AskedAt, BetterAuthSource, IntrospectionSource, Keys, Rules};
pub use token_type::TokenType;
