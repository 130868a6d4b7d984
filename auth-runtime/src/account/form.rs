use std::collections::HashSet;

use super::oauth::OAuthError;

/// The parameters of an OAuth request. An empty one counts as absent, one given twice is refused (RFC 6749, section 3.2);
/// unknown ones are ignored.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn read(pairs: Vec<(String, String)>) -> Result<Self, OAuthError> {
        let mut seen = HashSet::with_capacity(pairs.len());
        if !pairs.iter().all(|(name, _)| seen.insert(name)) {
            return Err(OAuthError::InvalidRequest("A parameter is given twice."));
        }
        Ok(Self(pairs))
    }

    /// The value of a parameter.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let (_, value) = self.0.iter_mut().find(|(found, _)| found == name)?;
        Some(core::mem::take(value)).filter(|value| !value.is_empty())
    }
}
