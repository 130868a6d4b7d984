use serde::de::{DeserializeSeed, Deserializer as _, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::Value;

use super::{
    fault::{Fault, Kind},
    node::{Elements, Members, Node, Variant},
    part::Part,
    pointer::At,
};
use crate::validate::violation::MOST;

impl<'de> MapAccess<'de> for Members<'de, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        for (name, value) in self.rest.by_ref() {
            if self.fields.is_some_and(|fields| !fields.contains(&&**name)) && self.context.style.is_closed {
                // The answer has no room for more.
                let mut unknown = self.context.unknown.borrow_mut();
                if unknown.len() <= MOST {
                    unknown.push(At::Entry(&self.at, name).pointer());
                }
                continue;
            }
            self.next = Some((name.as_str(), value));
            return seed.deserialize(Part(name)).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        let (name, value) = self.next.take().unwrap_or(("", &Value::Null));
        let at = match self.fields {
            Some(_) => At::Member(&self.at, name),
            None => At::Entry(&self.at, name),
        };
        seed.deserialize(Node { value, at, context: self.context })
    }
}

impl<'de> SeqAccess<'de> for Elements<'de, '_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some((index, value)) = self.rest.next() else { return Ok(None) };
        seed.deserialize(Node { value, at: At::Element(&self.at, index), context: self.context }).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

impl<'de> Variant<'de, '_> {
    /// Reads the content, if there is any.
    fn read<T>(self, read: impl FnOnce(Node<'de, '_>) -> Result<T, Fault>) -> Result<T, Fault> {
        let content = self.content.ok_or_else(|| Fault::new(Kind::Type(None)))?;
        read(Node { at: At::Member(&content.at, self.name), ..content })
    }
}

impl<'de> EnumAccess<'de> for Variant<'de, '_> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<K: DeserializeSeed<'de>>(self, seed: K) -> Result<(K::Value, Self), Fault> {
        Ok((seed.deserialize(Part(self.name))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de, '_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        if self.content.is_none() { Ok(()) } else { Err(Fault::new(Kind::Type(None))) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        self.read(|content| seed.deserialize(content))
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Fault> {
        self.read(|content| content.deserialize_tuple(length, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        self.read(|content| content.deserialize_struct("", fields, visitor))
    }
}
