//! The rules that the account endpoints follow, as the builder has checked them.

use super::mail::Outbox;
use crate::{store::AttemptLimits, token::ApiKeyFormat};

/// The rules for accounts: failed passwords, sessions, one-time tokens and mail.
pub(crate) struct AccountRules {
    pub(crate) attempts: AttemptLimits,
    pub(crate) sessions_per_user: u32,
    pub(crate) reset_token_seconds: i64,
    pub(crate) verification_token_seconds: i64,
    pub(crate) requires_verified_email: bool,
    pub(crate) clears_site_data: bool,
    pub(crate) outbox: Option<Outbox>,
}

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

impl Default for AccountRules {
    fn default() -> Self {
        Self {
            attempts: AttemptLimits::default(),
            sessions_per_user: 100,
            reset_token_seconds: 30 * MINUTE,
            verification_token_seconds: DAY,
            requires_verified_email: false,
            clears_site_data: false,
            outbox: None,
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
