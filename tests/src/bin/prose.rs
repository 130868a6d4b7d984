//! Counts riddle words in the prose of Rust comments and Markdown files: a thermometer for plain English, never a gate.
//!
//! ```sh
//! cargo run -p auth-tests --bin prose              # the whole repository, folder by folder
//! cargo run -p auth-tests --bin prose -- README.md # some files or folders
//! ```

use std::{
    env,
    path::{Path, PathBuf},
};

use auth_tests::{files, read, root};

/// Words and phrases that stand where a sentence should name an actor or a thing.
const RIDDLES: [&str; 24] = [
    "nobody",
    "anybody",
    "whoever",
    "whatever",
    "whomever",
    "somebody",
    "whose",
    "so many",
    "by now",
    "from now on",
    "by itself",
    "is told",
    "are told",
    "told of",
    "of ours",
    "looked at",
    "one that",
    "what is",
    "what it",
    "who has",
    "none",
    "such",
    "what was",
    "what has",
];

/// The measured places when no path is named.
const PLACES: [&str; 10] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs",
    "auth-runtime/docs",
    "auth-runtime/src",
    "auth-macros/src",
    "examples",
    "tests",
];

#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
fn main() {
    let mut places: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    if places.is_empty() {
        places = PLACES.iter().map(|place| root().join(place)).collect();
    }
    let mut all = Count::default();
    for place in &places {
        let count = Count::of(place);
        println!("{count} {}", place.strip_prefix(root()).unwrap_or(place).display());
        all.add(&count);
    }
    println!("{all} together");
}

#[derive(Default)]
struct Count {
    words: usize,
    riddles: usize,
    sentences: usize,
    long_sentences: usize,
}

/// A sentence with more words than this is counted as long.
const LONG: usize = 40;

impl Count {
    fn of(place: &Path) -> Self {
        let mut count = Self::default();
        for file in prose_files(place) {
            let text = read(&file);
            let prose = if is_rust(&file) { comments(&text) } else { paragraphs(&text) };
            count.add(&Self::in_prose(&prose));
        }
        count
    }

    fn in_prose(prose: &str) -> Self {
        let prose = without_inline_code(prose);
        let words: Vec<String> = words(&prose);
        let plain = format!(" {} ", words.join(" "));
        let riddles = RIDDLES.iter().map(|riddle| plain.matches(&format!(" {riddle} ")).count()).sum();
        let lengths: Vec<usize> = sentences(&prose).collect();
        let long_sentences = lengths.iter().filter(|length| **length > LONG).count();
        Self { words: words.len(), riddles, sentences: lengths.len(), long_sentences }
    }

    fn add(&mut self, other: &Self) {
        self.words += other.words;
        self.riddles += other.riddles;
        self.sentences += other.sentences;
        self.long_sentences += other.long_sentences;
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let per_thousand = self.riddles as f64 * 1000.0 / self.words.max(1) as f64;
        let (words, sentences, long) = (self.words, self.sentences, self.long_sentences);
        write!(
            f,
            "{per_thousand:5.1} riddle words per 1,000, {words:6} words, {long:3} of {sentences:5} sentences over {LONG} words:"
        )
    }
}

/// Returns the Rust and Markdown files below a folder, without pinned texts; a file is itself.
fn prose_files(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let mut found = files(place, "rs");
    found.extend(files(place, "md"));
    found.retain(|file| {
        !file
            .components()
            .any(|part| ["ui", "snapshots", "vectors", "target"].iter().any(|name| part.as_os_str() == *name))
    });
    found
}

fn is_rust(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "rs")
}

/// Returns the text of line comments, without fenced code in them.
fn comments(text: &str) -> String {
    let comments = text.lines().map(|line| {
        let line = line.trim_start();
        line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).or_else(|| line.strip_prefix("//"))
    });
    // A line of code ends a comment, and a fence that was left open with it.
    let mut is_fenced = false;
    let mut prose = String::new();
    for comment in comments {
        let Some(comment) = comment else {
            is_fenced = false;
            continue;
        };
        if comment.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        } else if !is_fenced {
            prose.push_str(comment);
            prose.push('\n');
        }
    }
    prose
}

/// Returns the text of a Markdown file, without fenced code.
fn paragraphs(text: &str) -> String {
    let mut is_fenced = false;
    let mut prose = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        } else if !is_fenced {
            prose.push_str(line);
            prose.push('\n');
        }
    }
    prose
}

/// Replaces code between backticks by one word.
fn without_inline_code(prose: &str) -> String {
    let mut plain = String::new();
    for (index, part) in prose.split('`').enumerate() {
        plain.push_str(if index % 2 == 0 { part } else { "code" });
    }
    plain
}

fn words(prose: &str) -> Vec<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    prose.split(|c| !is_word(c)).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Returns the lengths of the sentences in words.
fn sentences(prose: &str) -> impl Iterator<Item = usize> {
    let flat = prose.split_whitespace().collect::<Vec<_>>().join(" ");
    let ends = [". ", "! ", "? "].iter().fold(flat, |text, end| text.replace(end, ".\n"));
    let lengths: Vec<usize> = ends.lines().map(|sentence| sentence.split(' ').count()).collect();
    lengths.into_iter().filter(|length| *length > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn riddles(prose: &str) -> usize {
        Count::in_prose(prose).riddles
    }

    #[test]
    fn riddle_words_are_counted_as_words() {
        assert_eq!(riddles("Nobody knows whose it is."), 2);
        assert_eq!(riddles("It is told\nonce. Suchlike words are fine, and so is `whatever`."), 1);
    }

    #[test]
    fn code_is_left_out() {
        let source =
            "/// Such a type.\n///\n/// ```\n/// let none = 1;\n/// ```\nfn nobody() {} // whoever\n// whatever\n";
        assert_eq!(riddles(&comments(source)), 2);
        assert_eq!(riddles(&paragraphs("None.\n```rust\nnone\n```\n")), 1);
    }

    #[test]
    fn long_sentences_are_counted() {
        let long = format!("{}end. A short one follows.", "word ".repeat(41));
        let count = Count::in_prose(&long);
        assert_eq!((count.sentences, count.long_sentences), (2, 1));
    }
}
