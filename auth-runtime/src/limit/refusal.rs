use axum::http::HeaderMap;

use super::{Charge, LimitFields, fields, retry_after_seconds};

/// A limit that is reached: how long to wait, and what the client is told of all limits.
#[derive(Clone, Debug)]
pub struct Refusal {
    retry_after_seconds: u64,
    fields: Option<LimitFields>,
}

impl Refusal {
    /// `None` when no limit that refuses knows for how long.
    pub(crate) fn of(charges: &[Charge<'_>]) -> Option<Box<Self>> {
        let waits = charges.iter().filter(|charge| charge.refuses()).filter_map(Charge::verdict);
        let longest = waits.map(|verdict| verdict.retry_after()).max()?;
        Some(Box::new(Self { retry_after_seconds: retry_after_seconds(longest), fields: fields(charges) }))
    }

    /// Whole seconds until the same request is admitted, at least one.
    pub fn retry_after_seconds(&self) -> u64 {
        self.retry_after_seconds
    }

    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        if let Some(fields) = &self.fields {
            fields.write(headers);
        }
    }
}
