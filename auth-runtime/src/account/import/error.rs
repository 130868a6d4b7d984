use core::{error::Error, fmt};

use crate::{error::StoreError, store::CreateError};

/// Why accounts were not imported. No message quotes a cell, since one may be a password or a hash.
#[derive(Debug)]
#[non_exhaustive]
pub enum ImportError {
    /// The text is not CSV, or cannot be read. Nothing was written.
    Csv(csv::Error),
    /// The first line has not the columns that an import takes. Nothing was written.
    Columns(Vec<String>),
    /// These rows will not work. Nothing was written.
    Rows(Vec<RowFault>),
    /// The store failed while rows were compared with it. Nothing was written.
    Store(StoreError),
    /// An account could not be stored. Those of the rows before it are there, the others are not: a second run of the same
    /// file goes on after them.
    Stopped {
        /// How many accounts this run has created.
        created: usize,
        /// The line of the row that could not be stored.
        line: u64,
        /// Why not.
        error: CreateError,
    },
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowFault {
    /// The line of the file on which the row begins; the columns' names are on line 1.
    pub line: u64,
    /// What is wrong, without the value.
    pub message: String,
}

impl fmt::Display for RowFault {
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
            Self::Csv(error) => Some(error),
            Self::Store(error) => Some(error),
            Self::Stopped { error, .. } => Some(error),
            Self::Columns(_) | Self::Rows(_) => None,
        }
    }
}

/// A row may have several faults; they stand next to each other.
fn rows_of(faults: &[RowFault]) -> usize {
    let mut lines: Vec<u64> = faults.iter().map(|fault| fault.line).collect();
    lines.dedup();
    lines.len()
}
