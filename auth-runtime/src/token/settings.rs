use core::{fmt, time::Duration};

use crate::clock::whole_seconds;

/// The error for settings of an issuer or a verifier that cannot be used, with all their faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    faults: Vec<SettingFault>,
}

/// One fault of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingFault {
    /// The issuer is empty.
    EmptyIssuer,
    /// An audience is empty.
    EmptyAudience,
    /// The clock skew is longer than 60 seconds, or has a fraction of a second.
    ClockSkew,
    /// The leeway for expired tokens is longer than 60 seconds, or has a fraction of a second.
    ExpiryLeeway,
    /// The lifetime is zero or longer than 24 hours, or has a fraction of a second.
    Lifetime,
    /// The key ring has no signing key.
    NoSigningKey,
}

impl SettingsError {
    /// Returns the faults, at least one.
    pub fn iter(&self) -> impl Iterator<Item = &SettingFault> {
        self.faults.iter()
    }

    /// Returns an error with the faults whose condition holds, if any does.
    pub(super) fn check(found: &[(bool, SettingFault)]) -> Result<(), Self> {
        let faults: Vec<_> = found.iter().filter(|(is_wrong, _)| *is_wrong).map(|&(_, fault)| fault).collect();
        if faults.is_empty() { Ok(()) } else { Err(Self { faults }) }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            f.write_str(match fault {
                SettingFault::EmptyIssuer => "the issuer is empty",
                SettingFault::EmptyAudience => "an audience is empty",
                SettingFault::ClockSkew => "the clock skew is not 0 to 60 whole seconds",
                SettingFault::ExpiryLeeway => "the leeway for expired tokens is not 0 to 60 whole seconds",
                SettingFault::Lifetime => "the lifetime is not 1 second to 24 hours, in whole seconds",
                SettingFault::NoSigningKey => "the key ring has no signing key",
            })?;
        }
        Ok(())
    }
}

impl core::error::Error for SettingsError {}

/// By how many seconds a token or a login may lie in the future unless set otherwise.
pub(crate) const CLOCK_SKEW_SECONDS: u32 = 60;

/// The most that can be set of the clock skew and of the leeway for expired tokens, in seconds.
pub(crate) const MAX_LEEWAY_SECONDS: u32 = 60;

pub(super) fn is_leeway(time: Duration) -> bool {
    whole_seconds(time).is_some_and(|seconds| seconds <= MAX_LEEWAY_SECONDS)
}
