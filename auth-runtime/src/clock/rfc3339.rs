use serde::{Serializer, ser::Error as _};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::UnixTime;

/// Serializes a time in RFC 3339 form, in UTC, for people and other programs. Fails for a time that the form cannot
/// express.
pub(crate) fn rfc3339<S: Serializer>(time: &UnixTime, serializer: S) -> Result<S::Ok, S::Error> {
    let time = OffsetDateTime::from_unix_timestamp(time.as_seconds()).map_err(S::Error::custom)?;
    serializer.serialize_str(&time.format(&Rfc3339).map_err(S::Error::custom)?)
}
