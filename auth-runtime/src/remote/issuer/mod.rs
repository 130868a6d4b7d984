//! Which issuers are trusted, and what their tokens look like.

mod check;
mod claim_path;
#[expect(clippy::module_inception, reason = "the type is the module's subject, and callers import it from the module")]
mod issuer;
mod mapping;
mod presets;
mod source;
mod token_type;

pub use claim_path::ClaimPath;
pub use issuer::Issuer;
pub(super) use mapping::Mapping;
pub(crate) use source::Source;
pub(super) use source::{Keys, Rules};
pub use token_type::TokenType;
