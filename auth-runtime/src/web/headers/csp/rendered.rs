use core::mem;

use axum::http::HeaderValue;

use crate::policy::{CspDirective, csp::SANDBOX};

use super::{Source, source::Text};

/// A policy as text, cut at the places of the nonce.
#[derive(Clone, Debug, Default)]
pub(in crate::web::headers) struct Rendered {
    /// The texts that each end at a nonce.
    before_nonces: Vec<String>,
    rest: String,
    without_nonce: String,
}

impl Rendered {
    /// Writes a directive of the service.
    pub(super) fn list(&mut self, name: &str, sources: &[Source]) {
        self.begin(name);
        self.none_without_nonce(sources.is_empty(), sources.iter().all(Source::is_nonce));
        for source in sources {
            match &source.0 {
                Text::Nonce => self.nonce(),
                Text::Fixed(text) => self.source(text),
                Text::Owned(text) => self.source(text),
            }
        }
    }

    /// Writes a directive of the handler.
    pub(super) fn change(&mut self, change: &CspDirective) {
        let is_nonce = |source: &&str| *source == CspDirective::NONCE;
        self.begin(change.name());
        // `sandbox` without a word allows nothing.
        if change.name() != SANDBOX {
            self.none_without_nonce(change.sources().is_empty(), change.sources().iter().all(is_nonce));
        }
        for source in change.sources() {
            if is_nonce(source) {
                self.nonce();
            } else {
                self.source(source);
            }
        }
    }

    pub(super) fn begin(&mut self, directive: &str) {
        let separator = if self.without_nonce.is_empty() { "" } else { "; " };
        self.write(separator);
        self.write(directive);
    }

    /// Writes `'none'` for a list that is empty: always, or where the request has no nonce. Without a nonce, a list of
    /// nonces alone is empty.
    fn none_without_nonce(&mut self, is_empty: bool, is_nonces_only: bool) {
        const NONE: &str = " 'none'";
        if is_empty {
            self.write(NONE);
        } else if is_nonces_only {
            self.without_nonce.push_str(NONE);
        }
    }

    pub(super) fn source(&mut self, text: &str) {
        self.write(" ");
        self.write(text);
    }

    fn nonce(&mut self) {
        self.rest.push_str(" 'nonce-");
        self.before_nonces.push(mem::take(&mut self.rest));
        self.rest.push('\'');
    }

    pub(in crate::web::headers) fn has_nonce(&self) -> bool {
        !self.before_nonces.is_empty()
    }

    fn write(&mut self, text: &str) {
        self.rest.push_str(text);
        self.without_nonce.push_str(text);
    }

    /// Returns the policy for a request with or without a nonce.
    pub(in crate::web::headers) fn text(&self, nonce: Option<&str>) -> String {
        let Some(nonce) = nonce else { return self.without_nonce.clone() };
        let pieces = self.before_nonces.iter().flat_map(|piece| [piece, nonce]);
        pieces.chain([&*self.rest]).collect()
    }

    /// Returns the policy as a field's value. Its parts are ASCII without control characters, so it always is one; a
    /// policy that allows nothing stands in for another.
    pub(in crate::web::headers) fn value(&self, nonce: Option<&str>) -> HeaderValue {
        HeaderValue::try_from(self.text(nonce)).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }
}
