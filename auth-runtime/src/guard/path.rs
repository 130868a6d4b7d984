//! Decides whether a route can provide what a `Path` extractor reads.
//!
//! The module deserializes the type from made-up values, in the same way as axum deserializes it from those of a
//! request.

use core::fmt;

use serde::{
    Deserializer,
    de::{self, DeserializeOwned, DeserializeSeed, Visitor, value::StrDeserializer},
    forward_to_deserialize_any,
};

/// Explains why a route with these `parameters` cannot fill `Path<T>`; returns `None` when no reason is known.
pub(super) fn misfit<T: DeserializeOwned>(parameters: &[&str]) -> Option<String> {
    match T::deserialize(Route { parameters }).err()? {
        Misfit::Count(wanted) => {
            Some(format!("asks for {wanted} of the route's parameters, and the route has {}", parameters.len()))
        }
        Misfit::Missing(field) => Some(format!("asks for a parameter `{field}`, and the route has none of that name")),
        Misfit::Unknown(parameter) => Some(format!("knows no parameter `{parameter}`, which the route has")),
        Misfit::Unsupported => Some("asks for a type that no path can be read as".to_owned()),
        // A made-up value did not do, so nothing after it was asked for. Names alone do not tell: a field may be
        // optional, have a default or another name.
        Misfit::Value => None,
    }
}

#[derive(Debug)]
enum Misfit {
    /// The type reads this number of parameters.
    Count(usize),
    Missing(&'static str),
    Unknown(String),
    Unsupported,
    /// A value does not have the form that the type expects. This reveals nothing about routes.
    Value,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl core::error::Error for Misfit {}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Value
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::Unknown(field.to_owned())
    }
}

/// A text from which most types can be read.
const SAMPLE: &str = "0";

/// The parameters of a request, made up. It behaves like axum's `PathDeserializer`.
struct Route<'p> {
    parameters: &'p [&'p str],
}

impl Route<'_> {
    fn of(&self, count: usize) -> Result<(), Misfit> {
        if self.parameters.len() == count { Ok(()) } else { Err(Misfit::Count(count)) }
    }
}

/// Implements the methods that read a single value.
macro_rules! single {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            self.of(1)?;
            Value.$method(visitor)
        }
    )*};
}

macro_rules! unsupported {
    ($($method:ident($($argument:ident: $ty:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $ty,)* _: V) -> Result<V::Value, Misfit> {
            Err(Misfit::Unsupported)
        }
    )*};
}

impl<'de> Deserializer<'de> for Route<'_> {
    type Error = Misfit;

    single! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64
        deserialize_char deserialize_str deserialize_string deserialize_byte_buf
    }

    unsupported! { deserialize_bytes() deserialize_option() deserialize_identifier() deserialize_ignored_any() }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_seq(Values(self.parameters))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Misfit> {
        self.of(len)?;
        visitor.visit_seq(Values(self.parameters))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, len: usize, v: V) -> Result<V::Value, Misfit> {
        self.deserialize_tuple(len, v)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_map(Values(self.parameters))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_map(visitor)
    }

    /// Checks that the route has one parameter, and then gives up: the variant that a request's value names is unknown.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Misfit> {
        self.of(1)?;
        Err(Misfit::Value)
    }
}

/// The parameters that are still to be read.
struct Values<'p>(&'p [&'p str]);

impl<'p> Values<'p> {
    fn next(&mut self) -> Option<&'p str> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }
}

impl<'de> de::SeqAccess<'de> for Values<'_> {
    type Error = Misfit;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Misfit> {
        self.next().map(|_| seed.deserialize(Value)).transpose()
    }
}

impl<'de> de::MapAccess<'de> for Values<'_> {
    type Error = Misfit;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Misfit> {
        self.next().map(|name| seed.deserialize(StrDeserializer::new(name))).transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Misfit> {
        seed.deserialize(Value)
    }
}

/// A made-up value of the kind that the type reads.
struct Value;

macro_rules! made_up {
    ($($method:ident $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            visitor.$visit(Default::default())
        }
    )*};
}

impl<'de> Deserializer<'de> for Value {
    type Error = Misfit;

    made_up! {
        deserialize_bool visit_bool deserialize_i8 visit_i8 deserialize_i16 visit_i16 deserialize_i32 visit_i32
        deserialize_i64 visit_i64 deserialize_i128 visit_i128 deserialize_u8 visit_u8 deserialize_u16 visit_u16
        deserialize_u32 visit_u32 deserialize_u64 visit_u64 deserialize_u128 visit_u128 deserialize_f32 visit_f32
        deserialize_f64 visit_f64
    }

    unsupported! {
        deserialize_seq() deserialize_map() deserialize_identifier() deserialize_tuple_struct(_name: &'static str, _len: usize)
        deserialize_struct(_name: &'static str, _fields: &'static [&'static str])
    }

    forward_to_deserialize_any! { char str string bytes byte_buf enum tuple }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_str(SAMPLE)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }
}

#[cfg(test)]
mod tests;
