//! Makes a filter from a sorted list.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufRead as _, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use super::{
    key::bytes_of,
    line::{digits_of, malformed},
    page::{Header, PASSWORDS, Page, Place},
};

/// Writes the filter beside its path, and moves it there when it is complete.
pub(super) fn build(sorted: &Path, path: &Path) -> io::Result<()> {
    let partial = Partial::beside(path);
    let mut file = File::create(&partial.0)?;
    write(sorted, &mut file)?;
    file.sync_all()?;
    fs::rename(&partial.0, path)
}

/// A file that is deleted unless it was moved.
struct Partial(PathBuf);

impl Partial {
    fn beside(path: &Path) -> Self {
        let mut name = path.file_name().map_or_else(OsString::new, ToOwned::to_owned);
        name.push(".part");
        Self(path.with_file_name(name))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // It is gone where it was moved.
        let _ = fs::remove_file(&self.0);
    }
}

/// The keys of a sorted list are in the order of the pages. So one page at a time is in memory.
fn write(sorted: &Path, file: &mut File) -> io::Result<()> {
    let mut passwords: u64 = 0;
    each_key(sorted, |_| {
        passwords = passwords.saturating_add(1);
        Ok(())
    })?;
    if passwords == 0 {
        return Err(malformed());
    }
    let header = Header { pages: passwords.div_ceil(PASSWORDS), passwords };
    let mut pages = Pages { out: BufWriter::new(file), page: Page::empty(), number: 0, pages: header.pages };
    pages.out.write_all(&Page::of_header(header).write(0))?;
    each_key(sorted, |hash| pages.add(hash))?;
    pages.finish()
}

struct Pages<W: Write> {
    out: W,
    page: Page,
    /// The number of the present page, counted from 0, without the header.
    number: u64,
    pages: u64,
}

impl<W: Write> Pages<W> {
    fn add(&mut self, hash: &[u8; 20]) -> io::Result<()> {
        let place = Place::of(hash, self.pages);
        while self.number < place.page {
            self.next()?;
        }
        self.page.set(place);
        Ok(())
    }

    fn next(&mut self) -> io::Result<()> {
        self.number = self.number.saturating_add(1);
        let page = core::mem::replace(&mut self.page, Page::empty());
        self.out.write_all(&page.write(self.number))
    }

    fn finish(mut self) -> io::Result<()> {
        while self.number < self.pages {
            self.next()?;
        }
        self.out.flush()
    }
}

/// Calls `each` for each key of the list, once for a repeated key.
fn each_key(sorted: &Path, mut each: impl FnMut(&[u8; 20]) -> io::Result<()>) -> io::Result<()> {
    let mut lines = BufReader::with_capacity(1 << 20, File::open(sorted)?);
    let (mut line, mut last) = (Vec::with_capacity(64), None);
    while read_line(&mut lines, &mut line)? {
        let key = *bytes_of(&digits_of(&line)?);
        if last.is_none_or(|last| last < key) {
            each(&key)?;
        } else if last != Some(key) {
            return Err(malformed());
        }
        last = Some(key);
    }
    Ok(())
}

/// Reads a line. A list has short ones, so that a file without line ends is refused instead of read into the memory.
fn read_line(lines: &mut BufReader<File>, line: &mut Vec<u8>) -> io::Result<bool> {
    const LONGEST: u64 = 256;
    line.clear();
    let read = io::Read::take(&mut *lines, LONGEST).read_until(b'\n', line)?;
    if read as u64 == LONGEST { Err(malformed()) } else { Ok(read > 0) }
}
