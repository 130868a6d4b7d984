//! ZIP archives, judged by their central directory. Nothing is unpacked.
//!
//! The directory states the sizes, and the packed data may be larger. A program that unpacks has to bound its output by
//! the stated size.

mod entry;
mod extra;

use std::{
    collections::HashSet,
    fs::File,
    io::{BufReader, Read as _, Seek as _, SeekFrom},
};

use super::{
    UploadRules,
    refusal::{Refusal, disk},
};

use entry::Entry;

/// The length of the record that ends a directory, without its comment.
const END: usize = 22;

/// How many times larger than its packed data the content may be.
const MOST_RATIO: u64 = 100;

/// Refuses an archive with links, paths that climb, archives inside, too many or too large entries, or entries that
/// overlap.
pub(super) fn check(file: &mut File, bytes: u64, rules: &UploadRules) -> Result<(), Refusal> {
    let directory = Directory::find(file, bytes)?;
    if directory.entries > rules.max_entries {
        return Err(Refusal::ArchiveRefused);
    }
    let entries = directory.read(file)?;
    let mut names = HashSet::new();
    let (mut packed, mut unpacked): (u64, u64) = (0, 0);
    for entry in &entries {
        if !entry.is_allowed() || entry.unpacked / MOST_RATIO > entry.packed || !names.insert(entry.path()) {
            return Err(Refusal::ArchiveRefused);
        }
        packed = packed.saturating_add(entry.packed);
        unpacked = unpacked.saturating_add(entry.unpacked);
    }
    if unpacked > rules.max_unpacked || unpacked / MOST_RATIO > packed {
        return Err(Refusal::ArchiveRefused);
    }
    fill(file, entries, directory.start)
}

/// Checks that the entries follow each other from the beginning to the directory. So no entry is hidden between them,
/// and no two entries share their data.
fn fill(file: &mut File, mut entries: Vec<Entry>, directory: u64) -> Result<(), Refusal> {
    entries.sort_unstable_by_key(|entry| entry.start);
    let mut at = 0;
    let ends = entries.iter().skip(1).map(|entry| entry.start).chain([directory]);
    for (entry, next) in entries.iter().zip(ends) {
        if entry.start != at {
            return Err(Refusal::ArchiveRefused);
        }
        let end = entry.end(file)?;
        // The sizes of an entry may be repeated behind its data.
        let spare = next.checked_sub(end).ok_or(Refusal::ArchiveRefused)?;
        let is_description = entry.has_description() && [12, 16].contains(&spare);
        if spare != 0 && !is_description {
            return Err(Refusal::ArchiveRefused);
        }
        at = next;
    }
    if at == directory { Ok(()) } else { Err(Refusal::ArchiveRefused) }
}

/// Returns whether the last bytes of a file end a directory of an archive.
pub(super) fn ends_in_directory(tail: &[u8]) -> bool {
    tail.windows(END).any(|record| {
        // Entries on this disk and entries of all disks are the same number. There is only one disk.
        record.starts_with(b"PK\x05\x06")
            && record.get(4..8) == Some(&[0; 4])
            && record.get(8..10) == record.get(10..12)
    })
}

#[derive(Debug)]
struct Directory {
    start: u64,
    length: u64,
    entries: u32,
}

impl Directory {
    /// Finds the directory, which ends the file. Archives of several disks or of more than 4 GiB are refused.
    fn find(file: &mut File, bytes: u64) -> Result<Self, Refusal> {
        let longest = u64::try_from(END).unwrap_or_default().saturating_add(u16::MAX.into());
        file.seek(SeekFrom::Start(bytes.saturating_sub(longest))).map_err(disk)?;
        let mut tail = Vec::new();
        file.take(longest).read_to_end(&mut tail).map_err(disk)?;
        let mut found = tail.windows(END).enumerate().filter_map(|(at, record)| {
            let record: &[u8; END] = record.first_chunk()?;
            record.starts_with(b"PK\x05\x06").then_some((at, record))
        });
        let (at, record) = found.next().ok_or(Refusal::Damaged)?;
        // With a second record, two readers could read two directories.
        if found.next().is_some() {
            return Err(Refusal::ArchiveRefused);
        }
        let [_, _, _, _, disks @ .., l0, l1, l2, l3, s0, s1, s2, s3, c0, c1] = record;
        let [0, 0, 0, 0, here @ ..] = disks else { return Err(Refusal::ArchiveRefused) };
        let [h0, h1, a0, a1] = here;
        let comment = usize::from(u16::from_le_bytes([*c0, *c1]));
        let (here, all) = (u16::from_le_bytes([*h0, *h1]), u16::from_le_bytes([*a0, *a1]));
        let length = u32::from_le_bytes([*l0, *l1, *l2, *l3]).into();
        let start = u32::from_le_bytes([*s0, *s1, *s2, *s3]).into();
        let own = bytes.saturating_sub(u64::try_from(tail.len().saturating_sub(at)).unwrap_or(u64::MAX));
        let is_whole = at.saturating_add(END).saturating_add(comment) == tail.len();
        let fills = u64::checked_add(start, length) == Some(own);
        if !is_whole || !fills || here != all || all == u16::MAX {
            return Err(Refusal::ArchiveRefused);
        }
        Ok(Self { start, length, entries: all.into() })
    }

    fn read(&self, file: &mut File) -> Result<Vec<Entry>, Refusal> {
        file.seek(SeekFrom::Start(self.start)).map_err(disk)?;
        let mut reader = BufReader::new(file.take(self.length));
        let mut entries = Vec::new();
        for _ in 0..self.entries {
            entries.push(Entry::read(&mut reader)?);
        }
        let mut rest = [0];
        match reader.read(&mut rest).map_err(disk)? {
            0 => Ok(entries),
            _ => Err(Refusal::ArchiveRefused),
        }
    }
}
