use core::{error::Error, fmt, str::FromStr};

/// The environment in which the service runs; production by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// A developer's machine.
    Development,
    /// Automated tests.
    Test,
    /// Everything else.
    Production,
}

impl FromStr for Environment {
    type Err = ParseEnvironmentError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "development" => Ok(Self::Development),
            "test" => Ok(Self::Test),
            "production" => Ok(Self::Production),
            _ => Err(ParseEnvironmentError),
        }
    }
}

/// The error for a text that names no [`Environment`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseEnvironmentError;

impl fmt::Display for ParseEnvironmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is none of `development`, `test` and `production`")
    }
}

impl Error for ParseEnvironmentError {}
