use core::{fmt, pin::Pin};
use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::task::spawn_blocking;

use crate::error::StoreError;

use super::{
    build,
    key::LeakKey,
    list::LeakedPasswords,
    page::{Header, PAGE, Page, Place, damaged},
};

/// A filter of leaked passwords: a small file in place of a [`LeakedFile`](super::LeakedFile). For a thousand million
/// passwords it has 2 GB, where the sorted list has some 45 GB.
///
/// A filter has each password of its list. It also refuses about 1 of 1,000 passwords that the list does not have: the
/// user chooses another one. A look-up reads two pages of 4 KiB, on a thread for blocking work.
///
/// The file may be replaced by a new one while the service runs, by a rename. A damaged page cannot tell, and the
/// policy decides what holds then.
///
/// # The file
///
/// The file is a Bloom filter of pages of 4,096 bytes, the first of which is the header. Numbers are big-endian.
///
/// | page | bytes | content |
/// |---|---|---|
/// | first | 0 to 15 | `auth leaked 0001` |
/// | | 16 to 23 | the number of further pages |
/// | | 24 to 31 | the number of passwords |
/// | further | 0 to 4,079 | bits, the first one the highest of byte 0 |
/// | all | 4,080 to 4,095 | the page's seal |
///
/// A seal is the first 16 bytes of a SHA-256 hash. The hash is of the page's number in 8 bytes, where the header is 0,
/// and of the page's bytes before the seal.
///
/// A key is the SHA-1 hash of a password. Its first 8 bytes, as a number, times the number of further pages, divided by
/// 2^64, is its page, counted from 0 behind the header. Its last 12 bytes are six numbers. Each of them, times 32,640,
/// divided by 2^16, is a bit that is set.
#[derive(Clone)]
pub struct LeakedFilter {
    path: Arc<PathBuf>,
    passwords: u64,
}

impl LeakedFilter {
    /// Opens a filter and checks its header and its length.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, has another form, or is damaged there.
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let header = header(&mut File::open(&path)?)?;
        Ok(Self { path: Arc::new(path), passwords: header.passwords })
    }

    /// Makes a filter from a sorted list, as [`LeakedFile`](super::LeakedFile) reads it, and opens it.
    ///
    /// The list is read twice, from its beginning to its end, which takes minutes for a large one. The filter appears
    /// under its path when it is complete. Its folder must exist.
    ///
    /// # Errors
    /// Returns the error of the file system, or an error if a line has another form or the lines are not in order.
    pub fn build(sorted: impl AsRef<Path>, path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        build::build(sorted.as_ref(), &path)?;
        Self::open(path)
    }

    /// Returns the number of passwords from which the filter was made.
    #[must_use]
    pub fn passwords(&self) -> u64 {
        self.passwords
    }
}

impl LeakedPasswords for LeakedFilter {
    fn contains<'a>(&'a self, key: &'a LeakKey) -> Pin<Box<dyn Future<Output = Result<bool, StoreError>> + Send + 'a>> {
        Box::pin(async move {
            let (path, hash) = (Arc::clone(&self.path), key.hash());
            let found = spawn_blocking(move || find(&mut File::open(&*path)?, &hash)).await;
            found.map_err(io::Error::other).flatten().map_err(|error| StoreError::new("leaked passwords", error))
        })
    }
}

impl fmt::Debug for LeakedFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeakedFilter").field("path", &self.path).field("passwords", &self.passwords).finish()
    }
}

fn find(file: &mut File, hash: &[u8; 20]) -> io::Result<bool> {
    let place = Place::of(hash, header(file)?.pages);
    Ok(page(file, place.page.saturating_add(1))?.has(place))
}

/// Reads the header, and checks that the file has as many pages as it says.
fn header(file: &mut File) -> io::Result<Header> {
    let header = page(file, 0)?.header().ok_or_else(damaged)?;
    let bytes = header.pages.checked_add(1).and_then(|pages| pages.checked_mul(PAGE as u64));
    if bytes == Some(file.metadata()?.len()) { Ok(header) } else { Err(damaged()) }
}

fn page(file: &mut File, number: u64) -> io::Result<Page> {
    file.seek(SeekFrom::Start(number.saturating_mul(PAGE as u64)))?;
    let mut bytes = Vec::with_capacity(PAGE);
    file.take(PAGE as u64).read_to_end(&mut bytes)?;
    Page::read(bytes, number).ok_or_else(damaged)
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write as _};

    use proptest::prelude::*;
    use tempfile::TempDir;

    use super::*;

    fn key(password: &str) -> LeakKey {
        LeakKey::of(&password.into())
    }

    /// Creates a folder with a sorted list of this many passwords, and their filter.
    fn filter(count: usize) -> (TempDir, LeakedFilter) {
        let folder = TempDir::new().unwrap();
        let mut keys: Vec<_> =
            (0..count).map(|number| key(&format!("password-{number}")).digits().to_owned()).collect();
        keys.sort();
        let mut list = File::create(folder.path().join("sorted")).unwrap();
        keys.iter().for_each(|key| write!(list, "{key}:7\r\n").unwrap());
        let filter = LeakedFilter::build(folder.path().join("sorted"), folder.path().join("filter")).unwrap();
        (folder, filter)
    }

    #[tokio::test]
    async fn each_listed_password_is_found_and_about_one_of_a_thousand_others() {
        for count in [1_usize, 2, 2_039, 2_040, 2_041, 20_000] {
            let (_folder, filter) = filter(count);
            assert_eq!(filter.passwords(), count as u64);
            let mut file = File::open(&*filter.path).unwrap();
            for number in 0..count {
                assert!(find(&mut file, &key(&format!("password-{number}")).hash()).unwrap(), "{number} of {count}");
            }
            let wrong = (0..20_000).filter(|number| find(&mut file, &key(&format!("other-{number}")).hash()).unwrap());
            assert!(wrong.count() < 40, "{count}");
        }
        let (_folder, filter) = filter(2);
        assert!(filter.contains(&key("password-1")).await.unwrap());
        assert!(!filter.contains(&key("password-2")).await.unwrap());
    }

    #[tokio::test]
    async fn each_damaged_byte_is_found() {
        let (folder, filter) = filter(3_000);
        let whole = fs::read(folder.path().join("filter")).unwrap();
        let keys: Vec<_> = (0..200).map(|number| key(&format!("password-{number}"))).collect();
        for at in [0, 15, 16, 23, 31, 32, 4_079, 4_080, 4_095, 4_096, 8_175, 8_191, 8_192, 12_287] {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(folder.path().join("filter"), damaged).unwrap();
            let is_header = at < 4_096;
            assert_eq!(LeakedFilter::open(folder.path().join("filter")).is_err(), is_header, "{at}");
            let mut told = 0;
            for key in &keys {
                match filter.contains(key).await {
                    Ok(found) => assert!(found && !is_header, "{at}"),
                    Err(_) => told += 1,
                }
            }
            assert!(told > 0, "{at}");
        }
        for length in [0, 1, 4_095, 4_096, 8_192, whole.len() - 1] {
            fs::write(folder.path().join("filter"), &whole[..length]).unwrap();
            assert!(LeakedFilter::open(folder.path().join("filter")).is_err(), "{length}");
            assert!(filter.contains(&keys[0]).await.is_err(), "{length}");
        }
        fs::write(folder.path().join("filter"), [&whole[..], &[0]].concat()).unwrap();
        assert!(LeakedFilter::open(folder.path().join("filter")).is_err());
        // A page in the place of another one is damage, too.
        let swapped = [&whole[..4_096], &whole[8_192..12_288], &whole[4_096..8_192]].concat();
        fs::write(folder.path().join("filter"), swapped).unwrap();
        assert!(filter.contains(&keys[0]).await.is_err());
    }

    #[test]
    fn only_a_sorted_list_makes_a_filter_and_nothing_stays_of_another_one() {
        let folder = TempDir::new().unwrap();
        let (low, high) = ("A".repeat(40), "B".repeat(40));
        for list in ["", "password", &format!("{high}\n{low}\n"), &format!("{low}\nB\n"), &format!("{low}\n\n{high}")] {
            fs::write(folder.path().join("sorted"), list).unwrap();
            assert!(LeakedFilter::build(folder.path().join("sorted"), folder.path().join("filter")).is_err(), "{list}");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{list}");
        }
        assert!(LeakedFilter::build(folder.path().join("none"), folder.path().join("filter")).is_err());
        // A repeated line counts once.
        fs::write(folder.path().join("sorted"), format!("{low}\n{low}:2\n{}", high.to_ascii_lowercase())).unwrap();
        let filter = LeakedFilter::build(folder.path().join("sorted"), folder.path().join("filter")).unwrap();
        assert_eq!(filter.passwords(), 2);
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..9_000)) {
            let folder = TempDir::new().unwrap();
            fs::write(folder.path().join("filter"), bytes).unwrap();
            prop_assert!(LeakedFilter::open(folder.path().join("filter")).is_err());
        }
    }
}
