use std::{
    fs,
    path::{Path, PathBuf},
};

/// A page of `docs/errors`.
#[derive(Debug)]
pub struct ErrorPage {
    /// The code, for example `AUTH061`.
    pub code: String,
    /// The text of the whole page.
    pub text: String,
}

impl ErrorPage {
    /// Returns the code that does not compile.
    pub fn mistake(&self) -> Option<String> {
        self.block("rust,compile_fail")
    }

    /// Returns the compiler's message.
    pub fn message(&self) -> Option<String> {
        self.block("text")
    }

    /// Returns the code that compiles.
    pub fn remedy(&self) -> Option<String> {
        self.block("rust")
    }

    /// Returns the first code block in `language`.
    fn block(&self, language: &str) -> Option<String> {
        let (_, rest) = self.text.split_once(&format!("\n```{language}\n"))?;
        Some(rest.split_once("\n```")?.0.to_owned())
    }
}

/// Returns the pages of all codes.
///
/// # Panics
/// Panics when a page cannot be read.
pub fn error_pages() -> Vec<ErrorPage> {
    let pages = files(&root().join("docs/errors"), "md").into_iter().map(|path| {
        let code = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        ErrorPage { code, text: read(&path) }
    });
    pages.filter(|page| page.code.starts_with("AUTH")).collect()
}

/// Returns the files below `folder` with this extension, in order.
///
/// # Panics
/// Panics when a folder cannot be read.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Returns the text of a file.
///
/// # Panics
/// Panics when the file cannot be read.
pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
