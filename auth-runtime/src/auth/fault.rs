use core::{error::Error, fmt, ops::RangeInclusive, time::Duration};

use crate::clock::whole_seconds;

/// All mistakes in the settings or on the builder. Messages name settings, and no values but the
/// paths of the files for TLS.
///
/// `Debug` prints what `Display` prints, one line for each mistake: a `main` that returns an error prints its `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

/// One mistake, and how to correct it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    setting: &'static str,
    message: String,
}

impl Faults {
    /// Returns the mistakes, at least one.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }
}

impl Fault {
    /// Returns the environment variable or builder method that is wrong.
    pub fn setting(&self) -> &'static str {
        self.setting
    }

    /// Returns the description of the mistake, and how to correct it.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => writeln!(f, "one setting is wrong:")?,
            several => writeln!(f, "{several} settings are wrong:")?,
        }
        self.0.iter().try_for_each(|fault| writeln!(f, "  {}: {}", fault.setting, fault.message))
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for Faults {}

/// Collects mistakes, so that one start-up shows all of them.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    faults: Vec<Fault>,
    /// Whether a source of settings could not be read. It may contain a setting that seems to be missing.
    is_incomplete: bool,
}

impl Collector {
    pub(crate) fn push(&mut self, setting: &'static str, message: impl Into<String>) {
        self.faults.push(Fault { setting, message: message.into() });
    }

    /// Records all mistakes of another list.
    #[cfg(not(feature = "redis"))]
    pub(super) fn extend(&mut self, others: Self) {
        self.faults.extend(others.faults);
    }

    /// Records a fault of a source of settings. Settings that seem to be missing may be in that source.
    pub(super) fn unreadable(&mut self, place: &'static str, message: impl Into<String>) {
        self.is_incomplete = true;
        self.push(place, message);
    }

    /// Records that a setting is missing, unless a source that could not be read may contain it.
    pub(super) fn missing(&mut self, setting: &'static str, message: impl Into<String>) {
        if self.is_complete() {
            self.push(setting, message);
        }
    }

    /// Returns whether all sources were read, so that a setting that was not found is really absent.
    pub(super) fn is_complete(&self) -> bool {
        !self.is_incomplete
    }

    /// Records a mistake unless the duration is a whole number of seconds in this range. `message` describes a duration
    /// outside of the range.
    pub(super) fn check_seconds(
        &mut self,
        setting: &'static str,
        duration: Duration,
        range: RangeInclusive<u32>,
        message: &'static str,
    ) {
        match whole_seconds(duration) {
            Some(seconds) if range.contains(&seconds) => {}
            Some(_) => self.push(setting, message),
            None => self.push(setting, "is not a whole number of seconds up to 4294967295"),
        }
    }

    /// Returns the value, or records the error as a mistake in this setting.
    pub(crate) fn take<T, E: fmt::Display>(&mut self, setting: &'static str, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.push(setting, error.to_string())).ok()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// Returns the built value, if there are no mistakes.
    pub(crate) fn finish_with<T>(mut self, built: Option<T>) -> Result<T, Faults> {
        match built {
            Some(built) if self.faults.is_empty() => Ok(built),
            _ => {
                if self.faults.is_empty() {
                    self.push("build", "something is missing");
                }
                Err(Faults(self.faults))
            }
        }
    }
}
