use core::{fmt, ops::RangeInclusive, str::FromStr};

use secrecy::SecretString;

use super::Environment;
use crate::auth::fault::Collector;

/// Reads variables one by one, and collects their faults.
pub(super) struct Reader<L> {
    pub(super) lookup: L,
    pub(super) faults: Collector,
}

impl<L: Fn(&str) -> Option<String>> Reader<L> {
    /// Returns the value without space around it. An empty value counts as absent.
    pub(super) fn text(&self, name: &'static str) -> Option<String> {
        Some((self.lookup)(name)?.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// Returns a value that may be any text, without line ends at its end: tools that write a secret into a file add
    /// one.
    pub(super) fn secret(&self, name: &'static str) -> Option<SecretString> {
        let value = (self.lookup)(name).filter(|value| !value.trim().is_empty())?;
        Some(value.trim_end_matches(['\r', '\n']).into())
    }

    /// Returns the value, or the default when the variable is not set. Returns `None` when the value is wrong, or when
    /// the variable may be set in a source that could not be read.
    pub(super) fn parsed<T: FromStr>(&mut self, name: &'static str, default: T) -> Option<T>
    where
        T::Err: fmt::Display,
    {
        match self.text(name) {
            Some(value) => self.faults.take(name, value.parse()),
            None => self.faults.is_complete().then_some(default),
        }
    }

    /// Returns the value, or `None` when the variable is not set or the value is wrong.
    pub(super) fn optional<T: FromStr>(&mut self, name: &'static str) -> Option<T>
    where
        T::Err: fmt::Display,
    {
        let value = self.text(name)?;
        self.faults.take(name, value.parse())
    }

    pub(super) fn number(&mut self, name: &'static str, default: u32, permitted: RangeInclusive<u32>) -> u32 {
        let Some(value) = self.text(name) else { return default };
        match value.parse() {
            Ok(number) if permitted.contains(&number) => number,
            _ => {
                let (least, most) = permitted.into_inner();
                self.faults.push(name, format!("is no whole number from {least} to {most}"));
                default
            }
        }
    }

    /// Returns `true` or `false`; `false` when the variable is not set. Returns `None` in the same cases as
    /// [`parsed`](Self::parsed).
    pub(super) fn switch(&mut self, name: &'static str) -> Option<bool> {
        match self.text(name).as_deref() {
            None => self.faults.is_complete().then_some(false),
            Some("true") => Some(true),
            Some("false") => Some(false),
            Some(_) => {
                self.faults.push(name, "is neither `true` nor `false`");
                None
            }
        }
    }

    /// Returns the value; only development and test have a default. Elsewhere a default would make the tokens of two
    /// services interchangeable.
    pub(super) fn identifier(&mut self, name: &'static str, environment: Option<Environment>) -> String {
        if let Some(value) = self.text(name) {
            return value;
        }
        match environment {
            Some(Environment::Development | Environment::Test) => return "auth-runtime".to_owned(),
            Some(Environment::Production) => {
                self.faults.missing(
                    name,
                    "is missing; write this service's own URL, such as `https://api.example.com`; on your own machine, \
                     set `ENVIRONMENT=development` instead",
                );
            }
            // It is not known whether the value may be missing. The fault of `ENVIRONMENT` has already been reported.
            None => {}
        }
        String::new()
    }
}
