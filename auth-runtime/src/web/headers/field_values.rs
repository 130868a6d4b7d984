//! Header fields with a few fixed values.

/// Defines the values of a header field.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$value_doc])* $value,)*
        }

        impl $name {
            pub(super) const fn text(self) -> &'static str {
                match self {
                    $(Self::$value => $text,)*
                }
            }
        }
    };
}

choices! {
    /// What browsers tell other pages of the address that they come from (`Referrer-Policy`).
    ReferrerPolicy {
        /// Nothing.
        NoReferrer = "no-referrer",
        /// The full address to pages of this origin, nothing to others.
        SameOrigin = "same-origin",
        /// The origin, over HTTPS only.
        StrictOrigin = "strict-origin",
        /// The full address to pages of this origin, the origin to others over HTTPS.
        StrictOriginWhenCrossOrigin = "strict-origin-when-cross-origin",
    }
}

choices! {
    /// Whether pages of other origins that open a page, or that it opens, keep a handle to it
    /// (`Cross-Origin-Opener-Policy`).
    OpenerPolicy {
        /// They keep no handle.
        SameOrigin = "same-origin",
        /// Pages that this page opens keep one, as pop-ups for payments and sign-ins need.
        SameOriginAllowPopups = "same-origin-allow-popups",
        /// They keep one.
        UnsafeNone = "unsafe-none",
    }
}

choices! {
    /// Which pages may embed an answer without CORS, for example an image (`Cross-Origin-Resource-Policy`). Requests by
    /// CORS do not depend on it.
    ResourcePolicy {
        /// Pages of this origin.
        SameOrigin = "same-origin",
        /// Pages of this site.
        SameSite = "same-site",
        /// All pages.
        CrossOrigin = "cross-origin",
    }
}

choices! {
    /// Whether a page may load resources of other origins that do not allow it (`Cross-Origin-Embedder-Policy`).
    EmbedderPolicy {
        /// It may not.
        RequireCorp = "require-corp",
        /// It may, without credentials.
        Credentialless = "credentialless",
    }
}
