//! Compares the reader with serde_json: both read the same documents alike.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{JsonError, Number, Scanner};

/// Reads any document with the scanner and returns the value that serde_json would return.
fn read(text: &[u8]) -> Result<Value, JsonError> {
    let mut bytes = text.to_vec();
    let mut scanner = Scanner::new(&mut bytes);
    let value = value(&mut scanner)?;
    scanner.finish()?;
    let is_utf8 = std::str::from_utf8(&bytes).is_ok();
    assert_eq!(is_utf8, std::str::from_utf8(text).is_ok(), "unescaping changed whether the text is UTF-8: {text:?}");
    if is_utf8 { Ok(value) } else { Err(JsonError::Malformed) }
}

fn value(scanner: &mut Scanner<'_>) -> Result<Value, JsonError> {
    match scanner.peek() {
        Some(b'{') => {
            let mut members = Map::new();
            scanner.object(|scanner, name| {
                let name = String::from_utf8_lossy(scanner.slice(name)).into_owned();
                members.insert(name, value(scanner)?);
                Ok::<_, JsonError>(())
            })?;
            Ok(Value::Object(members))
        }
        Some(b'[') => {
            let mut elements = Vec::new();
            scanner.array(|scanner| {
                elements.push(value(scanner)?);
                Ok::<_, JsonError>(())
            })?;
            Ok(Value::Array(elements))
        }
        Some(b'"') => {
            let span = scanner.string()?;
            Ok(String::from_utf8_lossy(scanner.slice(span)).into_owned().into())
        }
        Some(b'-' | b'0'..=b'9') => match scanner.number()? {
            Number::Integer(integer) => Ok(integer.into()),
            Number::Real(real) => Ok(real.into()),
        },
        _ => scanner.skip().map(|()| Value::Null),
    }
}

/// Removes the details that the scanner does not keep from a value of serde_json: the literals and the kind of number.
fn plain(value: Value) -> Value {
    match value {
        Value::Bool(_) => Value::Null,
        Value::Number(number) => number.as_i64().map_or_else(|| json!(number.as_f64()), Value::from),
        Value::Array(elements) => elements.into_iter().map(plain).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, plain(value))).collect(),
        other => other,
    }
}

/// Returns whether two values are equal. Fractions may differ in the last digits, which serde_json rounds less exactly.
fn alike(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(one), Value::Number(two)) if one.is_f64() && two.is_f64() => {
            let (one, two) = (one.as_f64().unwrap(), two.as_f64().unwrap());
            (one - two).abs() <= one.abs() * 1e-12
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| alike(ours, theirs))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().all(|(name, ours)| theirs.get(name).is_some_and(|theirs| alike(ours, theirs)))
        }
        _ => ours == theirs,
    }
}

fn both_read_alike(ours: &Value, theirs: Result<Value, serde_json::Error>) -> bool {
    theirs.is_ok_and(|theirs| alike(ours, &theirs))
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 30, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn documents_are_read_as_serde_json_reads_them(document in document(), is_pretty in any::<bool>()) {
        let text = if is_pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) };
        let ours = read(text.unwrap().as_bytes());
        prop_assert!(ours.is_ok_and(|ours| alike(&ours, &plain(document))));
    }

    /// Changes a few bytes of a document. The scanner accepts only documents that serde_json accepts, and reads them
    /// alike.
    #[test]
    fn json_that_serde_json_refuses_is_refused(
        document in document(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
    ) {
        let mut bytes = serde_json::to_vec(&document).unwrap();
        for (place, byte) in changes {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        let theirs = serde_json::from_slice::<Value>(&bytes).map(plain);
        match read(&bytes) {
            Ok(ours) => prop_assert!(both_read_alike(&ours, theirs), "{:?}", bytes),
            // serde_json takes the last of duplicate members.
            Err(JsonError::Duplicate) => {}
            Err(_) => prop_assert!(theirs.is_err(), "{:?}", bytes),
        }
    }

    #[test]
    fn texts_of_json_characters_are_judged_alike(text in "[\\[\\]{}\",:0-9.eE+\\-tfn \\\\u/d8]{0,24}") {
        let theirs = serde_json::from_str::<Value>(&text).map(plain);
        match read(text.as_bytes()) {
            Ok(ours) => prop_assert!(both_read_alike(&ours, theirs), "{}", text),
            Err(JsonError::Duplicate) => {}
            Err(_) => prop_assert!(theirs.is_err(), "{}", text),
        }
    }

    #[test]
    fn strings_are_unescaped_as_serde_json_does(units in prop::collection::vec(any::<u16>(), 0..12), tail in any::<String>()) {
        let escaped: String = units.iter().map(|unit| format!("\\u{unit:04X}")).collect();
        let text = format!("[\"{escaped}\",{}]", Value::from(tail));
        match serde_json::from_str::<Value>(&text) {
            Ok(theirs) => prop_assert_eq!(read(text.as_bytes()), Ok(theirs)),
            Err(_) => prop_assert_eq!(read(text.as_bytes()), Err(JsonError::Malformed)),
        }
    }
}

#[test]
fn dates_are_rounded_outward_and_saturate() {
    for (number, floor, ceil) in [
        (Number::Integer(7), 7, 7),
        (Number::Real(7.25), 7, 8),
        (Number::Real(-7.25), -8, -7),
        (Number::Real(1e300), i64::MAX, i64::MAX),
        (Number::Real(-1e300), i64::MIN, i64::MIN),
    ] {
        assert_eq!((number.floor(), number.ceil()), (floor, ceil), "{number:?}");
    }
}

#[test]
fn nesting_and_members_are_bounded_where_they_are_said_to_be() {
    let nested =
        |depth: usize| read(format!("{}{}", "[0,".repeat(depth), "]".repeat(depth)).replace(",]", "]").as_bytes());
    assert!(nested(32).is_ok());
    assert_eq!(nested(33), Err(JsonError::TooLarge));
    let members = |count: usize| {
        let members: Vec<_> = (0..count).map(|index| format!("\"{index}\":0")).collect();
        read(format!("{{{}}}", members.join(",")).as_bytes())
    };
    assert!(members(64).is_ok());
    assert_eq!(members(65), Err(JsonError::TooLarge));
    let siblings = format!("[{}]", vec![r#"{"a":0,"b":{"a":0}}"#; 100].join(","));
    assert!(read(siblings.as_bytes()).is_ok(), "names of closed objects are forgotten");
}

/// A string is read eight bytes at a time. So each byte stands in each place of the first words, behind bytes that
/// could spoil the arithmetic.
#[test]
fn every_byte_in_every_place_ends_a_string_or_does_not() {
    for before in [b'a', b' ', b'!', b'#', b'[', b']', 0x7f] {
        for place in 0..24 {
            for byte in 0..=0xff_u8 {
                let mut text = vec![before; 24];
                text[place] = byte;
                let document = [b"[\"", &*text, b"\"]"].concat();
                let is_string = core::str::from_utf8(&text).is_ok() && !matches!(byte, b'"' | b'\\' | 0..0x20);
                let theirs = serde_json::from_slice::<Value>(&document);
                assert_eq!(theirs.is_ok(), is_string, "{byte} at {place}");
                assert_eq!(read(&document).ok(), theirs.ok(), "{byte} at {place} behind {before}");
            }
        }
    }
}

#[test]
fn names_that_begin_or_end_alike_are_told_apart() {
    for names in [["", "a"], ["abc", "abcd"], ["abcd", "abcde"], ["abcdx", "abcdy"], ["a", "a\u{0}"], ["ab", "ac"]] {
        let [first, second] = names.map(Value::from);
        assert!(read(format!("{{{first}:0,{second}:0}}").as_bytes()).is_ok(), "{names:?}");
        assert_eq!(read(format!("{{{first}:0,{second}:0,{first}:1}}").as_bytes()), Err(JsonError::Duplicate));
        assert_eq!(read(format!("{{{first}:0,{second}:0,{second}:1}}").as_bytes()), Err(JsonError::Duplicate));
    }
    assert_eq!(read(br#"{"abcdefgh":0,"abcdefg\u0068":1}"#), Err(JsonError::Duplicate));
}

#[test]
fn names_count_in_their_own_object_and_are_remembered_behind_an_inner_one() {
    assert!(read(br#"{"a":{"a":0,"b":0},"b":[{"a":0},{"a":0}]}"#).is_ok());
    for twice in [
        r#"{"a":{"b":0},"a":1}"#,
        r#"{"a":0,"b":{"c":{}},"a":1}"#,
        r#"{"a":0,"b":[{"a":0},{"a":0}],"b":1}"#,
        r#"{"a":[{"b":0,"b":1}]}"#,
    ] {
        assert_eq!(read(twice.as_bytes()), Err(JsonError::Duplicate), "{twice}");
    }
}

#[test]
fn digits_are_read_to_the_last_one_that_fits() {
    for digits in ["999999999999999999", "1000000000000000000", "9223372036854775807"] {
        assert_eq!(
            read(format!("[{digits},-{digits}]").as_bytes()),
            Ok(serde_json::from_str(&format!("[{digits},-{digits}]")).unwrap())
        );
    }
    for digits in ["9223372036854775808", "18446744073709551615", "99999999999999999999"] {
        let mut bytes = format!("{digits}}}").into_bytes();
        let number = Scanner::new(&mut bytes).number().unwrap();
        assert!(matches!(number, Number::Real(_)), "{digits}");
    }
}
