use core::pin::Pin;
use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::PathBuf,
    sync::Arc,
};

use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

use super::{
    key::LeakKey,
    line::{DIGITS, digits_of, malformed},
    list::LeakedPasswords,
};
use crate::error::StoreError;

/// A file of leaked passwords, as the downloader of Have I Been Pwned writes it. It has one line for each, in ascending
/// order, that begins with the SHA-1 hash in 40 hexadecimal digits. What follows `:` is not read.
///
/// The file may be larger than the memory: a look-up reads about 40 places of it, on a thread for blocking work. It may
/// be replaced by a new one while the service runs, by a rename.
///
/// A file that cannot be read later, is empty, or has lines out of order where they are read, cannot tell. The policy
/// decides what holds then.
#[derive(Clone, Debug)]
pub struct LeakedFile(Arc<PathBuf>);

impl LeakedFile {
    /// Opens the file and checks its first lines, and the order of 64 others.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or has another form.
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let mut file = File::open(&path)?;
        let first = lines(&window(&mut file, 0)?)?;
        match first.is_sorted() && !first.is_empty() && is_in_order(&mut file)? {
            true => Ok(Self(Arc::new(path))),
            false => Err(malformed()),
        }
    }
}

impl LeakedPasswords for LeakedFile {
    fn contains<'a>(&'a self, key: &'a LeakKey) -> Pin<Box<dyn Future<Output = Result<bool, StoreError>> + Send + 'a>> {
        Box::pin(async move {
            let path = Arc::clone(&self.0);
            let digits = Zeroizing::new(key.digits().to_owned());
            let found = spawn_blocking(move || find(&mut File::open(&*path)?, &digits)).await;
            found.map_err(io::Error::other).flatten().map_err(|error| StoreError::new("leaked passwords", error))
        })
    }
}

/// The number of bytes that are read at once: some lines.
const WINDOW: usize = 256;

/// Returns whether some lines, all over the file, are in ascending order.
fn is_in_order(file: &mut File) -> io::Result<bool> {
    const PLACES: u64 = 64;
    let length = file.metadata()?.len();
    let mut before = String::new();
    for place in 0..PLACES {
        let at = (length / PLACES).saturating_mul(place);
        let Some((_, line, _)) = line_from(file, at, at == 0)? else { continue };
        if line < before {
            return Ok(false);
        }
        before = line;
    }
    Ok(true)
}

/// Looks up a line by its first 40 digits, by halves.
fn find(file: &mut File, digits: &str) -> io::Result<bool> {
    let (mut low, mut high) = (0, file.metadata()?.len());
    // In an empty file, no password would be found.
    let Some((_, mut below, _)) = line_from(file, 0, true)? else { return Err(malformed()) };
    let mut above: Option<String> = None;
    // Lines that begin before `low` are smaller, and those that begin at `high` or later are larger.
    while low < high {
        let middle = low.saturating_add(high.saturating_sub(low) / 2);
        let Some((start, line, next)) = line_from(file, middle, middle == low)?.filter(|(start, ..)| *start < high)
        else {
            high = middle;
            continue;
        };
        if line < below || above.as_ref().is_some_and(|above| line > *above) {
            return Err(malformed());
        }
        match line.as_str().cmp(digits) {
            core::cmp::Ordering::Equal => return Ok(true),
            core::cmp::Ordering::Less => {
                low = next.max(start.saturating_add(1));
                below = line;
            }
            core::cmp::Ordering::Greater => {
                high = middle;
                above = Some(line);
            }
        }
    }
    Ok(false)
}

/// Returns the first line that begins at this place or later: where it begins, its digits, and where the next begins.
fn line_from(file: &mut File, at: u64, is_start: bool) -> io::Result<Option<(u64, String, u64)>> {
    let from = if is_start { at } else { at.saturating_sub(1) };
    let bytes = window(file, from)?;
    let skipped = match is_start {
        true => 0,
        false => match bytes.iter().position(|byte| *byte == b'\n') {
            Some(end) => end.saturating_add(1),
            None if bytes.len() < WINDOW => return Ok(None),
            None => return Err(malformed()),
        },
    };
    let rest = bytes.get(skipped..).unwrap_or_default();
    if rest.is_empty() {
        return Ok(None);
    }
    let start = from.saturating_add(skipped as u64);
    let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end.saturating_add(1));
    Ok(Some((start, digits_of(rest)?, start.saturating_add(length as u64))))
}

fn window(file: &mut File, from: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::with_capacity(WINDOW);
    file.take(WINDOW as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn lines(bytes: &[u8]) -> io::Result<Vec<String>> {
    // The last line can be cut.
    let whole = bytes.split(|byte| *byte == b'\n').filter(|line| line.len() >= DIGITS);
    whole.map(digits_of).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use tempfile::NamedTempFile;

    use super::*;

    fn file(lines: impl IntoIterator<Item = String>, end: &str) -> NamedTempFile {
        let mut file = NamedTempFile::new().unwrap();
        for line in lines {
            write!(file, "{line}{end}").unwrap();
        }
        file
    }

    fn key(password: &str) -> String {
        LeakKey::of(&password.into()).digits().to_owned()
    }

    #[tokio::test]
    async fn each_listed_password_is_found_and_no_other() {
        for count in [1_usize, 2, 3, 10, 1_000] {
            for end in ["\n", "\r\n", ":3\n", ":123456789\r\n"] {
                let mut keys: Vec<_> = (0..count).map(|number| key(&format!("password-{number}"))).collect();
                keys.sort();
                let file = file(keys, end);
                let list = LeakedFile::open(file.path()).unwrap();
                for number in 0..count {
                    let listed = LeakKey::of(&format!("password-{number}").into());
                    assert!(list.contains(&listed).await.unwrap(), "{number} of {count}, {end:?}");
                    let other = LeakKey::of(&format!("another-{number}").into());
                    assert!(!list.contains(&other).await.unwrap(), "{number} of {count}, {end:?}");
                }
            }
        }
    }

    #[tokio::test]
    async fn the_last_line_needs_no_end_and_lower_case_is_read() {
        let mut file = file([key("a").min(key("b"))], "\n");
        write!(file, "{}", key("a").max(key("b")).to_ascii_lowercase()).unwrap();
        let list = LeakedFile::open(file.path()).unwrap();
        for listed in ["a", "b"] {
            assert!(list.contains(&LeakKey::of(&listed.into())).await.unwrap(), "{listed}");
        }
    }

    #[test]
    fn a_file_of_another_form_is_refused_when_it_is_opened() {
        let (low, high) = (key("a").min(key("b")), key("a").max(key("b")));
        let wrong = [vec![], vec!["password".to_owned()], vec![high, low, "F".repeat(40)], vec!["G".repeat(40)]];
        for lines in wrong {
            let file = file(lines.clone(), "\n");
            assert!(LeakedFile::open(file.path()).is_err(), "{lines:?}");
        }
        assert!(LeakedFile::open("no-such-file").is_err());
    }

    /// The list of the passwords in the order of their number has the same lines.
    #[tokio::test]
    async fn a_file_that_was_emptied_or_is_out_of_order_cannot_tell() {
        let file = file([key("a")], "\n");
        let list = LeakedFile::open(file.path()).unwrap();
        file.as_file().set_len(0).unwrap();
        assert!(list.contains(&LeakKey::of(&"a".into())).await.is_err());
        let mut keys: Vec<_> = (0..1_000).map(|number| key(&format!("password-{number}"))).collect();
        keys.sort();
        let first = keys.drain(..500).collect::<Vec<_>>();
        std::fs::write(file.path(), [keys, first].concat().join("\n")).unwrap();
        let mut answers = Vec::new();
        for number in 0..1_000 {
            answers.push(list.contains(&LeakKey::of(&format!("password-{number}").into())).await);
        }
        assert!(!answers.iter().any(|answer| matches!(answer, Ok(false))));
        assert!(LeakedFile::open(file.path()).is_err());
    }

    #[tokio::test]
    async fn a_file_that_is_gone_cannot_tell() {
        let file = file([key("a")], "\n");
        let list = LeakedFile::open(file.path()).unwrap();
        drop(file);
        let error = list.contains(&LeakKey::of(&"a".into())).await.unwrap_err();
        assert_eq!(error.store(), "leaked passwords");
    }
}
