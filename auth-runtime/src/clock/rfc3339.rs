use serde::{Serializer, ser::Error as _};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::UnixTime;

/// A time for people and other programs to read: RFC 3339 in UTC. A time that it cannot write is an error.
pub(crate) fn rfc3339<S: Serializer>(time: &UnixTime, serializer: S) -> Result<S::Ok, S::Error> {
    let time = OffsetDateTime::from_unix_timestamp(time.as_seconds()).map_err(S::Error::custom)?;
    serializer.serialize_str(&time.format(&Rfc3339).map_err(S::Error::custom)?)
}
