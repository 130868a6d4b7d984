//! The parts of a Markdown document that tests read.

/// A fenced code block.
#[derive(Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// The word after the fence, for example `rust,no_run`; empty without one.
    pub language: &'a str,
    /// The lines between the fences.
    pub text: String,
    /// The number of the opening fence's line; the document's first line is 1.
    pub line: usize,
}

/// Returns the fenced code blocks, in order.
pub fn blocks(markdown: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for (at, line) in markdown.lines().enumerate() {
        let fence = line.trim_start().strip_prefix("```");
        match (&mut open, fence) {
            (None, None) => {}
            (None, Some(language)) => {
                open = Some(Block { language: language.trim(), text: String::new(), line: at + 1 })
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
        }
    }
    assert!(open.is_none(), "a code block is never closed: {open:?}");
    blocks
}

/// Returns the lines outside fenced code blocks.
pub fn prose(markdown: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    markdown.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

/// Returns the anchors of the headings, as GitHub and rustdoc name them.
pub fn anchors(markdown: &str) -> Vec<String> {
    let headings = prose(markdown).filter_map(|line| Some(line.strip_prefix('#')?.trim_start_matches('#').trim()));
    let mut anchors: Vec<String> = Vec::new();
    for heading in headings {
        let kept =
            heading.to_lowercase().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect::<String>();
        let anchor = kept.replace(' ', "-");
        let earlier = anchors.iter().filter(|one| **one == anchor).count();
        anchors.push(if earlier == 0 { anchor } else { format!("{anchor}-{earlier}") });
    }
    anchors
}

/// The links of a document.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// The targets of `[text](target)`.
    pub inline: Vec<String>,
    /// The labels and targets of `[label]: target`.
    pub definitions: Vec<(String, String)>,
    /// The labels of `[text][label]`.
    pub references: Vec<String>,
}

/// Returns the links outside code.
pub fn links(markdown: &str) -> Links {
    let mut links = Links::default();
    for line in prose(markdown) {
        // Text in backticks is code.
        let text: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        match text.strip_prefix('[').and_then(|rest| rest.split_once("]: ")) {
            Some((label, target)) => links.definitions.push((label.to_owned(), target.trim().to_owned())),
            None => {
                links.inline.extend(between(&text, "](", ')'));
                links.references.extend(between(&text, "][", ']'));
            }
        }
    }
    links
}

fn between(text: &str, open: &str, close: char) -> Vec<String> {
    text.split(open).skip(1).filter_map(|rest| rest.split_once(close)).map(|(inside, _)| inside.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# A `b` page\n\n```rust,no_run\n# hidden\n[x](y)\n```\n[One `](` two](z.md#a) and [three][four]\n\n## Why?\n\n## Why\n\n[four]: five.md\n";

    #[test]
    fn blocks_have_a_language_a_text_and_a_line() {
        let text = "# hidden\n[x](y)\n".to_owned();
        assert_eq!(blocks(PAGE), [Block { language: "rust,no_run", text, line: 3 }]);
    }

    #[test]
    fn anchors_are_those_of_the_headings() {
        assert_eq!(anchors(PAGE), ["a-b-page", "why", "why-1"]);
    }

    #[test]
    fn links_in_code_are_none() {
        let four = "four".to_owned();
        let definitions = vec![(four.clone(), "five.md".to_owned())];
        assert_eq!(links(PAGE), Links { inline: vec!["z.md#a".to_owned()], definitions, references: vec![four] });
    }
}
