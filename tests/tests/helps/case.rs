use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use auth_tests::{files, read, root};

use super::{
    edit::{self, Edit},
    help::Help,
    message::{Told, told},
};

/// A file that does not compile, and what the compiler says about it.
pub struct Case {
    /// The folder and the file, for example `rate_limit/burst_string`.
    pub name: String,
    path: PathBuf,
    source: String,
    told: Vec<Told>,
}

impl Case {
    pub fn all() -> Vec<Self> {
        let folder = root().join("tests/ui/fail").canonicalize().unwrap();
        files(&folder, "stderr").iter().map(|stderr| Self::read(&folder, stderr)).collect()
    }

    fn read(folder: &Path, stderr: &Path) -> Self {
        let path = stderr.with_extension("rs");
        let name = path.strip_prefix(folder).unwrap().with_extension("").display().to_string();
        let source = read(&path);
        let told = told(&read(stderr), &source).unwrap_or_else(|reason| panic!("{name}: {reason}"));
        Self { name, path, source, told }
    }

    pub fn fixed_path(&self) -> PathBuf {
        self.path.with_extension("fixed")
    }

    /// Returns the content of the `.fixed` file.
    pub fn fixed(&self) -> Option<String> {
        self.fixed_path().exists().then(|| read(&self.fixed_path()))
    }

    /// Returns the source with all helps typed, and none if every help is advice.
    ///
    /// # Errors
    /// Returns the reason why the helps cannot be typed.
    pub fn typed(&self) -> Result<Option<String>, String> {
        let mut edits = BTreeSet::<Edit>::new();
        let mut has_advice = false;
        for told in &self.told {
            let mut helps = told.helps.iter().map(|help| Help::read(help)).collect::<Result<Vec<_>, _>>()?.into_iter();
            match helps.next() {
                None => return Err(format!("{} has no help", told.code)),
                Some(Help::Advice(_)) => has_advice = true,
                Some(help) => edits.extend(edit::of(help, told.mark.clone()?, &self.source)),
            }
        }
        match (edits.is_empty(), has_advice) {
            (true, _) => Ok(None),
            (false, true) => Err("one help is advice, and another is typed: make it two cases".to_owned()),
            (false, false) => edit::apply(&self.source, edits).map(Some),
        }
    }

    /// Returns the texts that cannot be typed.
    pub fn advice(&self) -> Vec<String> {
        let helps = self.told.iter().flat_map(|told| &told.helps);
        let advice = helps.filter_map(|help| match Help::read(help) {
            Ok(Help::Advice(advice)) => Some(advice.to_owned()),
            _ => None,
        });
        advice.collect()
    }
}
