//! The rules that the account endpoints follow, as the builder has checked them.

use core::time::Duration;

use super::{account_event::Listeners, mail::Outbox, mail_token_lifetimes::MailTokenLifetimes};
use crate::{names::UserNames, session::OwnPath, store::AttemptLimits, token::ApiKeyFormat};

/// The rules for accounts: failed passwords, sessions, one-time tokens and mail.
pub(crate) struct AccountRules {
    pub(crate) attempts: AttemptLimits,
    /// As it was set, with any fraction of a second that `attempts` cannot hold.
    pub(super) cool_down: Duration,
    pub(crate) sessions_per_user: u32,
    pub(crate) mail_tokens: MailTokenLifetimes,
    pub(crate) requires_verified_email: bool,
    pub(crate) clears_site_data: bool,
    /// The page with the form that signs in.
    pub(crate) sign_in_page: Option<OwnPath>,
    /// The page after a sign-in by a form that names no way back.
    pub(crate) signed_in_page: OwnPath,
    /// The page on which a person sets a new password.
    pub(crate) password_change_page: Option<OwnPath>,
    pub(crate) outbox: Option<Outbox>,
    pub(crate) user_names: UserNames,
    pub(super) listeners: Listeners,
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Default for AccountRules {
    fn default() -> Self {
        Self {
            attempts: AttemptLimits::default(),
            cool_down: DAY,
            sessions_per_user: 100,
            mail_tokens: MailTokenLifetimes::default(),
            requires_verified_email: false,
            clears_site_data: false,
            sign_in_page: None,
            signed_in_page: OwnPath::default(),
            password_change_page: None,
            outbox: None,
            user_names: UserNames::default(),
            listeners: Listeners::default(),
        }
    }
}

/// The rules for API keys.
pub(crate) struct ApiKeyRules {
    pub(crate) format: ApiKeyFormat,
    pub(crate) default_days: u32,
    pub(crate) most_days: u32,
    pub(crate) most_per_user: u32,
}
