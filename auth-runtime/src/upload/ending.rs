//! The end of a file: it is there, and nothing follows it.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
};

use super::{
    FileType, archive,
    refusal::{Refusal, disk},
    sniff::contains,
};

/// How many last bytes are examined. A directory of a ZIP archive ends with at most this many.
const TAIL: u64 = 65_557;

/// Checks that the file is complete, and that no archive hides at its end.
///
/// A photograph may have data of its camera after its end, and programs ignore them.
pub(super) fn check(file: &mut File, file_type: FileType, bytes: u64) -> Result<(), Refusal> {
    file.seek(SeekFrom::Start(bytes.saturating_sub(TAIL))).map_err(disk)?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail).map_err(disk)?;
    if file_type != FileType::Zip && archive::ends_in_directory(&tail) {
        return Err(Refusal::TypeAmbiguous);
    }
    let is_whole = match file_type {
        FileType::Png => tail.ends_with(b"\0\0\0\0IEND\xae\x42\x60\x82"),
        FileType::Jpeg => contains(&tail, b"\xff\xd9"),
        FileType::Gif => tail.iter().rev().find(|byte| **byte != 0) == Some(&b';'),
        FileType::Pdf => contains(tail.last_chunk::<1024>().map_or(&tail, |last| last), b"%%EOF"),
        FileType::WebP | FileType::Wav => riff_end(file).map_err(disk)?.is_some_and(|end| {
            // A chunk of odd length has one byte of padding, which some programs leave out of the length.
            end == bytes || end.saturating_add(1) == bytes
        }),
        FileType::Mp4 => boxes_end_at(file, bytes).map_err(disk)?,
        _ => true,
    };
    if is_whole { Ok(()) } else { Err(Refusal::Damaged) }
}

/// Returns where the container ends, by its header.
fn riff_end(file: &mut File) -> std::io::Result<Option<u64>> {
    file.seek(SeekFrom::Start(4))?;
    let mut length = [0; 4];
    match file.read_exact(&mut length) {
        Ok(()) => Ok(Some(u64::from(u32::from_le_bytes(length)).saturating_add(8))),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns whether the outermost boxes of a film fill the file.
fn boxes_end_at(file: &mut File, bytes: u64) -> std::io::Result<bool> {
    const MOST_BOXES: u32 = 65_536;
    let mut at: u64 = 0;
    for _ in 0..MOST_BOXES {
        if at >= bytes {
            return Ok(at == bytes);
        }
        if bytes.saturating_sub(at) < 8 {
            return Ok(false);
        }
        file.seek(SeekFrom::Start(at))?;
        let mut head = [0; 4];
        file.read_exact(&mut head)?;
        let length = match u32::from_be_bytes(head) {
            // The last box reaches to the end of the file.
            0 => return Ok(true),
            1 if bytes.saturating_sub(at) >= 16 => {
                let mut long = [0; 12];
                file.read_exact(&mut long)?;
                let [_, _, _, _, long @ ..] = long;
                u64::from_be_bytes(long)
            }
            length => length.into(),
        };
        if length < 8 {
            return Ok(false);
        }
        at = at.saturating_add(length);
    }
    Ok(false)
}
