use core::fmt;

use axum::extract::Request;
use secrecy::SecretString;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Map, Value};

use crate::{
    error::Problem,
    extract::{parse, read_json},
};

/// The names of the members that this crate reads.
pub(super) const OWN: [&str; 4] = ["username", "email", "password", "invitation"];

/// The members that this crate reads. The password is hashed, never stored.
#[derive(Deserialize)]
pub(super) struct Own {
    pub(super) username: Option<String>,
    pub(super) email: String,
    pub(super) password: SecretString,
    /// The one-time token of an invitation.
    pub(super) invitation: Option<SecretString>,
}

/// The body of a registration.
pub(super) struct Members {
    pub(super) own: Own,
    pub(super) others: Map<String, Value>,
}

impl Members {
    /// Reads the body of a request.
    pub(super) async fn read(request: Request) -> Result<Self, Problem> {
        let body = read_json(request, &()).await?;
        let own = parse(&body)?;
        let Others(others) = parse(&body)?;
        Ok(Self { own, others })
    }
}

/// All members but ours. A password is not copied.
struct Others(Map<String, Value>);

impl<'de> Deserialize<'de> for Others {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Others;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Others, A::Error> {
        let mut others = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if OWN.contains(&&*name) {
                members.next_value::<IgnoredAny>()?;
            } else {
                others.insert(name, members.next_value()?);
            }
        }
        Ok(Others(others))
    }
}
