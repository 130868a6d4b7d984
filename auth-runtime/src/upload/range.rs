/// What a request asks of a file (RFC 9110, section 14.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Range {
    Whole,
    /// The first and the last byte.
    Part {
        first: u64,
        last: u64,
    },
    Unsatisfiable,
}

impl Range {
    /// Reads a `Range` field for a file of this length. A field of several ranges or of another form is ignored, as the
    /// standard allows.
    pub(super) fn read(field: &str, bytes: u64) -> Self {
        let Some((first, last)) = field.strip_prefix("bytes=").and_then(|range| range.trim().split_once('-')) else {
            return Self::Whole;
        };
        let end = bytes.saturating_sub(1);
        match (first, number(first), last, number(last)) {
            ("", _, _, Some(suffix)) if suffix > 0 && bytes > 0 => {
                Self::Part { first: bytes.saturating_sub(suffix), last: end }
            }
            ("", _, _, Some(_)) => Self::Unsatisfiable,
            (_, Some(first), "", _) if first < bytes => Self::Part { first, last: end },
            (_, Some(first), _, Some(last)) if first <= last && first < bytes => {
                Self::Part { first, last: last.min(end) }
            }
            (_, Some(first), "", _) if first >= bytes => Self::Unsatisfiable,
            (_, Some(first), _, Some(last)) if first <= last => Self::Unsatisfiable,
            _ => Self::Whole,
        }
    }
}

/// Reads digits only. Numbers beyond 64 bits count as the largest one.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_within_the_file() {
        let part = |first, last| Range::Part { first, last };
        for (field, range) in [
            ("bytes=0-0", part(0, 0)),
            ("bytes=2-4", part(2, 4)),
            ("bytes=2-", part(2, 9)),
            ("bytes=2-99", part(2, 9)),
            ("bytes=-3", part(7, 9)),
            ("bytes=-99", part(0, 9)),
            ("bytes=9-99999999999999999999999", part(9, 9)),
            ("bytes=10-", Range::Unsatisfiable),
            ("bytes=10-11", Range::Unsatisfiable),
            ("bytes=99999999999999999999999-", Range::Unsatisfiable),
            ("bytes=-0", Range::Unsatisfiable),
            ("bytes=4-2", Range::Whole),
            ("bytes=0-1,3-4", Range::Whole),
            ("bytes=-", Range::Whole),
            ("bytes=+1-2", Range::Whole),
            ("bytes=a-b", Range::Whole),
            ("items=0-1", Range::Whole),
            ("", Range::Whole),
        ] {
            assert_eq!(Range::read(field, 10), range, "{field}");
        }
        assert_eq!(Range::read("bytes=-1", 0), Range::Unsatisfiable);
    }
}
