use core::{error::Error, fmt};

/// Everything that is wrong with the settings or the builder, at once. Names settings, never their values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

/// One thing that is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    setting: &'static str,
    message: String,
}

impl Faults {
    /// The faults, at least one.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }
}

impl Fault {
    /// The environment variable or builder method that it is about.
    pub fn setting(&self) -> &'static str {
        self.setting
    }

    /// What is wrong and what to type.
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

impl Error for Faults {}

/// Collects faults, so that one start-up shows them all.
#[derive(Debug, Default)]
pub(super) struct Collector {
    faults: Vec<Fault>,
    /// Whether something could not be read that may be the setting which seems to be missing.
    is_incomplete: bool,
}

impl Collector {
    pub(super) fn push(&mut self, setting: &'static str, message: impl Into<String>) {
        self.faults.push(Fault { setting, message: message.into() });
    }

    /// A fault of a place where settings stand: what is missing may stand there.
    pub(super) fn unreadable(&mut self, place: &'static str, message: impl Into<String>) {
        self.is_incomplete = true;
        self.push(place, message);
    }

    /// A setting that is not there, unless it may stand where nothing could be read.
    pub(super) fn missing(&mut self, setting: &'static str, message: impl Into<String>) {
        if self.is_complete() {
            self.push(setting, message);
        }
    }

    /// Whether a setting that was not found is absent.
    pub(super) fn is_complete(&self) -> bool {
        !self.is_incomplete
    }

    /// The value, or its error as a fault of this setting.
    pub(super) fn take<T, E: fmt::Display>(&mut self, setting: &'static str, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.push(setting, error.to_string())).ok()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// What was to be built, if nothing is wrong with it.
    pub(super) fn finish_with<T>(mut self, built: Option<T>) -> Result<T, Faults> {
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
