use std::collections::HashMap;

/// The request of a `curl` command. The tests parse the command themselves, so machines without `curl` run them too.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Curl {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
    /// What `-b` names: cookies, or a file with them.
    pub(super) cookies: Option<String>,
    /// The file in which `-c` keeps the answer's cookies.
    pub(super) jar: Option<String>,
}

impl Curl {
    pub(super) fn parse(command: &str, variables: &HashMap<String, String>) -> Self {
        let mut words = words(command, variables).into_iter();
        assert_eq!(words.next().as_deref(), Some("curl"), "{command}");
        let mut curl = Self::default();
        while let Some(word) = words.next() {
            let mut value = || words.next().unwrap_or_else(|| panic!("{word} without a value in {command}"));
            match word.as_str() {
                "-i" | "-s" => {}
                "-o" | "-w" => drop(value()),
                "-b" => curl.cookies = Some(value()),
                "-c" => curl.jar = Some(value()),
                "-X" => curl.method = value(),
                "-H" => curl.headers.push(field(&value())),
                "-d" => curl.add_data(&value()),
                option if option.starts_with('-') => panic!("this test knows no {option}: {command}"),
                url => url.clone_into(&mut curl.url),
            }
        }
        curl.finish()
    }

    fn add_data(&mut self, data: &str) {
        if !self.body.is_empty() {
            self.body.push('&');
        }
        self.body.push_str(data);
    }

    fn finish(mut self) -> Self {
        let has_body = !self.body.is_empty();
        if self.method.is_empty() {
            self.method = if has_body { "POST" } else { "GET" }.to_owned();
        }
        if has_body && !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            self.headers.push(("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
        }
        self
    }
}

fn field(line: &str) -> (String, String) {
    let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("`{line}` is no field"));
    (name.trim().to_owned(), value.trim().to_owned())
}

/// Splits a command into words: quotes work as in a shell, and variables are replaced outside single quotes.
fn words(command: &str, variables: &HashMap<String, String>) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut rest = command.chars().peekable();
    while let Some(character) = rest.next() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None | Some('"'), '$') => {
                let mut name = String::new();
                while let Some(letter) = rest.next_if(|letter| letter.is_ascii_alphanumeric() || *letter == '_') {
                    name.push(letter);
                }
                let value = variables.get(&name).unwrap_or_else(|| panic!("${name} is not set in {command}"));
                word.get_or_insert_default().push_str(value);
            }
            (_, other) => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

#[test]
fn commands_are_read_as_curl_reads_them() {
    let variables = HashMap::from([("TOKEN".to_owned(), "t".to_owned())]);
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let parse = |command| Curl::parse(command, &variables);

    let get = parse("curl -i http://a/b -H \"authorization: Bearer $TOKEN\"");
    assert_eq!((get.method.as_str(), get.url.as_str(), get.body.as_str()), ("GET", "http://a/b", ""));
    assert_eq!(get.headers, [pair("authorization", "Bearer t")]);

    let form = parse("curl -s http://a -d a=1 -d 'b=$TOKEN x'");
    assert_eq!((form.method.as_str(), form.body.as_str()), ("POST", "a=1&b=$TOKEN x"));
    assert_eq!(form.headers, [pair("content-type", "application/x-www-form-urlencoded")]);

    let json = parse("curl -X PUT http://a -H 'content-type: application/json' -d '{\"a\": \"b\"}'");
    assert_eq!((json.method.as_str(), json.body.as_str()), ("PUT", "{\"a\": \"b\"}"));
    assert_eq!(json.headers, [pair("content-type", "application/json")]);
}
