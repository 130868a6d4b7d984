use core::fmt;

/// The error for a stored name that this version of the crate does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseNameError;

impl fmt::Display for ParseNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the store holds a name that this version does not know")
    }
}

impl core::error::Error for ParseNameError {}
