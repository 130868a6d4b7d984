use std::{
    fs::File,
    io::{self, Read, Seek as _, SeekFrom},
};

use unicode_normalization::UnicodeNormalization as _;

use super::{
    super::{
        client_name::is_reserved,
        refusal::{Refusal, disk, ended},
    },
    extra::are_harmless,
};

/// The bytes of an entry of the directory before its name.
const FIXED: usize = 46;
/// The bytes of the header before an entry's data, without the name.
const LOCAL: usize = 30;

const ENCRYPTED: u16 = 0x2041;
/// The sizes are repeated behind the data.
const DESCRIBED: u16 = 8;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// An entry of the directory.
#[derive(Debug)]
pub(super) struct Entry {
    flags: u16,
    method: u16,
    pub(super) packed: u64,
    pub(super) unpacked: u64,
    /// The type of the file on Unix, or zero; and the attributes of Windows.
    kind: u32,
    /// Where the header before the data is.
    pub(super) start: u64,
    name: Vec<u8>,
}

impl Entry {
    /// Reads the next entry.
    pub(super) fn read(reader: &mut impl Read) -> Result<Self, Refusal> {
        let mut fixed = [0; FIXED];
        reader.read_exact(&mut fixed).map_err(ended)?;
        if !fixed.starts_with(b"PK\x01\x02") {
            return Err(Refusal::Damaged);
        }
        let mut name = vec![0; usize::from(short(&fixed, 28))];
        reader.read_exact(&mut name).map_err(ended)?;
        let mut extra = vec![0; usize::from(short(&fixed, 30))];
        reader.read_exact(&mut extra).map_err(ended)?;
        let rest = u64::from(short(&fixed, 32));
        let skipped = io::copy(&mut reader.take(rest), &mut io::sink()).map_err(disk)?;
        // Entries of more than 4 GiB have their sizes elsewhere, and so have entries on other disks.
        let is_small = [20, 24, 42].iter().all(|at| long(&fixed, *at) != u32::MAX);
        if skipped != rest || !is_small || short(&fixed, 34) != 0 || !are_harmless(&extra, &name) {
            return Err(Refusal::ArchiveRefused);
        }
        Ok(Self {
            flags: short(&fixed, 8),
            method: short(&fixed, 10),
            packed: long(&fixed, 20).into(),
            unpacked: long(&fixed, 24).into(),
            kind: long(&fixed, 38),
            start: long(&fixed, 42).into(),
            name,
        })
    }

    /// Returns whether the entry is a file or a folder at a harmless place, readable and no archive itself.
    pub(super) fn is_allowed(&self) -> bool {
        const FILE: u32 = 0o100_000;
        const FOLDER: u32 = 0o040_000;
        const LINK_OF_WINDOWS: u32 = 0x400;
        let is_stored_whole = self.method == STORED && self.packed == self.unpacked;
        [0, FILE, FOLDER].contains(&((self.kind >> 16) & 0o170_000))
            && self.kind & LINK_OF_WINDOWS == 0
            && self.flags & ENCRYPTED == 0
            && (self.method == DEFLATED || is_stored_whole)
            && is_harmless(&self.name)
    }

    /// Returns the name as file systems compare it that ignore case and the forms of Unicode.
    pub(super) fn path(&self) -> String {
        String::from_utf8_lossy(&self.name).trim_end_matches('/').nfc().flat_map(char::to_lowercase).collect()
    }

    /// Returns whether the sizes are repeated behind the data.
    pub(super) fn has_description(&self) -> bool {
        self.flags & DESCRIBED != 0
    }

    /// Returns where the data ends. The header before the data must say the same: some programs believe it alone.
    pub(super) fn end(&self, file: &mut File) -> Result<u64, Refusal> {
        file.seek(SeekFrom::Start(self.start)).map_err(disk)?;
        let mut fixed = [0; LOCAL];
        file.read_exact(&mut fixed).map_err(ended)?;
        let mut name = vec![0; usize::from(short(&fixed, 26))];
        file.read_exact(&mut name).map_err(ended)?;
        let mut extra = vec![0; usize::from(short(&fixed, 28))];
        file.read_exact(&mut extra).map_err(ended)?;
        let sizes = (u64::from(long(&fixed, 18)), u64::from(long(&fixed, 22)));
        // Packed data say themselves where they end.
        let are_later = self.has_description() && self.method == DEFLATED && sizes == (0, 0);
        let is_same = fixed.starts_with(b"PK\x03\x04")
            && name == self.name
            && short(&fixed, 6) & (ENCRYPTED | DESCRIBED) == self.flags & (ENCRYPTED | DESCRIBED)
            && short(&fixed, 8) == self.method
            && (sizes == (self.packed, self.unpacked) || are_later);
        if !is_same || !are_harmless(&extra, &name) || self.method == STORED && self.begins_as_archive(file)? {
            return Err(Refusal::ArchiveRefused);
        }
        let head = LOCAL.saturating_add(name.len()).saturating_add(extra.len());
        Ok(self.start.saturating_add(u64::try_from(head).unwrap_or(u64::MAX)).saturating_add(self.packed))
    }

    /// Returns whether the data, which come next in the file, are an archive.
    fn begins_as_archive(&self, file: &mut File) -> Result<bool, Refusal> {
        const BEGINNINGS: [&[u8]; 7] = [
            b"PK\x03\x04",
            b"PK\x05\x06",
            b"\x1f\x8b\x08",
            b"7z\xbc\xaf\x27\x1c",
            b"Rar!\x1a\x07",
            b"\xfd7zXZ\0",
            b"\x28\xb5\x2f\xfd",
        ];
        const LONGEST: u64 = 6;
        let mut data = Vec::new();
        file.take(self.packed.min(LONGEST)).read_to_end(&mut data).map_err(disk)?;
        Ok(BEGINNINGS.iter().any(|beginning| data.starts_with(beginning)))
    }
}

/// Returns whether the name is a relative path of at most 16 folders downwards, and not that of an archive.
fn is_harmless(name: &[u8]) -> bool {
    const MOST_PARTS: usize = 17;
    const ARCHIVES: [&str; 14] =
        ["zip", "jar", "war", "apk", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar", "cab", "iso"];
    let Ok(name) = core::str::from_utf8(name) else { return false };
    let path = name.strip_suffix('/').unwrap_or(name);
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    // Windows drops full stops and spaces at the end of a name.
    let is_part = |part: &str| !part.is_empty() && !part.ends_with(['.', ' ']) && !is_reserved(part);
    path.split('/').all(is_part)
        && path.split('/').count() <= MOST_PARTS
        && !name.contains(|char: char| char.is_control() || char == '\\' || char == ':')
        && (name.ends_with('/') || !ARCHIVES.contains(&extension.as_str()))
}

fn short(bytes: &[u8], at: usize) -> u16 {
    let bytes = bytes.get(at..).and_then(|bytes| bytes.first_chunk());
    bytes.map_or(u16::MAX, |bytes| u16::from_le_bytes(*bytes))
}

fn long(bytes: &[u8], at: usize) -> u32 {
    let bytes = bytes.get(at..).and_then(|bytes| bytes.first_chunk());
    bytes.map_or(u32::MAX, |bytes| u32::from_le_bytes(*bytes))
}
