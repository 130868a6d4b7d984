use super::{CspError, Directive, Source, rendered::Rendered, source::Text};

/// A Content Security Policy: from where a page may load and run content.
///
/// ```
/// use auth_runtime::web::{Csp, Directive, Source};
///
/// let csp = Csp::html()
///     .with(Directive::ImgSrc, [Source::host("https://images.example.com")?])
///     .strict_dynamic()
///     .report_to("/csp-reports")?;
/// # Ok::<(), auth_runtime::web::CspError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Csp {
    directives: Vec<(Directive, Vec<Source>)>,
    trusted_types: Option<Vec<String>>,
    reports: Option<String>,
}

/// The pages that may have this page in a frame, as far as `X-Frame-Options` can say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web::headers) enum Frames {
    Deny,
    SameOrigin,
    /// Only the policy can say it.
    Others,
}

impl Frames {
    /// Returns the value of `X-Frame-Options`, for old browsers.
    pub(in crate::web::headers) const fn options(self) -> Option<&'static str> {
        match self {
            Self::Deny => Some("DENY"),
            Self::SameOrigin => Some("SAMEORIGIN"),
            Self::Others => None,
        }
    }
}

impl Csp {
    /// Creates a policy without directives, which allows everything.
    pub const fn new() -> Self {
        Self { directives: Vec::new(), trusted_types: None, reports: None }
    }

    /// Creates the policy of an API, whose answers are no pages: `default-src 'none'; frame-ancestors 'none'`.
    pub fn api() -> Self {
        Self::new().set(Directive::DefaultSrc, []).set(Directive::FrameAncestors, [])
    }

    /// Creates the policy of pages: content of this origin, images in addresses that begin with `data:`, scripts only
    /// with the nonce or a hash, no plug-ins, no `<base>`, no frames around the page.
    pub fn html() -> Self {
        Self::new()
            .set(Directive::DefaultSrc, [Source::SELF])
            .set(Directive::ScriptSrc, [Source::NONCE])
            .set(Directive::StyleSrc, [Source::SELF, Source::NONCE])
            .set(Directive::ImgSrc, [Source::SELF, Source::DATA])
            .set(Directive::ObjectSrc, [])
            .set(Directive::BaseUri, [])
            .set(Directive::FormAction, [Source::SELF])
            .set(Directive::FrameAncestors, [])
    }

    /// Sets the sources of a directive in place of those before. An empty list is `'none'`: it allows nothing.
    pub fn set(mut self, directive: Directive, sources: impl IntoIterator<Item = Source>) -> Self {
        self.directives.retain(|(known, _)| *known != directive);
        self.directives.push((directive, Vec::new()));
        self.with(directive, sources)
    }

    /// Adds sources to a directive.
    ///
    /// A directive that is not there yet begins with no source, not with those of `default-src`.
    pub fn with(mut self, directive: Directive, sources: impl IntoIterator<Item = Source>) -> Self {
        let place = self.directives.iter().position(|(known, _)| *known == directive).unwrap_or_else(|| {
            self.directives.push((directive, Vec::new()));
            self.directives.len().saturating_sub(1)
        });
        if let Some((_, list)) = self.directives.get_mut(place) {
            for source in sources {
                if !list.contains(&source) {
                    list.push(source);
                }
            }
        }
        self
    }

    /// Lets scripts with the nonce or a hash load further scripts: adds `'strict-dynamic'` to `script-src`.
    pub fn strict_dynamic(self) -> Self {
        self.with(Directive::ScriptSrc, [Source::NONCE, Source::STRICT_DYNAMIC])
    }

    /// Keeps scripts from writing plain text where the browser would run it (Trusted Types). Only the named policies
    /// may create the types that are accepted there; without a name, no policy may.
    ///
    /// # Errors
    /// Returns [`CspError`] when a name has other characters than the standard allows.
    pub fn trusted_types<N: Into<String>>(mut self, policies: impl IntoIterator<Item = N>) -> Result<Self, CspError> {
        let names: Vec<String> = policies.into_iter().map(Into::into).collect();
        let is_name = |name: &String| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-#=_/@.%".contains(&byte))
        };
        if !names.iter().all(is_name) {
            return Err(CspError);
        }
        self.trusted_types = Some(names);
        Ok(self)
    }

    /// Sends reports of blocked content to this address: a path, or an address under `https`. The answer then has
    /// `Reporting-Endpoints`, `report-to`, and `report-uri` for browsers without the former two. Outside production,
    /// [`hardened`](crate::web::hardened) sends `report-uri` alone, since browsers take the others over HTTPS only.
    ///
    /// [`csp_reports`](crate::web::csp_reports) receives them at `/csp-reports`.
    ///
    /// # Errors
    /// Returns [`CspError`] when the text is no such address.
    pub fn report_to(mut self, address: impl Into<String>) -> Result<Self, CspError> {
        let address = address.into();
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b';' | b',' | b'"' | b'\\' | b'\'');
        let is_address = address.starts_with("https://") || address.starts_with('/') && !address.starts_with("//");
        if !is_address || !address.bytes().all(is_plain) {
            return Err(CspError);
        }
        self.reports = Some(address);
        Ok(self)
    }

    /// Returns the entry of `Reporting-Endpoints` under this name, if the policy has an address of reports.
    pub(in crate::web::headers) fn endpoint(&self, name: &str) -> Option<String> {
        self.reports.as_ref().map(|address| format!("{name}=\"{address}\""))
    }

    /// Returns which pages may have this page in a frame.
    pub(in crate::web::headers) fn frames(&self) -> Option<Frames> {
        let (_, sources) = self.directives.iter().find(|(known, _)| *known == Directive::FrameAncestors)?;
        Some(match &**sources {
            [] => Frames::Deny,
            [only] if *only == Source::SELF => Frames::SameOrigin,
            _ => Frames::Others,
        })
    }

    pub(in crate::web::headers) fn has_nonce(&self) -> bool {
        self.directives.iter().any(|(_, sources)| sources.iter().any(Source::is_nonce))
    }

    /// Writes the policy, once with places for the nonce, and once without it. `endpoint` names its entry in
    /// `Reporting-Endpoints`, if there is one.
    pub(in crate::web::headers) fn render(&self, endpoint: Option<&str>) -> Rendered {
        let mut rendered = Rendered::default();
        for (directive, sources) in &self.directives {
            rendered.begin(directive.name());
            // Without a nonce, a list of nonces alone is empty.
            rendered.none_without_nonce(sources.is_empty(), sources.iter().all(Source::is_nonce));
            for source in sources {
                match &source.0 {
                    Text::Nonce => rendered.nonce(),
                    Text::Fixed(text) => rendered.source(text),
                    Text::Owned(text) => rendered.source(text),
                }
            }
        }
        if let Some(names) = &self.trusted_types {
            rendered.begin("require-trusted-types-for 'script'");
            rendered.begin("trusted-types");
            if names.is_empty() {
                rendered.source("'none'");
            }
            names.iter().for_each(|name| rendered.source(name));
        }
        if let Some(address) = &self.reports {
            rendered.begin("report-uri");
            rendered.source(address);
            if let Some(endpoint) = endpoint {
                rendered.begin("report-to");
                rendered.source(endpoint);
            }
        }
        rendered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(csp: &Csp, nonce: Option<&str>) -> String {
        csp.render(Some("csp")).text(nonce)
    }

    #[test]
    fn the_presets_say_what_is_documented() {
        assert_eq!(text(&Csp::api(), None), "default-src 'none'; frame-ancestors 'none'");
        let html = "default-src 'self'; script-src 'nonce-N'; style-src 'self' 'nonce-N'; img-src 'self' data:; \
                    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        assert_eq!(text(&Csp::html(), Some("N")), html);
        let without = html.replace("script-src 'nonce-N'", "script-src 'none'").replace(" 'nonce-N'", "");
        assert_eq!(text(&Csp::html(), None), without);
    }

    #[test]
    fn options_are_added_once() {
        let csp = Csp::new().strict_dynamic().strict_dynamic().trusted_types(["app", "lib#1"]).unwrap();
        let expected =
            "script-src 'nonce-N' 'strict-dynamic'; require-trusted-types-for 'script'; trusted-types app lib#1";
        assert_eq!(text(&csp, Some("N")), expected);
        assert_eq!(
            text(&Csp::new().trusted_types([""; 0]).unwrap(), None),
            "require-trusted-types-for 'script'; trusted-types 'none'"
        );
        let csp = Csp::new().report_to("/csp-reports").unwrap();
        assert_eq!(text(&csp, None), "report-uri /csp-reports; report-to csp");
        assert_eq!(csp.endpoint("csp").unwrap(), "csp=\"/csp-reports\"");
        assert_eq!(csp.render(None).text(None), "report-uri /csp-reports");
    }

    #[test]
    fn a_directive_is_replaced_or_grows() {
        let csp = Csp::api().with(Directive::DefaultSrc, [Source::SELF]).with(Directive::DefaultSrc, [Source::SELF]);
        assert_eq!(text(&csp, None), "default-src 'self'; frame-ancestors 'none'");
        let csp = csp.set(Directive::DefaultSrc, [Source::HTTPS]);
        assert_eq!(text(&csp, None), "frame-ancestors 'none'; default-src https:");
    }

    #[test]
    fn no_text_adds_a_directive() {
        for bad in ["", "csp", "//evil.example", "http://a.example", "/a;script-src *", "/a b", "/a\"", "/a\r\n"] {
            assert_eq!(Csp::new().report_to(bad), Err(CspError), "{bad:?}");
        }
        for bad in ["", "a b", "a;b", "'allow-duplicates'", "*"] {
            assert_eq!(Csp::new().trusted_types([bad]), Err(CspError), "{bad:?}");
        }
    }

    #[test]
    fn frames_are_as_far_as_the_old_field_can_say() {
        assert_eq!(Csp::new().frames(), None);
        assert_eq!(Csp::html().frames(), Some(Frames::Deny));
        let own = Csp::html().set(Directive::FrameAncestors, [Source::SELF]);
        assert_eq!(own.frames(), Some(Frames::SameOrigin));
        assert_eq!(own.with(Directive::FrameAncestors, [Source::HTTPS]).frames(), Some(Frames::Others));
    }
}
