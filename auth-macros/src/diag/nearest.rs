/// Returns the entry of `valid` that the user probably meant by `typed`.
///
/// A short word may differ by one edit, and a long word by a third of its length. Swapped neighbours count as one edit.
/// If no entry is that near, an abbreviation (`h` for `hour`) counts as near. Of equally near entries the first wins.
pub(crate) fn nearest<'a>(typed: &str, valid: &[&'a str]) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let closest =
        valid.iter().map(|word| (distance(&typed, &word.to_lowercase()), *word)).min_by_key(|(edits, _)| *edits);
    match closest {
        Some((edits, word)) if edits <= tolerance(&typed, word) => Some(word),
        _ => valid.iter().find(|word| !typed.is_empty() && word.to_lowercase().starts_with(&typed)).copied(),
    }
}

/// Lists the words as a sentence does: `` `a`, `b` or `c` ``.
pub(crate) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

fn tolerance(typed: &str, word: &str) -> usize {
    let longer = typed.chars().count().max(word.chars().count());
    (longer / 3).max(1)
}

/// Counts the edits that turn `a` into `b`: insertions, deletions, replacements and swaps of neighbours.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut edits = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                edits = edits.min(before_last[j - 2] + 1);
            }
            row.push(edits);
        }
        before_last = core::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest, one_of};

    const UNITS: &[&str] = &["sec", "min", "hour", "day"];

    #[test]
    fn distance_counts_edits_and_swaps() {
        for (a, b, edits) in
            [("", "", 0), ("", "ab", 2), ("mni", "min", 1), ("minn", "min", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(a, b), edits, "{a} {b}");
            assert_eq!(distance(b, a), edits, "{b} {a}");
        }
    }

    #[test]
    fn a_slip_finds_its_word_and_a_stranger_none() {
        assert_eq!(nearest("mni", UNITS), Some("min"));
        assert_eq!(nearest("Hour", UNITS), Some("hour"));
        assert_eq!(nearest("h", UNITS), Some("hour"));
        assert_eq!(nearest("Adnin", &["Member", "Admin"]), Some("Admin"));
        assert_eq!(nearest("fortnight", UNITS), None);
        assert_eq!(nearest("", UNITS), None);
        assert_eq!(nearest("x", &[]), None);
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(one_of(&[]), "");
        assert_eq!(one_of(&["a"]), "`a`");
        assert_eq!(one_of(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
