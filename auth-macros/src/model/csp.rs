use syn::LitStr;

/// What the handler changes in the Content Security Policy.
#[derive(Clone)]
pub(crate) struct Csp {
    pub(crate) directives: Vec<CspDirective>,
    /// The reason for the sources that open the page to others.
    pub(crate) because: Option<LitStr>,
}

/// A directive with its sources, in the notation of the standard. An empty list is `'none'`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CspDirective {
    pub(crate) name: &'static str,
    pub(crate) sources: Vec<String>,
}
