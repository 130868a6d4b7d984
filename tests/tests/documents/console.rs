//! Runs the terminal sessions of the documents, command by command, so that the printed outputs stay true.

mod curl;
mod jar;
mod output;
mod shell;
mod transcript;

use std::collections::HashMap;

use auth_tests::{program::Running, read};

use super::{guide, http::Answer, own_program};
use curl::Curl;
use jar::Jars;
use output::{compare, lines, same_lines};
use shell::{assignment, repeated, started_program};
use transcript::{Step, steps};

#[tokio::test]
async fn every_command_of_a_document_does_what_the_document_prints() {
    let mut shown = String::new();
    for document in guide::documents() {
        let text = read(&document);
        let mut session = Session { document: document.display().to_string(), text: &text, ..Session::default() };
        for step in steps(&text) {
            session.run(&step).await;
            shown.push_str(&step.output);
        }
    }
    for status in ["HTTP/1.1 200", "HTTP/1.1 201", "HTTP/1.1 401", "HTTP/1.1 403", "HTTP/1.1 429"] {
        assert!(shown.contains(status), "no document shows {status}");
    }
}

/// The terminal session of one document.
#[derive(Default)]
struct Session<'a> {
    document: String,
    text: &'a str,
    server: Option<Running>,
    variables: HashMap<String, String>,
    jars: Jars,
}

impl Session<'_> {
    async fn run(&mut self, step: &Step) {
        let Step { command, output } = step;
        let place = format!("{}: {command}", self.document);
        if let Some(program) = started_program(command) {
            self.start(&program, &place, output);
        } else if let Some((_, arguments)) = command.split_once(" -- ").filter(|_| command.starts_with("cargo run")) {
            let arguments: Vec<_> = arguments.split_whitespace().collect();
            let printed = self.server(&place).run(&arguments).stdout;
            assert_lines(&place, &String::from_utf8(printed).unwrap(), output);
        } else if let Some((name, value)) = assignment(command) {
            let answer = self.send(&place, value.curl).await;
            let value =
                answer.json()[value.member].as_str().unwrap_or_else(|| panic!("{place}: {answer:?}")).to_owned();
            self.variables.insert(name.to_owned(), value);
        } else if let Some((times, inner)) = repeated(command) {
            let mut statuses = String::new();
            for _ in 0..times {
                statuses.push_str(&format!("{}\n", self.send(&place, inner).await.status));
            }
            assert_eq!(statuses.trim(), output.trim(), "{place}");
        } else if command.starts_with("curl ") {
            let answer = self.send(&place, command).await;
            compare(&place, output, &answer);
        } else {
            panic!("{place}: this test cannot run the command");
        }
    }

    /// Starts a server in an empty folder. It takes the place of an earlier one.
    fn start(&mut self, program: &shell::Program<'_>, place: &str, output: &str) {
        let server = match program.package {
            Some(package) => Running::start(package, &program.settings),
            None => Running::start_program(own_program::build(self.text), &program.settings),
        };
        assert_lines(place, &server.greeting().replace(&server.address().to_string(), SHOWN_ADDRESS), output);
        self.server = Some(server);
    }

    async fn send(&mut self, place: &str, command: &str) -> Answer {
        let curl = Curl::parse(command, &self.variables);
        let path = curl.url.strip_prefix(&format!("http://{SHOWN_ADDRESS}")).unwrap_or_else(|| panic!("{place}"));
        let mut call = self.server(place).call(&curl.method, path);
        for (name, value) in &curl.headers {
            call = call.header(name, value);
        }
        if let Some(cookies) = curl.cookies.as_deref().and_then(|source| self.jars.cookies(source)) {
            call = call.header("cookie", &cookies);
        }
        let answer = call.without_type(curl.body.clone()).send().await;
        if let Some(jar) = curl.jar {
            self.jars.keep(jar, &answer);
        }
        answer
    }

    fn server(&self, place: &str) -> &Running {
        self.server.as_ref().unwrap_or_else(|| panic!("{place}: the document starts no server before it"))
    }
}

/// The address of the documents' servers.
const SHOWN_ADDRESS: &str = "127.0.0.1:3000";

fn assert_lines(place: &str, printed: &str, shown: &str) {
    let (printed, shown) = (lines(printed), lines(shown));
    assert!(same_lines(&shown, &printed), "{place}: the document shows {shown:#?}, the program printed {printed:#?}");
}
