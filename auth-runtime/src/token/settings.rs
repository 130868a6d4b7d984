use core::fmt;

/// Settings of an issuer or a verifier that cannot be used, with everything that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    faults: Vec<SettingFault>,
}

/// One thing that is wrong with the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingFault {
    /// The issuer is empty.
    EmptyIssuer,
    /// An audience is empty.
    EmptyAudience,
    /// A clock skew outside 0 to 60 seconds.
    ClockSkew,
    /// A leeway for expired tokens outside 0 to 60 seconds.
    ExpiryLeeway,
    /// A lifetime of less than a second, or more than 24 hours.
    Lifetime,
    /// The key ring has no signing key.
    NoSigningKey,
}

impl SettingsError {
    /// Everything that is wrong; never empty.
    pub fn faults(&self) -> &[SettingFault] {
        &self.faults
    }

    /// An error with those faults whose condition holds, if any does.
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
                SettingFault::ClockSkew => "the clock skew is not between 0 and 60 seconds",
                SettingFault::ExpiryLeeway => "the leeway for expired tokens is not between 0 and 60 seconds",
                SettingFault::Lifetime => "the lifetime is not between 1 second and 24 hours",
                SettingFault::NoSigningKey => "the key ring has no signing key",
            })?;
        }
        Ok(())
    }
}

impl core::error::Error for SettingsError {}

/// The longest life an access token may have, in seconds.
pub(super) const MAX_LIFETIME: i64 = 24 * 60 * 60;

pub(super) fn is_lifetime(seconds: i64) -> bool {
    (1..=MAX_LIFETIME).contains(&seconds)
}
