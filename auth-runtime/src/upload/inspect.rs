//! The checks of a file once all of it is on the disk.

use std::{
    fs::File,
    io::{BufReader, Cursor, Read, Seek},
};

use serde::de::IgnoredAny;

use super::{
    FileFamily, FileType, UploadRules, archive,
    dimensions::dimensions,
    ending, gif,
    refusal::{Refusal, disk, ended},
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
        return json(BufReader::new(file)).map(|()| None);
    }
    if file_type.family() != FileFamily::Image {
        return Ok(None);
    }
    file.rewind().map_err(disk)?;
    image(BufReader::new(file), file_type, rules).map(Some)
}

fn json(text: impl Read) -> Result<(), Refusal> {
    let read: Result<IgnoredAny, _> = serde_json::from_reader(text);
    read.map(|_| ()).map_err(|error| if error.is_io() { disk(error.into()) } else { Refusal::Damaged })
}

/// Returns the width and the height.
fn image(mut image: impl Read + Seek, file_type: FileType, rules: &UploadRules) -> Result<(u32, u32), Refusal> {
    let size = if file_type == FileType::Gif { gif::size(&mut image) } else { dimensions(&mut image, file_type) };
    match size.map_err(ended)? {
        Some(size) if rules.allows_size(file_type, size) => Ok(size),
        Some(_) => Err(Refusal::ImageTooLarge),
        None => Err(Refusal::Damaged),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, SeekFrom};

    use super::*;

    /// A disk that fails.
    struct Failing;

    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk fails"))
        }
    }

    impl Seek for Failing {
        fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
            Ok(0)
        }
    }

    #[test]
    fn a_disk_that_fails_is_no_fault_of_the_file() {
        const RULES: UploadRules = UploadRules::new(1, FileType::ALL);
        assert_eq!(json(Failing), Err(Refusal::Failed));
        assert_eq!(json(&b"{"[..]), Err(Refusal::Damaged));
        for file_type in [FileType::Png, FileType::Jpeg, FileType::Gif, FileType::WebP] {
            assert_eq!(image(Failing, file_type, &RULES), Err(Refusal::Failed), "{file_type:?}");
            assert_eq!(image(Cursor::new(b"x"), file_type, &RULES), Err(Refusal::Damaged), "{file_type:?}");
        }
    }
}
