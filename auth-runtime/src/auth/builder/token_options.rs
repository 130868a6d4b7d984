use core::{ops::RangeInclusive, time::Duration};

use super::setting::Setting;
use crate::{
    auth::{
        Settings,
        fault::Collector,
        settings::{Tokens as AcceptedTokens, keys},
    },
    clock::seconds,
    token::{AccessVerifier, CLOCK_SKEW_SECONDS, DEFAULT_LIFETIME, KeyRing, TokenIssuer},
};

/// The builder's options for access tokens.
pub(super) struct TokenOptions {
    pub(super) keys: Setting<KeyRing>,
    pub(super) issuer: Setting<String>,
    audience_of_settings: Option<String>,
    /// Whether the settings are those of a service that issues no tokens.
    are_of_others_alone: bool,
    pub(super) audiences: Vec<String>,
    pub(super) clock_skew: Setting<Duration>,
    pub(super) expiry_leeway: Setting<Duration>,
    pub(super) lifetime: Setting<Duration>,
    pub(super) most_bytes: usize,
}

/// The keys, the issuer and the verifier of access tokens.
pub(super) struct Tokens {
    pub(super) keys: KeyRing,
    pub(super) verifier: AccessVerifier,
    pub(super) issuer: TokenIssuer,
}

const MOST_BYTES: usize = 4 * 1024;
/// The allowed values of `access_token_bytes`. Two programs may set roles and scopes of one account at once, and each
/// checks its part with the other's former part. Together these stay below the 16 KiB that verifiers read.
const BYTES: RangeInclusive<usize> = 2 * 1024..=8 * 1024;

impl Default for TokenOptions {
    fn default() -> Self {
        Self {
            keys: Setting::default(),
            issuer: Setting::default(),
            audience_of_settings: None,
            are_of_others_alone: false,
            audiences: Vec::new(),
            clock_skew: Setting::default(),
            expiry_leeway: Setting::default(),
            lifetime: Setting::default(),
            most_bytes: MOST_BYTES,
        }
    }
}

impl TokenOptions {
    pub(super) fn take_from(&mut self, settings: &Settings, faults: &mut Collector) {
        match settings.tokens {
            AcceptedTokens::OfItsOwn => {
                if let Some(keys) = keys::keys(settings, faults) {
                    self.keys.take_from_settings(keys);
                }
                self.issuer.take_from_settings(settings.issuer.clone());
                self.audience_of_settings = Some(settings.audience.clone());
            }
            AcceptedTokens::OfOthersAlone => self.are_of_others_alone = true,
        }
        let seconds = |number: u32| Duration::from_secs(number.into());
        self.lifetime.take_from_settings(seconds(settings.access_token_minutes).saturating_mul(60));
        self.clock_skew.take_from_settings(seconds(settings.clock_skew_seconds));
        self.expiry_leeway.take_from_settings(seconds(settings.expiry_leeway_seconds));
    }

    pub(super) fn issuer(&self) -> &str {
        self.issuer.get().map_or("", String::as_str)
    }

    /// Returns the audience of new tokens.
    pub(super) fn audience(&self) -> &str {
        self.audiences().next().unwrap_or_default()
    }

    fn audiences(&self) -> impl Iterator<Item = &str> {
        self.audience_of_settings.iter().chain(&self.audiences).map(String::as_str)
    }

    /// Returns for how long a token is accepted, in seconds.
    pub(super) fn accepted_seconds(&self) -> i64 {
        seconds(self.lifetime().saturating_add(self.expiry_leeway()))
    }

    fn expiry_leeway(&self) -> Duration {
        self.expiry_leeway.copied_or(Duration::ZERO)
    }

    fn lifetime(&self) -> Duration {
        self.lifetime.copied_or(DEFAULT_LIFETIME)
    }

    /// Returns whether the service issues no tokens of its own.
    #[cfg(feature = "remote")]
    pub(super) fn are_absent(&self) -> bool {
        self.keys.get().is_none() && self.issuer().is_empty() && self.audiences().next().is_none()
    }

    /// Returns the parts of a service that issues no tokens.
    #[cfg(feature = "remote")]
    pub(super) fn none(&self) -> Tokens {
        let skew = self.clock_skew.copied_or(Duration::from_secs(CLOCK_SKEW_SECONDS.into()));
        Tokens {
            keys: KeyRing::empty(),
            verifier: AccessVerifier::of_no_issuer(seconds(skew)),
            issuer: TokenIssuer::of_no_issuer(),
        }
    }

    pub(super) fn check(&self, faults: &mut Collector) -> Option<Tokens> {
        if self.are_of_others_alone && self.keys.get().is_none() {
            let message = "is missing, or stands beside `.accounts(…)`: `Settings::verifier_from_env` is for services \
                           that only verify the tokens of other issuers; others call `Settings::from_env`";
            faults.push("trust", message);
            return None;
        }
        if self.keys.get().is_none() && faults.is_empty() {
            faults.push("keys", "are missing: call `.keys(…)` or `.settings(…)`");
        }
        if self.issuer().is_empty() {
            faults.push("issuer", "is missing: call `.issuer(\"https://api.example.com\")` with this service's URL");
        }
        if !BYTES.contains(&self.most_bytes) {
            faults.push("access_token_bytes", "is not 2048 to 8192");
        }
        let mut audiences = self.audiences();
        let first = audiences.next();
        if first.is_none() {
            faults.push("audience", "is missing: call `.audience(…)` with what tokens for this service name");
        }
        let (keys, first) = (self.keys.get()?, first?);
        let mut verifier = AccessVerifier::builder(keys.clone(), self.issuer(), first)
            .clock_skew(self.clock_skew.copied_or(Duration::from_secs(CLOCK_SKEW_SECONDS.into())))
            .expiry_leeway(self.expiry_leeway());
        for audience in audiences {
            verifier = verifier.audience(audience);
        }
        let issuer = TokenIssuer::builder(keys.clone(), self.issuer(), first).lifetime(self.lifetime());
        let verifier = faults.take("verifying tokens", verifier.build());
        let issuer = faults.take("issuing tokens", issuer.build());
        Some(Tokens { keys: keys.clone(), verifier: verifier?, issuer: issuer? })
    }
}
