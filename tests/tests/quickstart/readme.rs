//! Runs the README's session again, command by command, so that the printed outputs stay true.

mod curl;
mod transcript;

use std::{collections::HashMap, fs};

use auth_tests::root;
use serde_json::Value;

use super::{http::Answer, server::Server};
use curl::Curl;
use transcript::{Step, steps};

#[tokio::test]
async fn every_command_of_the_readme_does_what_the_readme_prints() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let steps = steps(&readme);
    assert!(steps.len() >= 10, "the README's session was not found");
    let mut session = Session { server: None, variables: HashMap::new() };
    for step in &steps {
        session.run(step).await;
    }
    let shown: String = steps.iter().map(|step| step.output.as_str()).collect();
    for status in ["HTTP/1.1 200", "HTTP/1.1 201", "HTTP/1.1 401", "HTTP/1.1 403", "HTTP/1.1 429"] {
        assert!(shown.contains(status), "the README shows no {status}");
    }
}

/// The terminal session of the README.
struct Session {
    server: Option<Server>,
    variables: HashMap<String, String>,
}

impl Session {
    async fn run(&mut self, Step { command, output }: &Step) {
        if let Some(arguments) = command.strip_prefix("cargo run -p quickstart") {
            self.cargo_run(arguments, output);
        } else if let Some((name, value)) = assignment(command) {
            let answer = self.send(value.curl).await;
            let value =
                answer.json()[value.member].as_str().unwrap_or_else(|| panic!("{command}: {answer:?}")).to_owned();
            self.variables.insert(name.to_owned(), value);
        } else if let Some((times, inner)) = repeated(command) {
            let mut statuses = String::new();
            for _ in 0..times {
                statuses.push_str(&format!("{}\n", self.send(inner).await.status));
            }
            assert_eq!(statuses.trim(), output.trim(), "{command}");
        } else if command.starts_with("curl ") {
            let answer = self.send(command).await;
            compare(command, output, &answer);
        } else {
            panic!("the README has a command that this test cannot run: {command}");
        }
    }

    /// Starts the server, or runs another command of the program beside it.
    fn cargo_run(&mut self, arguments: &str, output: &str) {
        let arguments: Vec<_> = arguments.trim().trim_start_matches("--").split_whitespace().collect();
        let printed = if arguments.is_empty() {
            let server = Server::start();
            let greeting = server.greeting().replace(&server.address().to_string(), SHOWN_ADDRESS);
            self.server = Some(server);
            greeting
        } else {
            String::from_utf8(self.server().run(&arguments).stdout).unwrap()
        };
        let lines = |text: &str| text.trim().lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
        assert_eq!(lines(&printed), lines(output), "cargo run -p quickstart {arguments:?}");
    }

    async fn send(&self, command: &str) -> Answer {
        let curl = Curl::parse(command, &self.variables);
        let path = curl.url.strip_prefix(&format!("http://{SHOWN_ADDRESS}")).unwrap_or_else(|| panic!("{command}"));
        let mut call = self.server().call(&curl.method, path);
        for (name, value) in &curl.headers {
            call = call.header(name, value);
        }
        call.without_type(curl.body).send().await
    }

    fn server(&self) -> &Server {
        self.server.as_ref().expect("the README starts the server first")
    }
}

/// The address of the README's server.
const SHOWN_ADDRESS: &str = "127.0.0.1:3000";

/// Parses `TOKEN=$(curl … | grep -o '"access_token":"[^"]*' | cut -d'"' -f4)`.
fn assignment(command: &str) -> Option<(&str, Extraction<'_>)> {
    let (name, rest) = command.split_once("=$(")?;
    let (curl, filters) = rest.split_once(" | ")?;
    let member = filters.strip_prefix("grep -o '\"")?.strip_suffix("\":\"[^\"]*' | cut -d'\"' -f4)")?;
    Some((name, Extraction { curl, member }))
}

struct Extraction<'a> {
    curl: &'a str,
    member: &'a str,
}

/// Parses `for i in 1 2 3; do curl …; done`, which prints statuses.
fn repeated(command: &str) -> Option<(usize, &str)> {
    let (words, rest) = command.strip_prefix("for i in ")?.split_once("; do ")?;
    let inner = rest.strip_suffix("; done")?;
    assert!(inner.contains("-w '%{http_code}\\n'"), "{inner}");
    Some((words.split_whitespace().count(), inner))
}

fn compare(command: &str, output: &str, answer: &Answer) {
    let body = if command.contains("curl -i ") { compare_head(command, output, answer) } else { output };
    let parse = serde_json::from_str::<Value>;
    match (parse(body.trim()), parse(&answer.body)) {
        // A problem document never changes. Of other answers, only names and kinds of members are compared.
        (Ok(shown), Ok(real)) if answer.header("content-type") == "application/problem+json" => {
            assert_eq!(real, shown, "{command}");
        }
        (Ok(shown), Ok(real)) => assert_eq!(shape(&real), shape(&shown), "{command}"),
        _ => assert_eq!(answer.body.trim(), body.trim(), "{command}"),
    }
}

/// Compares the status and the header fields, and returns the rest of the output.
fn compare_head<'a>(command: &str, output: &'a str, answer: &Answer) -> &'a str {
    let (head, body) = output.split_once("\n\n").unwrap_or((output, ""));
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    assert!(
        status.starts_with(&format!("HTTP/1.1 {} ", answer.status)),
        "{command}: {status} in the README, {answer:?}"
    );
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let real = answer.headers.get(name).unwrap_or_else(|| panic!("{command}: no `{name}` in {answer:?}"));
        assert!(DIFFERS.contains(&name) || real == value, "{command}: {name}: {value} in the README, {real:?} now");
    }
    body
}

const DIFFERS: [&str; 4] = ["date", "content-length", "retry-after", "ratelimit"];

/// Replaces the texts and numbers of a value by their kinds.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::String(_) => "a text".into(),
        Value::Number(_) => "a number".into(),
        other => other.clone(),
    }
}
