//! Each code block of the documents is read by the tool that it is for, or is on a list with the reason.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    process::{Command, Stdio},
};

use auth_runtime::prelude::Settings;
use auth_tests::{markdown::blocks, read, root};
use tempfile::TempDir;

use super::guide;

/// The languages of blocks that no test reads, and why.
const LEFT_OUT: [(&str, &str); 8] = [
    ("text", "output and tables that no tool reads; other tests compare those that could become wrong"),
    ("diff", "a change to a file; the changed code stands in a Rust block"),
    ("sh", "commands for the reader's own machine, service or database"),
    ("nginx", "no web server is a dependency of the tests"),
    ("ini", "no systemd is a dependency of the tests"),
    ("sql", "statements for the reader's own tables"),
    ("html", "a browser is needed; the pages of the example `sessions` are tested in one"),
    ("js", "a browser is needed; the tests in one run the script of the example `sessions` and that of a front end"),
];

/// Ways in which rustdoc treats a block. `ignore` is not among them.
const RUST: [&str; 4] = ["rust", "rust,no_run", "rust,compile_fail", "rust,should_panic"];

#[test]
fn every_block_is_read_or_left_out_for_a_reason() {
    let python = Python::find();
    for document in guide::documents() {
        let text = read(&document);
        for block in blocks(&text) {
            let place = format!("{}:{}", document.display(), block.line);
            match block.language {
                // `console` runs the commands, and rustdoc compiles the Rust code.
                "console" => {}
                rust if RUST.contains(&rust) => {}
                "python" => python.parse(&place, &block.text),
                "toml" => drop(block.text.parse::<toml::Table>().unwrap_or_else(|error| panic!("{place}: {error}"))),
                "env" => load(&place, &block.text),
                "json" => drop(
                    serde_json::from_str::<serde_json::Value>(&block.text)
                        .unwrap_or_else(|error| panic!("{place}: {error}")),
                ),
                language => {
                    assert!(LEFT_OUT.iter().any(|(name, _)| *name == language), "{place}: no test reads `{language}`")
                }
            }
        }
    }
}

/// Python, if the machine has it.
struct Python {
    is_there: bool,
}

impl Python {
    #[expect(clippy::print_stderr, reason = "a test that leaves something out says so")]
    fn find() -> Self {
        let is_there = Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success());
        if !is_there {
            eprintln!("LEFT OUT: the Python blocks of the documents, since there is no python3");
        }
        Self { is_there }
    }

    fn parse(&self, place: &str, code: &str) {
        if !self.is_there {
            return;
        }
        let mut python = Command::new("python3")
            .args(["-c", "import ast, sys; ast.parse(sys.stdin.read())"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        python.stdin.take().unwrap().write_all(code.as_bytes()).unwrap();
        let ended = python.wait_with_output().unwrap();
        assert!(ended.status.success(), "{place}: {}", String::from_utf8_lossy(&ended.stderr));
    }
}

/// Loads settings as a service does from its `.env`. A value `…` stands for a secret or key of the reader.
fn load(place: &str, text: &str) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join(".env");
    let names: BTreeSet<_> =
        text.lines().filter_map(|line| line.trim_start().split_once('=')).map(|(name, _)| name).collect();
    for name in names.iter().filter(|name| !name.starts_with('#')) {
        assert!(is_setting(name), "{place}: `{name}` is no setting");
    }
    let mut filled = String::new();
    for (name, value) in REQUIRED.iter().filter(|(name, _)| !names.contains(name)) {
        filled.push_str(&format!("{name}={value}\n"));
    }
    for (at, part) in text.split('…').enumerate() {
        if at > 0 {
            filled.push_str(&format!("{at}{SECRET}"));
        }
        filled.push_str(part);
    }
    fs::write(&file, filled).unwrap();
    Settings::from_env_and_file(&file).unwrap_or_else(|faults| panic!("{place}: {faults}"));
}

const SECRET: &str = "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD";

/// What a service needs, in case that a block shows other settings only.
const REQUIRED: [(&str, &str); 4] =
    [("ENVIRONMENT", "development"), ("SECRET_KEY", SECRET), ("ISSUER", "guide"), ("AUDIENCE", "guide")];

fn is_setting(name: &str) -> bool {
    let example = read(&root().join(".env.example"));
    example.lines().any(|line| line.trim_start_matches("# ").starts_with(&format!("{name}=")))
}
