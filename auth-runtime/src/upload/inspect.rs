//! The checks of a file once all of it is on the disk.

use std::{
    fs::File,
    io::{BufReader, Cursor, Seek as _},
};

use serde::de::IgnoredAny;

use super::{
    FileFamily, FileType, UploadRules, archive,
    dimensions::dimensions,
    ending, gif,
    refusal::{Refusal, disk},
};

/// Refuses an image that is too large by its first bytes, if they have its size.
pub(super) fn early_size(file_type: FileType, head: &[u8], rules: &UploadRules) -> Result<(), Refusal> {
    match dimensions(&mut Cursor::new(head), file_type) {
        Ok(Some(size)) if !rules.allows_size(file_type, size) => Err(Refusal::ImageTooLarge),
        _ => Ok(()),
    }
}

/// Inspects the whole file. Returns the width and the height of an image.
pub(super) fn whole(
    file: &mut File,
    file_type: FileType,
    bytes: u64,
    rules: &UploadRules,
) -> Result<Option<(u32, u32)>, Refusal> {
    ending::check(file, file_type, bytes)?;
    if file_type == FileType::Zip {
        archive::check(file, bytes, rules)?;
    }
    if file_type == FileType::Json {
        file.rewind().map_err(disk)?;
        let read: Result<IgnoredAny, _> = serde_json::from_reader(BufReader::new(file));
        return read.map(|_| None).map_err(|_| Refusal::Damaged);
    }
    if file_type.family() != FileFamily::Image {
        return Ok(None);
    }
    file.rewind().map_err(disk)?;
    let mut image = BufReader::new(file);
    let size = if file_type == FileType::Gif { gif::size(&mut image) } else { dimensions(&mut image, file_type) };
    match size.map_err(|_| Refusal::Damaged)? {
        Some(size) if rules.allows_size(file_type, size) => Ok(Some(size)),
        Some(_) => Err(Refusal::ImageTooLarge),
        None => Err(Refusal::Damaged),
    }
}
