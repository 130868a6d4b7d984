//! What better-auth's documents have in common.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::value::RawValue;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::clock::UnixTime;

/// A JSON object. serde alone would accept an array for a struct.
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?.get();
        if !raw.starts_with('{') {
            return Err(D::Error::custom("an object was expected"));
        }
        serde_json::from_str(raw).map(Self).map_err(D::Error::custom)
    }
}

/// A person. Members that a database leaves empty are `null` or absent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) email_verified: Option<bool>,
    pub(super) role: Option<String>,
    banned: Option<bool>,
    ban_expires: Option<String>,
}

impl User<'_> {
    /// Returns whether the person is banned now. A ban with an unreadable end never ends.
    pub(super) fn is_banned(&self, now: UnixTime) -> bool {
        let is_over = || self.ban_expires.as_deref().and_then(time).is_some_and(|end| now >= end);
        self.banned == Some(true) && !is_over()
    }
}

/// Reads a time, as JavaScript writes it.
pub(super) fn time(text: &str) -> Option<UnixTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok().map(|time| UnixTime::from_seconds(time.unix_timestamp()))
}
