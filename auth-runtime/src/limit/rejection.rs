use core::time::Duration;

use axum::http::HeaderMap;

use super::{Charge, LimitFields, fields, retry_after_seconds};

/// The refusal by a limit: the time to wait, and the report of all limits for the client.
#[derive(Clone, Debug)]
pub struct LimitRejection {
    retry_after_seconds: u64,
    fields: Option<LimitFields>,
}

impl LimitRejection {
    /// Creates the refusal. Returns `None` when no refusing limit knows how long to wait.
    pub(crate) fn of(charges: &[Charge<'_>]) -> Option<Box<Self>> {
        let waits = charges.iter().filter(|charge| charge.refuses()).filter_map(Charge::verdict);
        let longest = waits.map(|verdict| verdict.retry_after()).max()?;
        Some(Box::new(Self { retry_after_seconds: retry_after_seconds(longest), fields: fields(charges) }))
    }

    /// Creates the refusal of a limit that no response reports.
    #[cfg(feature = "remote")]
    pub(crate) fn after(wait: Duration) -> Box<Self> {
        Box::new(Self { retry_after_seconds: retry_after_seconds(wait), fields: None })
    }

    /// Returns the time until the same request is admitted, in whole seconds and at least one.
    pub fn retry_after(&self) -> Duration {
        Duration::from_secs(self.retry_after_seconds)
    }

    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        if let Some(fields) = &self.fields {
            fields.write(headers);
        }
    }
}
