use std::collections::{BTreeMap, HashMap};

use super::Answer;

/// The files in which `curl -c` keeps cookies, for `curl -b`.
#[derive(Default)]
pub(super) struct Jars(HashMap<String, BTreeMap<String, String>>);

impl Jars {
    /// Returns the value of the `Cookie` field for `-b source`: the cookies themselves, or a file's.
    pub(super) fn cookies(&self, source: &str) -> Option<String> {
        if source.contains('=') {
            return Some(source.to_owned());
        }
        let cookies: Vec<_> = self.0.get(source)?.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!cookies.is_empty()).then(|| cookies.join("; "))
    }

    pub(super) fn keep(&mut self, file: String, answer: &Answer) {
        let jar = self.0.entry(file).or_default();
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
