use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
    value::{BorrowedStrDeserializer, StrDeserializer},
};

/// A JSON deserializer in which every value has one form. A struct is an object, never an array of its fields in order.
/// A variant without content is a string, never an object.
///
/// serde's derived code takes both forms. A new field, a check of names before the handler, and `deny_unknown_fields`
/// would each hold for one of the forms only.
///
/// A `CLOSED` one also refuses the members that a type does not read.
pub(crate) struct OneForm<D, const CLOSED: bool = false>(pub(crate) D);

/// The beginning of the message that refuses an array.
pub(super) const NOT_AN_OBJECT: &str = "must be an object";

/// The message that refuses a member that the type does not have.
pub(super) const UNKNOWN: &str = "is unknown";

/// Implements methods that only wrap the visitor.
macro_rules! hand_on {
    ($($method:ident($($argument:ident: $type:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method($($argument,)* Inside::<_, C>(visitor))
        }
    )*};
}

impl<'de, D: Deserializer<'de>, const C: bool> Deserializer<'de> for OneForm<D, C> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_struct(name, fields, ByName::<_, C>(visitor))
    }

    /// Does not call the method of the same name, which does not report the form that it found.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(AsVariant::<_, C>(visitor))
    }

    hand_on! {
        deserialize_any() deserialize_bool() deserialize_char() deserialize_str() deserialize_string()
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64() deserialize_bytes() deserialize_byte_buf()
        deserialize_option() deserialize_unit() deserialize_seq() deserialize_map()
        deserialize_identifier()
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize)
    }

    /// serde asks this for a member that the type does not have.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if C { Err(D::Error::custom(UNKNOWN)) } else { self.0.deserialize_ignored_any(Inside::<_, C>(visitor)) }
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

/// A visitor that passes on the parts of a value, with this deserializer around each part.
struct Inside<V, const C: bool>(V);

macro_rules! visit {
    ($($method:ident($type:ty))*) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.0.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>, const C: bool> Visitor<'de> for Inside<V, C> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    visit! {
        visit_bool(bool) visit_char(char) visit_str(&str) visit_borrowed_str(&'de str) visit_string(String)
        visit_i8(i8) visit_i16(i16) visit_i32(i32) visit_i64(i64) visit_i128(i128)
        visit_u8(u8) visit_u16(u16) visit_u32(u32) visit_u64(u64) visit_u128(u128)
        visit_f32(f32) visit_f64(f64)
        visit_bytes(&[u8]) visit_borrowed_bytes(&'de [u8]) visit_byte_buf(Vec<u8>)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(OneForm::<_, C>(deserializer))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(OneForm::<_, C>(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(OneForm::<_, C>(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(OneForm::<_, C>(members))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(variant)
    }
}

/// A visitor that reads a struct by the names of its fields.
struct ByName<V, const C: bool>(V);

impl<'de, V: Visitor<'de>, const C: bool> Visitor<'de> for ByName<V, C> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(OneForm::<_, C>(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<V::Value, A::Error> {
        Err(A::Error::custom(NOT_AN_OBJECT))
    }
}

/// A visitor that reads a variant as serde writes it: a string without content, an object of one member with it.
struct AsVariant<V, const C: bool>(V);

impl<'de, V: Visitor<'de>, const C: bool> Visitor<'de> for AsVariant<V, C> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<V::Value, E> {
        self.0.visit_enum(StrDeserializer::new(name))
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<V::Value, E> {
        self.0.visit_enum(BorrowedStrDeserializer::new(name))
    }

    fn visit_map<A: MapAccess<'de>>(self, member: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(OneForm::<_, C>(member))
    }
}

impl<'de, A: SeqAccess<'de>, const C: bool> SeqAccess<'de> for OneForm<A, C> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, A::Error> {
        self.0.next_element_seed(OneForm::<_, C>(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>, const C: bool> MapAccess<'de> for OneForm<A, C> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.0.next_key_seed(OneForm::<_, C>(seed))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        self.0.next_value_seed(OneForm::<_, C>(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

/// The object around a variant with content: its one member.
impl<'de, A: MapAccess<'de>, const C: bool> EnumAccess<'de> for OneForm<A, C> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<K: DeserializeSeed<'de>>(mut self, seed: K) -> Result<(K::Value, Self), A::Error> {
        match self.0.next_key_seed(OneForm::<_, C>(seed))? {
            Some(name) => Ok((name, self)),
            None => Err(A::Error::invalid_type(Unexpected::Map, &"an object of one member")),
        }
    }
}

impl<'de, A: MapAccess<'de>, const C: bool> VariantAccess<'de> for OneForm<A, C> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        Err(A::Error::invalid_type(Unexpected::Map, &"a string"))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(mut self, seed: T) -> Result<T::Value, A::Error> {
        self.0.next_value_seed(OneForm::<_, C>(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(mut self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(Content::<_, C>(visitor, Shape::Tuple(len)))
    }

    fn struct_variant<V: Visitor<'de>>(
        mut self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(Content::<_, C>(visitor, Shape::Struct(fields)))
    }
}

/// The content of a variant.
struct Content<V, const C: bool>(V, Shape);

enum Shape {
    Tuple(usize),
    Struct(&'static [&'static str]),
}

impl<'de, V: Visitor<'de>, const C: bool> DeserializeSeed<'de> for Content<V, C> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        match self.1 {
            Shape::Tuple(len) => OneForm::<_, C>(deserializer).deserialize_tuple(len, self.0),
            Shape::Struct(fields) => OneForm::<_, C>(deserializer).deserialize_struct("", fields, self.0),
        }
    }
}

impl<'de, T: DeserializeSeed<'de>, const C: bool> DeserializeSeed<'de> for OneForm<T, C> {
    type Value = T::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T::Value, D::Error> {
        self.0.deserialize(OneForm::<_, C>(deserializer))
    }
}
