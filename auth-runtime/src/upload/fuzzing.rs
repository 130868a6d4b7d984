//! The doors for the fuzzer.

use std::io::{Seek as _, Write as _};

use super::{FileType, UploadRules, inspect, range::Range, type_agreement};

/// Judges a file of this announced type. Returns `None` where its first bytes are of another type, and otherwise
/// whether the whole file passes.
pub(crate) fn judged(announced: FileType, bytes: &[u8]) -> Option<bool> {
    const RULES: UploadRules = UploadRules::new(1 << 20, FileType::ALL).with_max_entries(20);
    let head = &bytes[..bytes.len().min(type_agreement::HEAD)];
    type_agreement::content(announced, head).ok()?;
    let is_early = inspect::early_size(announced, head, &RULES).is_ok();
    let mut file = temporary().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    Some(is_early && inspect::whole(&mut file, announced, bytes.len() as u64, &RULES).is_ok())
}

/// Returns the first and the last byte of a part.
pub(crate) fn range_of(field: &str, bytes: u64) -> Option<(u64, u64)> {
    match Range::read(field, bytes) {
        Range::Part { first, last } => Some((first, last)),
        Range::Whole | Range::Unsatisfiable => None,
    }
}

/// Returns a file without a name.
fn temporary() -> std::io::Result<std::fs::File> {
    let path = std::env::temp_dir().join(format!("auth-runtime-fuzzing-{}.file", std::process::id()));
    let file = std::fs::File::options().read(true).write(true).create(true).truncate(true).open(&path)?;
    std::fs::remove_file(path)?;
    Ok(file)
}
