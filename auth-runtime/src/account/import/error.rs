use core::{error::Error, fmt};

use crate::{error::StoreError, store::CreateError};

/// The reason why accounts were not imported. No message quotes a cell, since a cell may be a password or a hash.
#[derive(Debug)]
#[non_exhaustive]
pub enum ImportError {
    /// The text is not CSV, or cannot be read. Nothing was written.
    Csv(Box<dyn Error + Send + Sync>),
    /// The first line does not have the columns that an import needs. Nothing was written.
    Columns(Vec<String>),
    /// These rows are not valid. Nothing was written.
    Rows(Vec<RowError>),
    /// The store failed while rows were compared with it. Nothing was written.
    Store(StoreError),
    /// An account could not be stored. The accounts of the rows before it exist, the others do not. A second run of the
    /// same file continues after them.
    Stopped {
        /// The number of accounts that this run has created.
        created: usize,
        /// The line of the row that could not be stored.
        line: u64,
        /// The reason why the row could not be stored.
        error: CreateError,
    },
}

/// A fault of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowError {
    /// The line of the file on which the row begins; the names of the columns are on line 1.
    pub line: u64,
    /// The description of the fault, without the value.
    pub message: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Csv(_) => f.write_str("the file cannot be read as CSV; nothing was written"),
            Self::Columns(faults) => write!(f, "{}; nothing was written", faults.join("; ")),
            Self::Rows(faults) => {
                writeln!(f, "{} rows will not work; nothing was written", rows_of(faults))?;
                faults.iter().try_for_each(|fault| writeln!(f, "{fault}"))
            }
            Self::Store(_) => f.write_str("the store cannot be compared with the file; nothing was written"),
            Self::Stopped { created, line, .. } => {
                write!(
                    f,
                    "stopped at line {line} after {created} accounts were created; run the same file again to go on"
                )
            }
        }
    }
}

impl Error for ImportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Csv(error) => Some(&**error),
            Self::Store(error) => Some(error),
            Self::Stopped { error, .. } => Some(error),
            Self::Columns(_) | Self::Rows(_) => None,
        }
    }
}

/// Counts the rows that have faults. The faults of a row are next to each other.
fn rows_of(faults: &[RowError]) -> usize {
    let mut lines: Vec<u64> = faults.iter().map(|fault| fault.line).collect();
    lines.dedup();
    lines.len()
}
