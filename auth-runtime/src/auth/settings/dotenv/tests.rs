use proptest::prelude::*;

use super::*;

/// Returns the values that the text sets, in order of names.
fn values(text: &str) -> Vec<(String, String)> {
    let found = parse(text.as_bytes());
    assert_eq!(found.faults, [], "{text}");
    let mut values: Vec<_> = found.values.into_iter().collect();
    values.sort();
    values
}

fn value_of(text: &str) -> String {
    let [(_, value)] = <[_; 1]>::try_from(values(text)).unwrap();
    value
}

fn faults(text: &str) -> Vec<String> {
    parse(text.as_bytes()).faults.iter().map(ToString::to_string).collect()
}

#[test]
fn debug_shows_names_and_no_values() {
    let shown = format!("{:?}", parse(b"SECRET_KEY=canary"));
    assert!(shown.contains("SECRET_KEY") && !shown.contains("canary"), "{shown}");
}

#[test]
fn values_are_read_as_they_are_written() {
    for (written, value) in [
        ("A=b", "b"),
        ("A=", ""),
        ("A=''", ""),
        ("A=\"\"", ""),
        ("A = b", "b"),
        ("  A=b  ", "b"),
        ("\tA=\tb\t", "b"),
        ("export A=b", "b"),
        ("export\tA=b", "b"),
        ("A=b\r\n", "b"),
        ("\u{feff}A=b", "b"),
        ("A=b c  d", "b c  d"),
        ("A=a=b==", "a=b=="),
        ("A=b #c", "b"),
        ("A=b\t# c", "b"),
        ("A= # c", ""),
        ("A=b#c", "b#c"),
        ("A=#c", "#c"),
        ("A='b' # c", "b"),
        ("A=\"b\" # c", "b"),
        ("A='b # c'", "b # c"),
        ("A=' b '", " b "),
        ("A=it's", "it's"),
        ("A=a\"b\"", "a\"b\""),
        ("A=a\\nb", "a\\nb"),
        ("A='a\\nb'", "a\\nb"),
        ("A='a\nb\r\nc'", "a\nb\r\nc"),
        ("A=\"a\nb\"", "a\nb"),
        (r#"A="\n\r\t\"\\\$""#, "\n\r\t\"\\$"),
        ("A=\u{a0}b", "\u{a0}b"),
        ("A=`b`", "`b`"),
    ] {
        assert_eq!(value_of(written), value, "{written:?}");
    }
}

#[test]
fn a_dollar_is_a_dollar() {
    for value in
        ["3xQm$M8fKz_pW0vNc7RtLhYb2UeAj5GsD", "$HOME", "a$", "$$", "a$(b)", "$1", "${", "${}", "a${1}", "$ {A}"]
    {
        assert_eq!(value_of(&format!("A={value}")), value);
        assert_eq!(value_of(&format!("A=\"{value}\"")), value);
        assert_eq!(value_of(&format!("A='{value}'")), value);
    }
    assert_eq!(value_of("A='${HOME}'"), "${HOME}");
    assert_eq!(value_of(r#"A="\${HOME}""#), "${HOME}");
}

#[test]
fn substitutions_of_other_tools_are_refused() {
    for value in ["${HOME}", "a${HOME}b", "\"${HOME}\"", "\"a\n${HOME}\"", "${HOME:-x}", "${_", "[\"${HOME}\"]"] {
        let told = faults(&format!("# a comment\nA={value}\nB=b"));
        assert_eq!(told.len(), 1, "{value}");
        assert!(told[0].starts_with("line 2 has `${NAME}`") && told[0].contains("single quotes"), "{told:?}");
        assert_eq!(parse(format!("A={value}\nB=b").as_bytes()).values["B"], "b");
    }
}

#[test]
fn a_list_needs_no_quotes() {
    let list = r#"["https://a.example", "https://b.example"]"#;
    assert_eq!(value_of(&format!("A={list}")), list);
    assert_eq!(value_of(&format!("export A= {list} \r\n")), list);
    assert_eq!(value_of("A=[\"a # b\"]"), "[\"a # b\"]");
    assert_eq!(value_of("A='[\"a\"]'"), "[\"a\"]");
}

#[test]
fn every_line_that_cannot_be_read_is_named_by_its_number_and_not_quoted() {
    let text = "A=1\n\ncanary\n1canary=x\ncanary: x\nB='x'canary\nC=\"\\c canary\"\nA=canary\n=canary\nD=\"a\nb\"x\nE='canary\nF=1";
    let told = faults(text);
    let lines: Vec<_> = told.iter().map(|fault| fault.split_whitespace().nth(1).unwrap()).collect();
    assert_eq!(lines, ["3", "4", "5", "6", "7", "8", "9", "10", "12"]);
    assert!(!told.join("\n").contains("canary"), "{told:?}");
    assert!(told[5].contains("line 1"), "{told:?}");
    assert_eq!(faults("A='b'#c").len(), 1);
    assert_eq!(faults("export A").len(), 1);
    assert_eq!(faults("A B=c").len(), 1);
}

#[test]
fn a_file_in_another_encoding_is_refused() {
    for (bytes, line) in [(&b"A=\xff"[..], 1), (b"A=b\nB=\xe9\n", 2), (b"\xff\xfeA\0=\0b\0", 1)] {
        let found = parse(bytes);
        assert_eq!(found.faults, [LineFault { line, what: What::NotUtf8 }]);
        assert!(found.values.is_empty());
    }
}

#[test]
fn a_fault_stays_in_its_line() {
    let found = parse(b"A=${B}\nC=\"\\x\n\\\" ${A}\"\nD=d\n");
    assert_eq!((found.faults.len(), found.values.len(), &*found.values["D"]), (2, 1, "d"));
}

proptest! {
    #[test]
    fn any_value_in_single_quotes_is_kept(value in any::<String>()) {
        prop_assume!(!value.contains('\''));
        prop_assert_eq!(value_of(&format!("A='{value}'")), &*value);
        prop_assert_eq!(values(&format!("A='{value}' # '\nB=b")).len(), 2);
    }

    #[test]
    fn any_value_in_double_quotes_is_kept(value in any::<String>()) {
        let escaped = value.replace('\\', r"\\").replace('"', "\\\"").replace('$', r"\$");
        prop_assert_eq!(value_of(&format!("A=\"{escaped}\"")), &*value);
        let on_one_line = escaped.replace('\n', r"\n").replace('\r', r"\r");
        prop_assert_eq!(value_of(&format!("A=\"{on_one_line}\"")), value);
    }

    #[test]
    fn a_printed_secret_needs_no_quotes(value in "[!-~&&[^'\"\\[\\]{}]][!-~&&[^{}]]{0,80}") {
        prop_assert_eq!(value_of(&format!("A={value}")), value);
    }

    #[test]
    fn nothing_panics(bytes in any::<Vec<u8>>(), text in "([A='\"\\\\$\\{}#\n \r\\[]|export|é){0,60}") {
        for bytes in [&bytes[..], text.as_bytes()] {
            let lines = bytes.split(|byte| *byte == b'\n').count();
            let found = parse(bytes);
            prop_assert!(found.faults.iter().all(|fault| (1..=lines).contains(&fault.line)));
        }
    }
}
