use core::fmt;

use serde::de::{DeserializeOwned, Deserializer, Error, Visitor};

/// Returns the names of the members that a struct reads, with their aliases. Returns `None` when the type is no struct
/// with named fields, or has a flattened one: its names are not known then.
///
/// serde tells the names to the deserializer before it reads the first member.
pub(super) fn member_names<T: DeserializeOwned>() -> Option<&'static [&'static str]> {
    let mut names = None;
    // The question is always answered by an error, so there is no value.
    let _ = T::deserialize(Question(&mut names)).map(drop);
    names
}

/// A deserializer that only notes the names for which it is asked.
struct Question<'a>(&'a mut Option<&'static [&'static str]>);

impl<'de> Deserializer<'de> for Question<'_> {
    type Error = Noted;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Noted> {
        *self.0 = Some(fields);
        Err(Noted)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Noted> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Noted> {
        Err(Noted)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map enum identifier ignored_any
    }
}

/// The end of the question.
#[derive(Debug)]
struct Noted;

impl fmt::Display for Noted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("only the names of the members were asked for")
    }
}

impl core::error::Error for Noted {}

impl Error for Noted {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[expect(dead_code, reason = "only the names are read")]
    struct Address {
        home_town: String,
        #[serde(rename = "zip", alias = "postcode")]
        code: Option<u32>,
        #[serde(skip)]
        kept: bool,
    }

    #[derive(Deserialize)]
    struct Wrapped(#[expect(dead_code, reason = "only the names are read")] Address);

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only the names are read")]
    struct Flat {
        name: String,
        #[serde(flatten)]
        address: Address,
    }

    #[derive(Deserialize)]
    struct Unit;

    #[test]
    fn a_struct_tells_the_names_of_the_wire() {
        let mut names = member_names::<Address>().unwrap().to_vec();
        names.sort_unstable();
        assert_eq!(names, ["homeTown", "postcode", "zip"]);
        assert_eq!(member_names::<Wrapped>().map(<[_]>::len), Some(3));
    }

    #[test]
    fn other_types_tell_none() {
        assert!(member_names::<Flat>().is_none());
        assert!(member_names::<Unit>().is_none());
        assert!(member_names::<serde_json::Value>().is_none());
        assert!(member_names::<std::collections::HashMap<String, String>>().is_none());
        assert!(member_names::<Option<Address>>().is_none());
        assert!(member_names::<String>().is_none());
        let _ = Unit;
    }
}
