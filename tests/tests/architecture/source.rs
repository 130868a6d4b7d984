//! Reads Rust sources as far as the imports and paths in them.

/// The words of a path: `["limit", "key", "KeyValue"]`.
pub(super) type Path = Vec<String>;

/// Returns the code without the tests at its end, and the names of the modules that only tests have.
pub(super) fn production_code(text: &str) -> (String, Vec<String>) {
    let (mut code, mut tests) = (String::new(), Vec::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let is_for_tests = line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test");
        let declared = is_for_tests.then(|| lines.next()).flatten().and_then(|line| line.strip_prefix("mod "));
        match declared {
            None => code.push_str(line),
            Some(module) => match module.strip_suffix(';') {
                Some(name) => tests.push(name.to_owned()),
                None => break,
            },
        }
        code.push('\n');
    }
    (code, tests)
}

/// Returns the names that a `use` brings, each with the path of its item.
pub(super) fn names(tree: &[&str], before: &[String]) -> Vec<(String, Path)> {
    let path = [before, &path_at(tree)].concat();
    let length = (path.len() - before.len()) * 2;
    match tree.get(length.saturating_sub(1)..).unwrap_or_default() {
        ["::", "{", inner @ .., "}"] | ["{", inner @ .., "}"] => {
            parts(inner).into_iter().flat_map(|part| names(part, &path)).collect()
        }
        ["as", name] => vec![((*name).to_owned(), path)],
        ["::", "*"] => panic!("`use {}::*` hides what it imports", path.join("::")),
        _ if path.last().is_some_and(|last| last == "self") => {
            let path = path[..path.len() - 1].to_vec();
            path.last().cloned().map(|name| (name, path)).into_iter().collect()
        }
        _ => path.last().cloned().map(|name| (name, path)).into_iter().collect(),
    }
}

/// Splits the tokens of a group at its commas.
fn parts<'t, 'c>(tokens: &'t [&'c str]) -> Vec<&'t [&'c str]> {
    let mut depth = 0;
    let is_comma = |token: &&str| {
        depth += i32::from(*token == "{") - i32::from(*token == "}");
        depth == 0 && *token == ","
    };
    tokens.split(is_comma).filter(|part| !part.is_empty()).collect()
}

/// Returns the path with which the tokens begin: words between `::`.
pub(super) fn path_at(tokens: &[&str]) -> Path {
    let mut path = Vec::new();
    for pair in tokens.chunks(2) {
        if !pair[0].starts_with(is_of_word) {
            break;
        }
        path.push(pair[0].to_owned());
        if pair.get(1) != Some(&"::") {
            break;
        }
    }
    path
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Returns the words and signs of the code. Comments and texts in quotes are left out.
pub(super) fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
        let length = match first {
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("r\"") || rest.starts_with("r#\"") || rest.starts_with("br\"") => raw_text(rest),
            _ if word > 0 => word,
            '"' => text(rest, '"'),
            '\'' if rest.starts_with("'\\") || rest.chars().nth(2) == Some('\'') => text(rest, '\''),
            // A lifetime.
            '\'' => 1 + rest[1..].find(|c| !is_of_word(c)).unwrap_or(0),
            _ if rest.starts_with("::") => 2,
            _ => first.len_utf8(),
        };
        let token = &rest[..length];
        if word > 0 && token.len() == word || !token.starts_with(['"', '\'', '/', ' ', '\n', 'r', 'b']) {
            tokens.push(token);
        }
        rest = &rest[length..];
    }
    tokens
}

/// Returns the length of a text in quotes.
fn text(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    let end = rest.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == quote && !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        ends
    });
    end.map_or(rest.len(), |(at, _)| at + 1)
}

fn raw_text(rest: &str) -> usize {
    let opening = rest.find('"').unwrap() + 1;
    let hashes = rest[..opening].matches('#').count();
    let closing = format!("\"{}", "#".repeat(hashes));
    rest[opening..].find(&closing).map_or(rest.len(), |at| opening + at + closing.len())
}
