//! Registration: who may open an account, which members the request has, and the steps from the request to the account.

mod create_refusal;
mod endpoint;
mod fields;
mod hook;
mod member_names;
mod members;
mod opening;
#[expect(clippy::module_inception, reason = "the type is the module's subject, and callers import it from the module")]
mod registration;
mod wanted;

pub(super) use endpoint::routes;
pub use hook::NewMember;
pub use registration::Registration;
