//! The engine behind the guards of handlers, its builder, and its settings.

mod account_event;
mod account_rules;
#[expect(clippy::module_inception, reason = "the type is the module's subject, and callers import it from the module")]
mod auth;
mod builder;
mod challenges;
mod cleaning;
mod development;
pub(crate) mod event;
mod fault;
mod issuers;
pub(crate) mod limits_by_account;
mod mail;
mod mail_token_lifetimes;
mod metadata;
mod protected_resource;
mod public_url;
mod readiness;
mod reminder;
mod settings;
mod state;

pub use crate::names::UserNames;
pub use crate::session::RefreshRetry;
pub use account_event::{AccountEvent, PasswordChange};
pub use auth::Auth;
pub use builder::AuthBuilder;
pub(crate) use challenges::Demand;
pub use development::DevelopmentEnv;
#[cfg(feature = "web")]
pub(crate) use fault::Collector;
pub use fault::{Fault, Faults};
pub use mail::{AccountMail, MailError, Message};
pub use protected_resource::ProtectedResource;
pub(crate) use protected_resource::WELL_KNOWN;
#[cfg(feature = "web")]
pub(crate) use protected_resource::is_metadata_path;
#[cfg(all(
    any(test, auth_fuzzing),
    feature = "remote",
    feature = "upload",
    feature = "validation",
    feature = "web"
))]
pub(crate) use settings::read_dotenv;
#[cfg(feature = "web")]
pub(crate) use settings::{ALLOWED_HOSTS, ALLOWED_ORIGINS, HOSTS_MISSING, is_path};
pub use settings::{Environment, ParseEnvironmentError, Settings};
pub use state::{HasAccounts, HasAuth, HasUsers};
