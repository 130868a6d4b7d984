use std::{borrow::Cow, collections::HashSet, fmt};

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use smallvec::SmallVec;

/// Any JSON value, read and discarded, in which no object has two members of one name.
///
/// RFC 8259 leaves the meaning of an object with a repeated member open: one reader takes the first, another the last.
/// So the code that checks the object could see another value than the code that uses it.
pub(super) struct Strict;

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Strict, A::Error> {
        while let Some(Strict) = elements.next_element()? {}
        Ok(Strict)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Strict, A::Error> {
        let mut names = Names::Few(SmallVec::new());
        while let Some(name) = members.next_key()? {
            if names.insert(name) {
                members.next_value::<Strict>()?;
            } else {
                members.next_value_seed(Second)?;
            }
        }
        Ok(Strict)
    }
}

/// The names of an object's members. Most objects have few, and comparing a few names is faster than hashing them.
enum Names<'de> {
    Few(SmallVec<[Name<'de>; FEW]>),
    Many(HashSet<Name<'de>>),
}

const FEW: usize = 8;

impl<'de> Names<'de> {
    /// Returns whether the name is a new one.
    fn insert(&mut self, name: Name<'de>) -> bool {
        match self {
            Self::Few(names) if names.contains(&name) => false,
            Self::Few(names) if names.len() < FEW => {
                names.push(name);
                true
            }
            Self::Few(names) => {
                let mut many: HashSet<_> = names.drain(..).collect();
                many.insert(name);
                *self = Self::Many(many);
                true
            }
            Self::Many(names) => names.insert(name),
        }
    }
}

/// A member's name, borrowed when it contains no escapes.
#[derive(PartialEq, Eq, Hash)]
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(AnyName)
    }
}

struct AnyName;

impl<'de> Visitor<'de> for AnyName {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Borrowed(name)))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(name.to_owned())))
    }
}

/// The value of a repeated name. It fails in the value's place, so that the error's path names the member.
struct Second;

impl<'de> DeserializeSeed<'de> for Second {
    type Value = Strict;

    fn deserialize<D: Deserializer<'de>>(self, _: D) -> Result<Strict, D::Error> {
        Err(D::Error::custom("a second member of this name"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_name_is_found_among_few_and_among_many() {
        for count in [1, FEW - 1, FEW, FEW + 1, 5 * FEW] {
            let members: Vec<_> = (0..count).map(|number| format!(r#""name-{number}":{number}"#)).collect();
            let good = format!("{{{}}}", members.join(","));
            assert!(serde_json::from_str::<Strict>(&good).is_ok(), "{good}");
            for repeated in 0..count {
                let bad = format!(r#"{{{},"name-{repeated}":0}}"#, members.join(","));
                assert!(serde_json::from_str::<Strict>(&bad).is_err(), "{bad}");
            }
        }
    }
}
