//! The identifier of a request, under which its failure stands in the log and in the response.

use core::cell::OnceCell;

use axum::http::{HeaderMap, HeaderValue};
use tokio::{task::futures::TaskLocalFuture, task_local};

use crate::secret::{Entropy as _, SystemEntropy};

task_local! {
    // A task-local lives in the future of the request. A request that does not fail never computes its identifier.
    static ID: RequestId;
}

/// The identifier of one request. The innermost layer that gives one to the request's future counts.
pub(super) struct RequestId {
    /// The value of the request's header, of the usual form.
    sent: Option<HeaderValue>,
    /// The identifier of a request without the header. It is chosen when the request fails.
    chosen: OnceCell<String>,
}

/// A future that finds its request's identifier with [`request_id`].
pub(super) type Identified<F> = TaskLocalFuture<RequestId, F>;

impl RequestId {
    /// Takes the identifier that the request has already. Otherwise it is chosen when the request fails.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self { sent: sent(headers).cloned(), chosen: OnceCell::new() }
    }

    pub(super) fn scope<F: Future>(self, request: F) -> Identified<F> {
        ID.scope(self, request)
    }

    fn text(&self) -> String {
        match self.sent.as_ref().and_then(|id| id.to_str().ok()) {
            Some(id) => id.to_owned(),
            None => self.chosen.get_or_init(new).clone(),
        }
    }
}

/// Returns the identifier of the current request. Outside of a request it is a new one, so that a line of the log and
/// the response still have the same.
pub(super) fn request_id() -> String {
    ID.try_with(RequestId::text).unwrap_or_else(|_| new())
}

/// Returns the identifier that a layer or a proxy has given to the request. It goes into the log and into the response,
/// so one of another form than usual identifiers have is ignored.
fn sent(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut all = headers.get_all("x-request-id").iter();
    let (Some(id), None) = (all.next(), all.next()) else { return None };
    let is_usual = (1..=MOST_LETTERS).contains(&id.len())
        && id.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    is_usual.then_some(id)
}

/// UUIDs have 36 letters, trace identifiers 32, and those of load balancers up to 64. The layer `RequestIds` takes them
/// from trusted proxies up to this length, so each that it shows is the one of the log.
pub(crate) const MOST_LETTERS: usize = 128;

/// Returns 128 random bits. Without randomness it is zero, which is no secret and still an answer.
fn new() -> String {
    let mut bits = [0; 16];
    let _ = SystemEntropy::new().fill(&mut bits);
    format!("{:032x}", u128::from_be_bytes(bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(ids: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for id in ids {
            headers.append("x-request-id", id.parse().unwrap());
        }
        headers
    }

    #[tokio::test]
    async fn a_request_has_one_identifier() {
        let both = RequestId::of(&headers(&[])).scope(async { (request_id(), request_id()) }).await;
        assert_eq!(both.0, both.1);
        assert_eq!(both.0.len(), 32);
        assert_ne!(both.0, RequestId::of(&headers(&[])).scope(async { request_id() }).await);
        assert_ne!(request_id(), request_id());
    }

    #[tokio::test]
    async fn an_identifier_of_the_usual_form_is_kept() {
        for id in ["5", "0195f3a0-7c1e-7abc-8def-0123456789ab", "Root_1.a", &"a".repeat(128)] {
            assert_eq!(RequestId::of(&headers(&[id])).scope(async { request_id() }).await, id);
        }
        for ids in [&[""][..], &["a b"], &["a\"b"], &[&"a".repeat(129)], &["a", "b"], &["a", "a"]] {
            let id = RequestId::of(&headers(ids)).scope(async { request_id() }).await;
            assert_eq!(id.len(), 32, "{ids:?}");
        }
    }
}
