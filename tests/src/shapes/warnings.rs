use std::collections::BTreeMap;

use serde_json::Value;

/// The compiler's messages about one package.
#[derive(Default)]
pub(super) struct Messages {
    /// The errors, as the compiler shows them.
    pub(super) errors: Vec<String>,
    /// The warnings by module and lint, each with its texts.
    warnings: BTreeMap<(String, String), Vec<String>>,
}

/// Reads the compiler's messages by the names of the libraries.
pub(super) fn by_package(output: &str, source_of: impl Fn(&str) -> String) -> BTreeMap<String, Messages> {
    let mut packages: BTreeMap<String, Messages> = BTreeMap::new();
    let mut starts: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
    let lines = output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    for line in lines.filter(|line| line["reason"] == "compiler-message") {
        let (target, message) = (text(&line["target"]["name"]), &line["message"]);
        let messages = packages.entry(target.to_owned()).or_default();
        let rendered = text(&message["rendered"]).to_owned();
        if message["level"] == "error" {
            messages.errors.push(rendered);
            continue;
        }
        let starts = starts.entry(target.to_owned()).or_insert_with(|| starts_of_modules(&source_of(target)));
        if let Some(module) = module(message, starts) {
            let lint = text(&message["code"]["code"]).to_owned();
            messages.warnings.entry((module, lint)).or_default().push(rendered);
        }
    }
    packages
}

impl Messages {
    /// Returns the warnings that the other package has less often in the same module.
    pub(super) fn beyond(&self, other: &Self) -> Vec<String> {
        let count = |place| other.warnings.get(place).map_or(0, Vec::len);
        let more = self.warnings.iter().filter(|(place, texts)| texts.len() > count(place));
        more.map(|((module, lint), texts)| format!("{module}: {lint}\n{}", texts.join("\n"))).collect()
    }
}

/// Returns the line at which each module begins.
fn starts_of_modules(source: &str) -> Vec<(usize, String)> {
    let name = |line: &str| Some(line.strip_prefix("pub mod ")?.trim_end_matches(" {").to_owned());
    source.lines().zip(1..).filter_map(|(line, number)| Some((number, name(line)?))).collect()
}

/// Returns the module that the message is about, if it is one of a handler.
fn module(message: &Value, starts: &[(usize, String)]) -> Option<String> {
    let spans = message["spans"].as_array()?;
    let span = spans.iter().find(|span| span["is_primary"] == true)?;
    if !text(&span["file_name"]).ends_with("handlers.rs") {
        return None;
    }
    let line = usize::try_from(span["line_start"].as_u64()?).ok()?;
    let place = starts.partition_point(|(start, _)| *start <= line).checked_sub(1)?;
    Some(starts[place].1.clone())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
