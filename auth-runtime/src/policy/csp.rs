//! What a handler changes in the Content Security Policy of its answers.

/// What a handler changes in the service's Content Security Policy: each directive takes the place of the directive
/// with the same name, or is added.
///
/// ```
/// use auth_runtime::{Policy, policy::{CspDirective, CspOverride}};
///
/// const MAP: Policy = Policy::public("app::map").with_csp(&CspOverride::new(&[
///     CspDirective::new("img-src", &["'self'", "https://tiles.example.com"]),
///     CspDirective::new("frame-ancestors", &[]),
/// ]));
/// # assert_eq!(MAP.csp().map(|csp| csp.directives().len()), Some(2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CspOverride {
    directives: &'static [CspDirective],
    reason: Option<&'static str>,
}

impl CspOverride {
    /// Creates the change. No directive may stand twice in the list.
    ///
    /// # Panics
    /// Panics when the list is empty or has a directive twice. In a constant, the panic is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn new(directives: &'static [CspDirective]) -> Self {
        assert!(!directives.is_empty(), "a change of the Content Security Policy has a directive");
        let mut rest = directives;
        while let [first, others @ ..] = rest {
            assert!(first.is_absent_from(others), "each directive is given once");
            rest = others;
        }
        Self { directives, reason: None }
    }

    /// Sets the reason for the sources that let injected code run, or that let all pages show this one in a frame.
    ///
    /// # Panics
    /// Panics when the reason is empty. In a constant, the panic is a compile error.
    #[must_use]
    #[doc(alias = "because")]
    #[track_caller]
    pub const fn with_reason(self, reason: &'static str) -> Self {
        assert!(!reason.trim_ascii().is_empty(), "a reason says why");
        Self { reason: Some(reason), ..self }
    }

    /// Returns the directives.
    pub const fn directives(&self) -> &'static [CspDirective] {
        self.directives
    }

    /// Returns the reason, if there is one.
    pub const fn reason(&self) -> Option<&'static str> {
        self.reason
    }

    /// Returns whether a directive has a source that needs a reason.
    pub(super) const fn needs_reason(&self) -> bool {
        let mut rest = self.directives;
        while let [first, others @ ..] = rest {
            if first.is_open() {
                return true;
            }
            rest = others;
        }
        false
    }

    #[cfg(feature = "web")]
    pub(crate) fn has_nonce(&self) -> bool {
        self.directives.iter().any(|directive| directive.sources.contains(&CspDirective::NONCE))
    }
}

/// A directive of a Content Security Policy with its sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CspDirective {
    name: &'static str,
    sources: &'static [&'static str],
}

impl CspDirective {
    /// The source for the nonce of the request, which [`web::CspNonce`](crate::web::CspNonce) gives to the handler.
    pub const NONCE: &'static str = "'nonce'";

    /// Creates the directive with this name, such as `img-src`. The sources are in the notation of the standard, such
    /// as `'self'` and `https://images.example.com`, and [`NONCE`](Self::NONCE). An empty list is `'none'`. The
    /// sources of `sandbox` are the things that it allows, for example `allow-forms`.
    ///
    /// # Panics
    /// Panics when the name is not that of a directive for one page. Panics when a source is not one word of visible
    /// ASCII without `;` and `,`. Also panics for a nonce of the policy's own, which would be the same for all
    /// requests. In a constant, the panic is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str, sources: &'static [&'static str]) -> Self {
        assert!(is_one_of(name, DIRECTIVES), "no directive of a Content Security Policy for one page has this name");
        let mut rest = sources;
        while let [first, others @ ..] = rest {
            assert!(is_word(first), "a source is one word of visible ASCII without `;` and `,`");
            assert!(!begins_with(first, "'nonce-"), "a fixed nonce protects no page: use `CspDirective::NONCE`");
            rest = others;
        }
        Self { name, sources }
    }

    /// Returns the name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the sources. An empty list is `'none'`.
    pub const fn sources(&self) -> &'static [&'static str] {
        self.sources
    }

    const fn is_absent_from(&self, mut others: &[Self]) -> bool {
        while let [first, rest @ ..] = others {
            if is_same(first.name, self.name) {
                return false;
            }
            others = rest;
        }
        true
    }

    /// Returns whether a source lets injected code run, or lets all pages show this one in a frame.
    const fn is_open(&self) -> bool {
        let openings = if is_one_of(self.name, CODE) {
            CODE_FROM_ANYWHERE
        } else if is_same(self.name, "frame-ancestors") {
            ANYWHERE
        } else {
            return false;
        };
        let mut rest = self.sources;
        while let [first, others @ ..] = rest {
            if is_source_of(first, openings) || is_every_host(first) {
                return true;
            }
            rest = others;
        }
        false
    }
}

/// The name of the directive that takes no sources.
pub(crate) const SANDBOX: &str = "sandbox";

/// The directives that a page may have of its own.
const DIRECTIVES: &[&str] = &[
    "default-src",
    "script-src",
    "script-src-elem",
    "script-src-attr",
    "style-src",
    "style-src-elem",
    "style-src-attr",
    "img-src",
    "font-src",
    "connect-src",
    "media-src",
    "object-src",
    "frame-src",
    "child-src",
    "worker-src",
    "manifest-src",
    "base-uri",
    "form-action",
    "frame-ancestors",
    SANDBOX,
];

/// The directives by which code comes into a page. `auth-macros/src/lower/csp/opening.rs` has the same list. Its lists
/// of sources are shorter, because the attribute accepts no `http:`.
const CODE: &[&str] = &[
    "default-src",
    "script-src",
    "script-src-elem",
    "script-src-attr",
    "object-src",
    "worker-src",
    "child-src",
    "base-uri",
];
const CODE_FROM_ANYWHERE: &[&str] = &["'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:", "data:", "blob:"];
const ANYWHERE: &[&str] = &["*", "https:", "http:"];

/// Returns whether a source is `*` with a scheme or a port: `https://*`, `*:443`.
const fn is_every_host(source: &str) -> bool {
    let mut rest = source.as_bytes();
    let mut is_at_host = true;
    loop {
        (rest, is_at_host) = match rest {
            [b'*', b'.', ..] if is_at_host => return false,
            [b'*', ..] if is_at_host => return true,
            [b'/', b'/', host @ ..] => (host, true),
            [_, others @ ..] => (others, false),
            [] => return false,
        }
    }
}

const fn is_word(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        if !first.is_ascii_graphic() || matches!(*first, b';' | b',') {
            return false;
        }
        rest = others;
    }
    !text.is_empty()
}

const fn is_one_of(text: &str, mut list: &[&str]) -> bool {
    while let [first, rest @ ..] = list {
        if is_same(first, text) {
            return true;
        }
        list = rest;
    }
    false
}

/// Returns whether the list has the source. Browsers compare keywords and schemes in any case.
const fn is_source_of(source: &str, mut list: &[&str]) -> bool {
    while let [first, rest @ ..] = list {
        if source.len() == first.len() && begins_with(source, first) {
            return true;
        }
        list = rest;
    }
    false
}

/// Returns whether a source begins with this text, in any case.
const fn begins_with(source: &str, beginning: &str) -> bool {
    let (mut source, mut beginning) = (source.as_bytes(), beginning.as_bytes());
    while let ([a, rest_of_source @ ..], [b, rest_of_beginning @ ..]) = (source, beginning) {
        if !a.eq_ignore_ascii_case(b) {
            return false;
        }
        (source, beginning) = (rest_of_source, rest_of_beginning);
    }
    beginning.is_empty()
}

/// Compares texts in constants, where `==` cannot.
const fn is_same(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    while let ([a, rest_of_one @ ..], [b, rest_of_other @ ..]) = (one, other) {
        if *a != *b {
            return false;
        }
        (one, other) = (rest_of_one, rest_of_other);
    }
    one.is_empty() && other.is_empty()
}

#[cfg(test)]
mod tests;
