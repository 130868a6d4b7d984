use core::str::FromStr;

use serde::de::{Deserializer, IntoDeserializer as _, Visitor, value::StrDeserializer};

use super::fault::{Fault, Kind};

/// A value that is written as text: a field of a form, or a name of a member.
pub(super) struct Part<'de>(pub(super) &'de str);

/// A number that is neither infinite nor `NaN`, with which no comparison breaks a rule.
trait Finite: FromStr {
    fn is_finite(&self) -> bool;
}

impl Finite for f32 {
    fn is_finite(&self) -> bool {
        f32::is_finite(*self)
    }
}

impl Finite for f64 {
    fn is_finite(&self) -> bool {
        f64::is_finite(*self)
    }
}

impl Part<'_> {
    fn read<T: FromStr>(&self) -> Result<T, Fault> {
        self.0.parse().map_err(|_| Fault::new(Kind::Type(None)))
    }

    fn read_finite<T: Finite>(&self) -> Result<T, Fault> {
        self.read()
            .and_then(|number: T| if number.is_finite() { Ok(number) } else { Err(Fault::new(Kind::Type(None))) })
    }
}

macro_rules! parsed {
    ($($method:ident($visit:ident))*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            visitor.$visit(self.read()?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Part<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_borrowed_str(self.0)
    }

    parsed! {
        deserialize_bool(visit_bool)
        deserialize_i8(visit_i8) deserialize_i16(visit_i16) deserialize_i32(visit_i32) deserialize_i64(visit_i64)
        deserialize_i128(visit_i128)
        deserialize_u8(visit_u8) deserialize_u16(visit_u16) deserialize_u32(visit_u32) deserialize_u64(visit_u64)
        deserialize_u128(visit_u128)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_f32(self.read_finite()?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_f64(self.read_finite()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let name: StrDeserializer<'_, Fault> = self.0.into_deserializer();
        visitor.visit_enum(name)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
    }
}
