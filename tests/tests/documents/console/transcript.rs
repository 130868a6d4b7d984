use auth_tests::markdown::blocks;

/// A command and its output.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) command: String,
    pub(super) output: String,
}

/// Returns the commands in the `console` fences, in order.
pub(super) fn steps(markdown: &str) -> Vec<Step> {
    blocks(markdown).iter().filter(|block| block.language == "console").flat_map(|block| session(&block.text)).collect()
}

fn session(fence: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut lines = fence.lines();
    while let Some(line) = lines.next() {
        if let Some(command) = line.strip_prefix("$ ") {
            let command = joined(command, &mut lines);
            steps.push(Step { command, output: String::new() });
        } else if let Some(step) = steps.last_mut() {
            step.output.push_str(line);
            step.output.push('\n');
        }
    }
    steps
}

/// Returns a whole command, which continues on the next line while a line ends with a backslash.
fn joined<'a>(first: &str, lines: &mut impl Iterator<Item = &'a str>) -> String {
    let mut command = first.to_owned();
    while let Some(open) = command.strip_suffix('\\') {
        command = format!("{}{}", open, lines.next().unwrap_or_default().trim_start());
    }
    command
}

#[test]
fn a_session_is_commands_and_outputs() {
    let markdown = "text\n\n```console\n$ one \\\n    two\nout\n\nmore\n$ three\n```\n\n```sh\n$ not this\n```\n";
    let step = |command: &str, output: &str| Step { command: command.to_owned(), output: output.to_owned() };
    assert_eq!(steps(markdown), [step("one two", "out\n\nmore\n"), step("three", "")]);
}
