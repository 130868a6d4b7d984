use std::borrow::Cow;

/// Where a value stands. The parts live on the stack of the deserializer.
#[derive(Clone, Copy, Debug)]
pub(super) enum At<'a> {
    Root,
    /// A member of a struct.
    Member(&'a At<'a>, &'a str),
    /// A member of an object without fixed names.
    Entry(&'a At<'a>, &'a str),
    Element(&'a At<'a>, usize),
}

impl At<'_> {
    /// Returns the JSON pointer (RFC 6901).
    pub(super) fn pointer(&self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Member(outer, name) | Self::Entry(outer, name) => joined(&outer.pointer(), name),
            Self::Element(outer, index) => joined(&outer.pointer(), &index.to_string()),
        }
    }

    /// Returns the pointer with `*` for all elements and entries, since these have one type.
    pub(super) fn pattern(&self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Member(outer, name) => joined(&outer.pattern(), name),
            Self::Entry(outer, _) | Self::Element(outer, _) => format!("{}/*", outer.pattern()),
        }
    }
}

pub(super) fn joined(outer: &str, name: &str) -> String {
    format!("{outer}/{}", escaped(name))
}

/// Returns a name as a part of a pointer.
pub(in crate::validate) fn escaped(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) { name.replace('~', "~0").replace('/', "~1").into() } else { name.into() }
}

/// Returns whether the value at `inner` is the one at `outer`, or a part of it.
pub(in crate::validate) fn is_within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The longest pointer of an answer, in bytes. The client chooses names of members.
const LONGEST: usize = 256;

/// Returns the pointer, or the one of the nearest outer value that is short enough.
pub(in crate::validate) fn short(pointer: &str) -> &str {
    let mut short = pointer;
    while short.len() > LONGEST {
        short = short.rsplit_once('/').map_or("", |(outer, _)| outer);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_those_of_the_standard() {
        let (root, items) = (At::Root, At::Member(&At::Root, "a/b~c"));
        let element = At::Element(&items, 7);
        let name = At::Member(&element, "name");
        assert_eq!((&*root.pointer(), &*name.pointer()), ("", "/a~1b~0c/7/name"));
        assert_eq!(name.pattern(), "/a~1b~0c/*/name");
    }

    #[test]
    fn a_part_is_within_the_whole() {
        assert!(is_within("/a/b", "/a") && is_within("/a", "/a") && is_within("/a", ""));
        assert!(!is_within("/ab", "/a") && !is_within("/a", "/a/b"));
    }

    #[test]
    fn long_pointers_end_at_an_outer_value() {
        assert_eq!(short(&format!("/a/{}", "x".repeat(300))), "/a");
        assert_eq!(short(&format!("/{}", "x".repeat(300))), "");
    }
}
