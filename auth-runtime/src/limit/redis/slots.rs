use redis::Value;

use super::url::Address;

/// The number of slots of a cluster.
pub(super) const SLOTS: usize = 16_384;
const LAST: u16 = 16_383;

/// Returns the slot of a counter. The name has no braces, so that all of it counts (the prefix is checked).
pub(super) fn slot(key: &[u8]) -> u16 {
    key.iter().fold(0_u16, |state, byte| crc16(state, *byte)) & LAST
}

/// Returns the CRC-16 with the polynomial 0x1021 that a cluster uses (XMODEM).
fn crc16(state: u16, byte: u8) -> u16 {
    let mut state = state ^ (u16::from(byte) << 8);
    for _ in 0..8 {
        state = if state & 0x8000 == 0 { state << 1 } else { (state << 1) ^ 0x1021 };
    }
    state
}

/// The slots from the first to the last number, and the node that answers for them.
pub(super) type Range = (u16, u16, Address);

/// Reads the answer to `CLUSTER SLOTS`. A node that does not know its own host is where it was asked.
pub(super) fn read(answer: &Value, asked: &Address) -> Option<Vec<Range>> {
    let Value::Array(ranges) = answer else { return None };
    ranges.iter().map(|range| read_range(range, asked)).collect()
}

fn read_range(range: &Value, asked: &Address) -> Option<Range> {
    let Value::Array(parts) = range else { return None };
    let [Value::Int(first), Value::Int(last), Value::Array(primary), ..] = &**parts else { return None };
    let [host, Value::Int(port), ..] = &**primary else { return None };
    let host = match host {
        Value::BulkString(host) if !host.is_empty() => String::from_utf8(host.clone()).ok()?,
        _ => match asked {
            Address::Tcp(host, _) => host.clone(),
            Address::Unix(_) => return None,
        },
    };
    Some((slot_number(*first)?, slot_number(*last)?, Address::Tcp(host, u16::try_from(*port).ok()?)))
}

fn slot_number(number: i64) -> Option<u16> {
    u16::try_from(number).ok().filter(|number| usize::from(*number) < SLOTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_those_of_the_specification() {
        assert_eq!(slot(b"123456789"), 0x31c3);
        assert_eq!(slot(b"foo"), 12_182);
        assert_eq!(slot(b""), 0);
    }

    #[test]
    fn other_answers_are_not_understood() {
        let asked = Address::Tcp("a".to_owned(), 1);
        let range = |host: Value| {
            let node = Value::Array(vec![host, Value::Int(7000), Value::BulkString(b"id".to_vec())]);
            Value::Array(vec![Value::Array(vec![Value::Int(0), Value::Int(5), node])])
        };
        let found = |host: &str| Some(vec![(0, 5, Address::Tcp(host.to_owned(), 7000))]);
        assert_eq!(read(&range(Value::BulkString(b"b".to_vec())), &asked), found("b"));
        assert_eq!(read(&range(Value::Nil), &asked), found("a"));
        for garbage in [
            Value::Nil,
            Value::Array(vec![Value::Int(1)]),
            Value::Array(vec![Value::Array(vec![Value::Int(0), Value::Int(16_384), Value::Array(vec![])])]),
        ] {
            assert_eq!(read(&garbage, &asked), None, "{garbage:?}");
        }
    }
}
