use std::{path::PathBuf, process::Output};

use super::{
    dice::Dice,
    package,
    shape::Shape,
    warnings::{Messages, by_package},
};
use crate::{packages, read};

/// A number of handlers, drawn with a seed.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// How many handlers.
    pub handlers: usize,
    /// The seed. The same seed draws the same handlers.
    pub seed: u64,
}

/// What became of the handlers. It is clean if all lists are empty and all handlers were called.
#[derive(Debug, Default)]
pub struct Verdict {
    /// The compiler's errors.
    pub refused: Vec<String>,
    /// Warnings that the same handlers have less often without the attributes.
    pub new_warnings: Vec<String>,
    /// Callers who got another answer than the policy says.
    pub wrong_answers: Vec<String>,
    /// How many handlers were called.
    pub called: usize,
}

impl Trial {
    /// Writes the packages, compiles them and calls every handler.
    ///
    /// # Panics
    /// Panics when a file cannot be written, or cargo cannot be started.
    pub fn run(self) -> Verdict {
        let mut dice = Dice::new(self.seed);
        let shapes: Vec<Shape> = (0..self.handlers).map(|number| Shape::drawn(&mut dice, number)).collect();
        let guarded = package::write(&folder(), &shapes);
        let mut verdict = Verdict::default();
        verdict.compile(&guarded);
        if verdict.refused.is_empty() {
            guarded.iter().for_each(|name| verdict.call(name));
        }
        verdict
    }
}

impl Verdict {
    /// Lints every package, and compares the warnings.
    fn compile(&mut self, guarded: &[String]) {
        let output = cargo(&["clippy", "--workspace", "--keep-going", "--message-format=json"]);
        let stdout = String::from_utf8_lossy(&output.stdout);
        let source = |target: &str| {
            let file = folder().join(target.replace('_', "-")).join("src/handlers.rs");
            if file.exists() { read(&file) } else { String::new() }
        };
        let packages = by_package(&stdout, source);
        self.refused = packages.values().flat_map(|messages| messages.errors.clone()).collect();
        if !output.status.success() && self.refused.is_empty() {
            self.refused.push(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let none = Messages::default();
        for name in guarded {
            let of = |name: &str| packages.get(&name.replace('-', "_")).unwrap_or(&none);
            self.new_warnings.extend(of(name).beyond(of(&name.replace("guarded", "plain"))));
        }
    }

    /// Calls the handlers of one package.
    fn call(&mut self, name: &str) {
        let output = cargo(&["run", "--package", name]);
        let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        self.wrong_answers.extend(stdout.lines().filter(|line| line.starts_with("shape_")).map(str::to_owned));
        match stdout.lines().find_map(|line| line.strip_suffix(" handlers called")) {
            Some(called) => self.called += called.parse::<usize>().unwrap_or_default(),
            None => self.wrong_answers.push(format!("{name} did not run:\n{stderr}")),
        }
    }
}

/// Runs cargo on the packages.
fn cargo(arguments: &[&str]) -> Output {
    packages::cargo(&folder(), arguments)
}

/// Returns the folder of the packages.
fn folder() -> PathBuf {
    packages::target().join("handler-shapes")
}
