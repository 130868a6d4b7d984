use crate::policy::CspDirective;

use super::{CspError, Directive, Source, rendered::Rendered};

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

    /// Returns what a handler's own `frame-ancestors` says, if it has the directive.
    pub(in crate::web::headers) fn of_changes(changes: &[CspDirective]) -> Option<Self> {
        let change = changes.iter().find(|change| change.name() == Directive::FrameAncestors.name())?;
        Some(match change.sources() {
            [] => Self::Deny,
            ["'self'"] => Self::SameOrigin,
            _ => Self::Others,
        })
    }
}

impl Csp {
    /// Creates a policy without directives, which allows everything.
    pub const fn new() -> Self {
        Self { directives: Vec::new(), trusted_types: None, reports: None }
    }

    /// Creates the policy of an API, which answers with no pages: it allows nothing.
    ///
    /// `default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`. The first directive does not
    /// stand in for the other three.
    pub fn api() -> Self {
        let nothing = [Directive::DefaultSrc, Directive::BaseUri, Directive::FormAction, Directive::FrameAncestors];
        nothing.into_iter().fold(Self::new(), |csp, directive| csp.set(directive, []))
    }

    /// Creates the policy of pages. It allows content of this origin, images in addresses that begin with `data:`, and
    /// scripts with the nonce or a hash. It allows no plug-ins, no `<base>`, and no frames around the page.
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
    /// Returns [`CspError`] when the text is not such an address.
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

    /// Writes the policy, once with places for the nonce, and once without it. `endpoint` names its entry in
    /// `Reporting-Endpoints`, if there is one. The directives of `changes` take the place of those with the same name,
    /// or follow.
    pub(in crate::web::headers) fn render(&self, endpoint: Option<&str>, changes: &[CspDirective]) -> Rendered {
        let mut rendered = Rendered::default();
        for (directive, sources) in &self.directives {
            let name = directive.name();
            match changes.iter().find(|change| change.name() == name) {
                Some(change) => rendered.change(change),
                None => rendered.list(name, sources),
            }
        }
        let is_known = |name| self.directives.iter().any(|(directive, _)| directive.name() == name);
        changes.iter().filter(|change| !is_known(change.name())).for_each(|change| rendered.change(change));
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
        csp.render(Some("csp"), &[]).text(nonce)
    }

    #[test]
    fn the_presets_say_what_is_documented() {
        assert_eq!(
            text(&Csp::api(), None),
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
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
        assert_eq!(csp.render(None, &[]).text(None), "report-uri /csp-reports");
    }

    #[test]
    fn a_directive_is_replaced_or_grows() {
        let csp = Csp::api().with(Directive::DefaultSrc, [Source::SELF]).with(Directive::DefaultSrc, [Source::SELF]);
        assert_eq!(text(&csp, None), "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        let csp = csp.set(Directive::DefaultSrc, [Source::HTTPS]);
        assert_eq!(text(&csp, None), "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; default-src https:");
    }

    #[test]
    fn a_handlers_directives_take_the_place_of_the_services() {
        const CHANGES: &[CspDirective] = &[
            CspDirective::new("img-src", &["'self'", "https://a.example"]),
            CspDirective::new("script-src", &["'nonce'", "https://b.example"]),
            CspDirective::new("object-src", &[]),
            CspDirective::new("sandbox", &[]),
            CspDirective::new("style-src", &["'nonce'"]),
        ];
        let changed = |csp: &Csp, nonce| csp.render(Some("csp"), CHANGES).text(nonce);
        let html = "default-src 'self'; script-src 'nonce-N' https://b.example; style-src 'nonce-N'; \
                    img-src 'self' https://a.example; object-src 'none'; base-uri 'none'; form-action 'self'; \
                    frame-ancestors 'none'; sandbox; report-uri /r; report-to csp";
        let reporting = Csp::html().report_to("/r").unwrap();
        assert_eq!(changed(&reporting, Some("N")), html);
        let without = html.replace("style-src 'nonce-N'", "style-src 'none'").replace(" 'nonce-N'", "");
        assert_eq!(changed(&reporting, None), without);
        let api = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                   img-src 'self' https://a.example; script-src 'nonce-N' https://b.example; object-src 'none'; sandbox; style-src 'nonce-N'";
        assert_eq!(changed(&Csp::api(), Some("N")), api);
        assert!(changed(&Csp::new(), None).starts_with("img-src 'self' https://a.example; script-src https://b"));
    }

    #[test]
    fn a_handlers_frames_are_as_far_as_the_old_field_can_say() {
        let frames = |sources| Frames::of_changes(&[CspDirective::new("frame-ancestors", sources)]);
        assert_eq!(Frames::of_changes(&[CspDirective::new("img-src", &[])]), None);
        assert_eq!(frames(&[]), Some(Frames::Deny));
        assert_eq!(frames(&["'self'"]), Some(Frames::SameOrigin));
        assert_eq!(frames(&["'self'", "https://a.example"]), Some(Frames::Others));
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
