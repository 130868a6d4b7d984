//! A reader of RFC 9651 lists for the tests, written from section 4.2 and checked with the working group's cases.

use serde_json::{Value as Json, json};

/// The members in order, each with its parameters in order.
pub(super) type List = Vec<Member>;

/// An item with its parameters.
pub(super) type Member = (Bare, Vec<(String, Bare)>);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Bare {
    Integer(i64),
    Decimal(f64),
    Text(String),
    Token(String),
    Boolean(bool),
}

pub(super) fn list(text: &str) -> Option<List> {
    let mut input = Input(text.trim_start_matches(' '));
    let mut members = List::new();
    while !input.0.is_empty() {
        members.push(input.member()?);
        input.skip(&[' ', '\t']);
        if input.0.is_empty() {
            return Some(members);
        }
        input.expect(',')?;
        input.skip(&[' ', '\t']);
        if input.0.is_empty() {
            return None;
        }
    }
    Some(members)
}

fn item(text: &str) -> Option<Member> {
    let mut input = Input(text.trim_matches(' '));
    let member = input.member()?;
    input.0.is_empty().then_some(member)
}

struct Input<'a>(&'a str);

impl<'a> Input<'a> {
    fn member(&mut self) -> Option<Member> {
        let value = self.bare()?;
        let mut parameters: Vec<(String, Bare)> = Vec::new();
        while self.expect(';').is_some() {
            self.skip(&[' ']);
            let key = self.key()?.to_owned();
            let value = if self.expect('=').is_some() { self.bare()? } else { Bare::Boolean(true) };
            match parameters.iter_mut().find(|(name, _)| *name == key) {
                Some(earlier) => earlier.1 = value,
                None => parameters.push((key, value)),
            }
        }
        Some((value, parameters))
    }

    fn bare(&mut self) -> Option<Bare> {
        match self.0.chars().next()? {
            '"' => self.text(),
            '-' | '0'..='9' => self.number(),
            'a'..='z' | 'A'..='Z' | '*' => {
                let tokens = |byte: char| byte.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:/".contains(byte);
                Some(Bare::Token(self.take(tokens).to_owned()))
            }
            _ => None,
        }
    }

    fn text(&mut self) -> Option<Bare> {
        self.expect('"')?;
        let mut text = String::new();
        loop {
            match self.any()? {
                '"' => return Some(Bare::Text(text)),
                '\\' => text.push(self.any().filter(|escaped| matches!(escaped, '"' | '\\'))?),
                plain @ ' '..='~' => text.push(plain),
                _ => return None,
            }
        }
    }

    fn number(&mut self) -> Option<Bare> {
        let sign = if self.expect('-').is_some() { "-" } else { "" };
        let whole = self.take(|byte| byte.is_ascii_digit());
        if self.expect('.').is_some() {
            let fraction = self.take(|byte| byte.is_ascii_digit());
            let fits = (1..=12).contains(&whole.len()) && (1..=3).contains(&fraction.len());
            return fits.then(|| Bare::Decimal(format!("{sign}{whole}.{fraction}").parse().unwrap()));
        }
        (1..=15).contains(&whole.len()).then(|| Bare::Integer(format!("{sign}{whole}").parse().unwrap()))
    }

    fn key(&mut self) -> Option<&'a str> {
        let starts = |first: char| first.is_ascii_lowercase() || first == '*';
        self.0
            .starts_with(starts)
            .then(|| self.take(|byte| starts(byte) || byte.is_ascii_digit() || "_-.".contains(byte)))
    }

    fn take(&mut self, accept: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|byte| !accept(byte)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }

    fn any(&mut self) -> Option<char> {
        let mut characters = self.0.chars();
        let first = characters.next();
        self.0 = characters.as_str();
        first
    }

    fn expect(&mut self, character: char) -> Option<()> {
        self.0 = self.0.strip_prefix(character)?;
        Some(())
    }

    fn skip(&mut self, space: &[char]) {
        self.0 = self.0.trim_start_matches(space);
    }
}

fn as_json(bare: &Bare) -> Json {
    match bare {
        Bare::Integer(number) => json!(number),
        Bare::Decimal(number) => json!(number),
        Bare::Text(text) => json!(text),
        Bare::Token(token) => json!({"__type": "token", "value": token}),
        Bare::Boolean(boolean) => json!(boolean),
    }
}

fn member_as_json((value, parameters): &Member) -> Json {
    let parameters: Vec<_> = parameters.iter().map(|(name, value)| json!([name, as_json(value)])).collect();
    json!([as_json(value), parameters])
}

#[test]
fn the_reader_passes_the_working_groups_cases() {
    let suites = [
        (include_str!("../../../../tests/vectors/structured-fields/string.json"), 14),
        (include_str!("../../../../tests/vectors/structured-fields/number.json"), 37),
        (include_str!("../../../../tests/vectors/structured-fields/list.json"), 11),
        (include_str!("../../../../tests/vectors/structured-fields/param-list.json"), 20),
    ];
    for (suite, size) in suites {
        let cases: Vec<Json> = serde_json::from_str(suite).unwrap();
        assert_eq!(cases.len(), size);
        cases.iter().for_each(agrees);
    }
}

fn agrees(case: &Json) {
    let lines: Vec<&str> = case["raw"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let text = lines.join(", ");
    let read = match case["header_type"].as_str() {
        Some("list") => list(&text).map(|members| members.iter().map(member_as_json).collect()),
        _ => item(&text).as_ref().map(member_as_json),
    };
    match case["must_fail"].as_bool() {
        Some(true) => assert_eq!(read, None, "{case}"),
        // In cases where a reader may fail, this reader succeeds.
        _ => assert_eq!(read.as_ref(), Some(&case["expected"]), "{case}"),
    }
}
