use core::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use smallvec::SmallVec;

use crate::{limit::PreparedLimit, policy::LimitKey};

/// Key texts that are built from the request: path parameters, and the results of the application's functions.
#[derive(Default)]
pub(super) struct KeyTexts {
    path: Option<RawPathParams>,
    custom: SmallVec<[(usize, String); 1]>,
}

impl KeyTexts {
    /// Reads what the keys of these limits need. Path parameters and the application's functions need the request
    /// mutably, so they are read before any key is built.
    #[inline]
    pub(super) fn read(limits: &[PreparedLimit], parts: &mut Parts) -> Self {
        let mut texts = Self::default();
        for (index, limit) in limits.iter().enumerate() {
            match limit.limit().key() {
                LimitKey::Path(_) if texts.path.is_none() => texts.path = path_parameters(parts),
                LimitKey::Custom { key, .. } => texts.custom.extend(key(parts).map(|text| (index, text))),
                _ => {}
            }
        }
        texts
    }

    pub(super) fn path(&self, name: &str) -> Option<&str> {
        self.path.as_ref()?.iter().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// Returns the text of the function that the limit at `index` names.
    pub(super) fn custom(&self, index: usize) -> Option<&str> {
        self.custom.iter().find(|(found, _)| *found == index).map(|(_, text)| text.as_str())
    }
}

/// Returns the path parameters. The router stored them in the extensions, so the extractor that reads them never waits.
fn path_parameters(parts: &mut Parts) -> Option<RawPathParams> {
    let reading = pin!(RawPathParams::from_request_parts(parts, &()));
    match reading.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(parameters) => parameters.ok(),
        Poll::Pending => None,
    }
}
