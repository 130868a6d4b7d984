/// What the help of a compile error says to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Help<'a> {
    /// Type this in place of the marked tokens.
    Write(&'a str),
    /// Type this attribute above the marked line, or this option behind the marked tokens and a comma.
    Add(&'a str),
    /// Delete the marked tokens.
    Remove,
    /// Nothing can be typed as it stands.
    Advice(&'a str),
}

impl<'a> Help<'a> {
    /// Reads the text after `help: `. What follows `;` or `, or` is a reason or an alternative.
    ///
    /// # Errors
    /// Returns the reason why this is neither a replacement nor advice.
    pub fn read(text: &'a str) -> Result<Self, String> {
        let quoted = |lead| {
            let (quoted, rest) = text.strip_prefix(lead)?.split_once('`')?;
            Some((quoted, rest.is_empty() || ["; ", ", or ", "?"].iter().any(|next| rest.starts_with(next))))
        };
        let one = [quoted("write `"), quoted("did you mean `")].into_iter().flatten().next();
        match (one, quoted("add `")) {
            (Some((written, true)), _) => Ok(Self::Write(written)),
            (_, Some((added, true))) => Ok(Self::Add(added)),
            (None, None) if text == "remove it" || text.starts_with("remove it; ") => Ok(Self::Remove),
            (None, _) => Ok(Self::Advice(text)),
            (Some(_), _) => Err(format!("`{text}` begins like a replacement and goes on like advice")),
        }
    }
}

#[test]
fn a_help_is_a_replacement_or_advice() {
    let read = |text| Help::read(text).unwrap();
    assert_eq!(read("write `10/min`"), Help::Write("10/min"));
    assert_eq!(read("write `Owner`; a role carries no data"), Help::Write("Owner"));
    assert_eq!(read("write `by = ip`, or `#[protected]`"), Help::Write("by = ip"));
    assert_eq!(read("did you mean `min`?"), Help::Write("min"));
    assert_eq!(read("add `#[protected]`"), Help::Add("#[protected]"));
    assert_eq!(read("remove it; every role includes itself"), Help::Remove);
    assert_eq!(read("remove one of the two"), Help::Advice("remove one of the two"));
    assert!(Help::read("write `a` for one thing, `b` for the other").is_err());
}
