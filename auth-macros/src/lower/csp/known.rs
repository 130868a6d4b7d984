//! The directives and sources of a Content Security Policy (CSP level 3).

use crate::lower::foreign_value::letters;

/// A directive that a handler may change.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// The name in the standard.
    pub(super) name: &'static str,
    /// The name as an attribute writes it.
    pub(super) word: &'static str,
}

const fn directive(name: &'static str, word: &'static str) -> Known {
    Known { name, word }
}

pub(super) const DIRECTIVES: &[Known] = &[
    directive("default-src", "default_src"),
    directive("script-src", "script_src"),
    directive("script-src-elem", "script_src_elem"),
    directive("script-src-attr", "script_src_attr"),
    directive("style-src", "style_src"),
    directive("style-src-elem", "style_src_elem"),
    directive("style-src-attr", "style_src_attr"),
    directive("img-src", "img_src"),
    directive("font-src", "font_src"),
    directive("connect-src", "connect_src"),
    directive("media-src", "media_src"),
    directive("object-src", "object_src"),
    directive("frame-src", "frame_src"),
    directive("child-src", "child_src"),
    directive("worker-src", "worker_src"),
    directive("manifest-src", "manifest_src"),
    directive("base-uri", "base_uri"),
    directive("form-action", "form_action"),
    directive("frame-ancestors", "frame_ancestors"),
    directive("sandbox", "sandbox"),
];

/// Returns the directive with this name, in any spelling.
pub(super) fn known(name: &str) -> Option<&'static Known> {
    DIRECTIVES.iter().find(|known| letters(known.name) == letters(name))
}

/// Returns whether the word is the name of a directive that lists sources.
pub(in crate::lower) fn is_directive(word: &str) -> bool {
    known(word).is_some_and(|known| !known.is_sandbox())
}

impl Known {
    pub(super) fn is_sandbox(&self) -> bool {
        self.name == "sandbox"
    }
}

/// A source without an address.
pub(super) struct Keyword {
    /// The source as an attribute writes it.
    pub(super) word: &'static str,
    /// The source in the policy.
    pub(super) text: &'static str,
    /// The directives in which it has an effect; empty for all.
    pub(super) directives: &'static [&'static str],
}

const fn keyword(word: &'static str, text: &'static str, directives: &'static [&'static str]) -> Keyword {
    Keyword { word, text, directives }
}

pub(super) const SELF: &str = "'self'";
pub(super) const NONE: &str = "'none'";
pub(super) const NONCE: &str = "'nonce'";
pub(super) const STRICT_DYNAMIC: &str = "'strict-dynamic'";

/// The directives for elements that may carry a nonce.
const ELEMENTS: &[&str] = &["default_src", "script_src", "script_src_elem", "style_src", "style_src_elem"];
const INLINE: &[&str] = &[
    "default_src",
    "script_src",
    "script_src_elem",
    "script_src_attr",
    "style_src",
    "style_src_elem",
    "style_src_attr",
];
const SCRIPTS: &[&str] = &["default_src", "script_src", "script_src_elem"];
const EVALUATED: &[&str] = &["default_src", "script_src"];
const ATTRIBUTES: &[&str] = &["default_src", "script_src", "script_src_attr", "style_src", "style_src_attr"];

pub(super) const KEYWORDS: &[Keyword] = &[
    keyword("self", SELF, &[]),
    keyword("none", NONE, &[]),
    keyword("nonce", NONCE, ELEMENTS),
    keyword("strict_dynamic", STRICT_DYNAMIC, SCRIPTS),
    keyword("unsafe_inline", "'unsafe-inline'", INLINE),
    keyword("unsafe_eval", "'unsafe-eval'", EVALUATED),
    keyword("wasm_unsafe_eval", "'wasm-unsafe-eval'", EVALUATED),
    keyword("unsafe_hashes", "'unsafe-hashes'", ATTRIBUTES),
    keyword("report_sample", "'report-sample'", INLINE),
    keyword("inline_speculation_rules", "'inline-speculation-rules'", SCRIPTS),
];

/// The directives in which hashes have an effect.
pub(super) const HASHED: &[&str] = INLINE;

/// What `sandbox` may allow.
pub(super) const SANDBOX: &[(&str, &str)] = &[
    ("allow_downloads", "allow-downloads"),
    ("allow_forms", "allow-forms"),
    ("allow_modals", "allow-modals"),
    ("allow_orientation_lock", "allow-orientation-lock"),
    ("allow_pointer_lock", "allow-pointer-lock"),
    ("allow_popups", "allow-popups"),
    ("allow_popups_to_escape_sandbox", "allow-popups-to-escape-sandbox"),
    ("allow_presentation", "allow-presentation"),
    ("allow_same_origin", "allow-same-origin"),
    ("allow_scripts", "allow-scripts"),
    ("allow_storage_access_by_user_activation", "allow-storage-access-by-user-activation"),
    ("allow_top_navigation", "allow-top-navigation"),
    ("allow_top_navigation_by_user_activation", "allow-top-navigation-by-user-activation"),
    ("allow_top_navigation_to_custom_protocols", "allow-top-navigation-to-custom-protocols"),
];

/// The schemes that are sources of their own.
pub(super) const SCHEMES: &[&str] = &["https", "wss", "data", "blob", "mediastream", "filesystem"];

/// The names of directives that browsers dropped or that are set for the whole service, and what to do.
pub(super) const ELSEWHERE: &[(&str, Instead)] = &[
    ("reporturi", Instead::Service("reports go to one address for the whole service: `Csp::report_to`")),
    ("reportto", Instead::Service("reports go to one address for the whole service: `Csp::report_to`")),
    ("trustedtypes", Instead::Service("Trusted Types hold for the whole service: `Csp::trusted_types`")),
    ("requiretrustedtypesfor", Instead::Service("Trusted Types hold for the whole service: `Csp::trusted_types`")),
    ("referrer", Instead::Service("it is a field of its own: `SecurityHeaders::referrer_policy`")),
    ("upgradeinsecurerequests", Instead::Nothing("`https://` in the page's addresses does it")),
    ("blockallmixedcontent", Instead::Nothing("browsers block mixed content by themselves")),
    ("prefetchsrc", Instead::Nothing("browsers dropped it")),
    ("navigateto", Instead::Nothing("no browser has it")),
    ("reflectedxss", Instead::Nothing("browsers dropped it")),
    ("requiresrifor", Instead::Nothing("browsers dropped it")),
    ("plugintypes", Instead::Line("object_src(none)")),
];

/// What stands in place of a directive.
#[derive(Clone, Copy)]
pub(super) enum Instead {
    /// A method of the service's policy.
    Service(&'static str),
    Nothing(&'static str),
    Line(&'static str),
}

/// The words of other frameworks for directives.
pub(super) const SIMILAR: &[(&str, &str)] = &[
    ("image", "img_src"),
    ("images", "img_src"),
    ("scripts", "script_src"),
    ("js", "script_src"),
    ("styles", "style_src"),
    ("css", "style_src"),
    ("fonts", "font_src"),
    ("frames", "frame_src"),
    ("iframe", "frame_src"),
    ("frameguard", "frame_ancestors"),
    ("frameoptions", "frame_ancestors"),
    ("xframeoptions", "frame_ancestors"),
    ("base", "base_uri"),
    ("baseurl", "base_uri"),
    ("forms", "form_action"),
    ("default", "default_src"),
];
