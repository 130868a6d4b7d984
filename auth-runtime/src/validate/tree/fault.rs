use core::fmt;

use serde::de::{Error, Expected, Unexpected};

use super::{
    pointer::{At, joined},
    stand_in::Wanted,
};

/// Why a value does not fit its type, without the value.
#[derive(Clone, Debug)]
pub(in crate::validate) struct Fault {
    /// `None` until the value is known that the fault is in.
    pub(in crate::validate) pointer: Option<String>,
    pub(in crate::validate) kind: Kind,
    pub(super) wanted: Wanted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::validate) enum Kind {
    Missing(&'static str),
    Unknown,
    Duplicate(&'static str),
    /// Another type of value, with the expected one.
    Type(Option<&'static str>),
    /// The right type, and a value that the type does not have.
    Value,
    Choice(&'static [&'static str]),
}

impl Fault {
    pub(super) fn new(kind: Kind) -> Self {
        Self { pointer: None, kind, wanted: Wanted::Anything }
    }

    /// Says in which value the fault is, unless a part of it said so.
    pub(super) fn at(mut self, at: &At<'_>, wanted: Wanted) -> Self {
        if self.pointer.is_some() {
            return self;
        }
        let here = at.pointer();
        self.pointer = Some(match self.kind {
            Kind::Missing(name) | Kind::Duplicate(name) => joined(&here, name),
            _ => here,
        });
        if let Kind::Type(None) = self.kind {
            self.kind = Kind::Type(wanted.name());
        }
        // A library states the expected type of a missing member only when another value stands in its place.
        if !matches!(self.kind, Kind::Missing(_)) {
            self.wanted = wanted;
        }
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value does not fit its type")
    }
}

impl core::error::Error for Fault {}

/// The texts that serde makes can have the value in them. So no text is kept.
impl Error for Fault {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::new(Kind::Value)
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::new(Kind::Type(None))
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::new(Kind::Value)
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self::new(Kind::Type(None))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::new(Kind::Choice(expected))
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::new(Kind::Unknown)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Kind::Missing(field))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(Kind::Duplicate(field))
    }
}
