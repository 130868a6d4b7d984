use serde::de::{Deserializer, Visitor};
use serde_json::Value;

use super::{
    fault::{Fault, Kind},
    node::{Node, Variant},
    part::Part,
    stand_in::Wanted,
};

/// The name under which a secret asks for its text.
pub(in crate::validate) const SECRET: &str = "auth_runtime::secret";

impl<'de> Node<'de, '_> {
    /// Returns the value as text, where it is a text that may stand for a number.
    fn part(&self) -> Option<Part<'de>> {
        self.value.as_str().filter(|_| self.context.style.is_text).map(Part)
    }

    fn any<V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Fault> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (.., Some(number)) => visitor.visit_f64(number),
                _ => Err(Fault::new(Kind::Value)),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(elements) => visitor.visit_seq(self.elements(elements)),
            Value::Object(members) => visitor.visit_map(self.members(members, None)),
        }
    }

    fn located<T>(&self, read: Result<T, Fault>, wanted: Wanted) -> Result<T, Fault> {
        read.map_err(|fault| fault.at(&self.at, wanted))
    }
}

/// Implements methods that read a value as it is, or as text.
macro_rules! scalars {
    ($($method:ident: $wanted:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let read = match self.part() {
                Some(part) => part.$method(visitor),
                None => self.any(visitor),
            };
            self.located(read, Wanted::$wanted)
        }
    )*};
}

impl<'de> Deserializer<'de> for Node<'de, '_> {
    type Error = Fault;

    scalars! {
        deserialize_any: Anything deserialize_bool: Bool
        deserialize_i8: Integer deserialize_i16: Integer deserialize_i32: Integer deserialize_i64: Integer
        deserialize_i128: Integer
        deserialize_u8: Integer deserialize_u16: Integer deserialize_u32: Integer deserialize_u64: Integer
        deserialize_u128: Integer
        deserialize_f32: Number deserialize_f64: Number
        deserialize_char: Char deserialize_str: Text deserialize_string: Text
        deserialize_bytes: Text deserialize_byte_buf: Text
        deserialize_unit: Anything deserialize_identifier: Text
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        if name == SECRET {
            self.context.secrets.borrow_mut().push(self.at.pointer());
        }
        let read = visitor.visit_newtype_struct(self);
        self.located(read, Wanted::Anything)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.located(self.any(visitor), Wanted::List(0))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Fault> {
        self.located(self.any(visitor), Wanted::List(length))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.located(self.any(visitor), Wanted::Object)
    }

    /// A struct is an object, never an array of its fields in order.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let read = match self.value {
            Value::Object(members) => {
                self.context.names.borrow_mut().add(&self.at, fields);
                visitor.visit_map(self.members(members, Some(fields)))
            }
            _ => Err(Fault::new(Kind::Type(None))),
        };
        self.located(read, Wanted::Object)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let read = match self.value {
            Value::String(name) => visitor.visit_enum(Variant { name, content: None }),
            Value::Object(members) if members.len() == 1 => match members.iter().next() {
                Some((name, content)) => {
                    visitor.visit_enum(Variant { name, content: Some(Node { value: content, ..self }) })
                }
                None => Err(Fault::new(Kind::Type(None))),
            },
            _ => Err(Fault::new(Kind::Type(None))),
        };
        self.located(read, Wanted::Variant(variants))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }
}
