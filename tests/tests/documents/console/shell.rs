//! The commands of a shell that documents use.

/// A command that starts a server.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Program<'a> {
    /// The package of the workspace, or `None` for the program that the document itself shows.
    pub(super) package: Option<&'static str>,
    /// Variables that the command sets for the program.
    pub(super) settings: Vec<(&'a str, &'a str)>,
}

/// The packages that documents may start.
const PACKAGES: [&str; 3] = ["minimal", "quickstart", "sessions"];

/// Parses `cargo run -p quickstart`, and `cargo run` for the document's own program. Variables may stand before it.
pub(super) fn started_program(command: &str) -> Option<Program<'_>> {
    let (settings, command) = command.split_at(command.find("cargo run")?);
    let settings = settings.split_whitespace().map(|word| word.split_once('=')).collect::<Option<_>>()?;
    if command == "cargo run" {
        return Some(Program { package: None, settings });
    }
    let name = command.strip_prefix("cargo run -p ")?;
    let package = PACKAGES.into_iter().find(|package| *package == name)?;
    Some(Program { package: Some(package), settings })
}

/// Parses `TOKEN=$(curl … | grep -o '"access_token":"[^"]*' | cut -d'"' -f4)`.
pub(super) fn assignment(command: &str) -> Option<(&str, Extraction<'_>)> {
    let (name, rest) = command.split_once("=$(")?;
    let (curl, filters) = rest.split_once(" | ")?;
    let member = filters.strip_prefix("grep -o '\"")?.strip_suffix("\":\"[^\"]*' | cut -d'\"' -f4)")?;
    Some((name, Extraction { curl, member }))
}

pub(super) struct Extraction<'a> {
    pub(super) curl: &'a str,
    pub(super) member: &'a str,
}

/// Parses `for i in 1 2 3; do curl …; done`, which prints statuses.
pub(super) fn repeated(command: &str) -> Option<(usize, &str)> {
    let (words, rest) = command.strip_prefix("for i in ")?.split_once("; do ")?;
    let inner = rest.strip_suffix("; done")?;
    assert!(inner.contains("-w '%{http_code}\\n'"), "{inner}");
    Some((words.split_whitespace().count(), inner))
}

#[test]
fn a_command_starts_a_package_or_the_documents_own_program() {
    let program =
        |package, settings: &[(&'static str, &'static str)]| Some(Program { package, settings: settings.to_vec() });
    assert_eq!(started_program("cargo run -p sessions"), program(Some("sessions"), &[]));
    assert_eq!(started_program("A=1 B=2 cargo run"), program(None, &[("A", "1"), ("B", "2")]));
    assert_eq!(started_program("cargo run -p quickstart -- grant alice admin"), None);
    assert_eq!(started_program("cargo run -p unknown"), None);
}
