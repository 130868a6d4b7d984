use core::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    Router,
    body::Body,
    extract::connect_info::ConnectInfo,
    http::{HeaderValue, Request, Response, header::CONNECTION},
    response::IntoResponse as _,
    routing::future::RouteFuture,
};
use hyper::body::Incoming;
use pin_project_lite::pin_project;
use tower_service::Service;

use super::{
    activity::{Activity, OpenRequest, Version},
    body::AnswerBody,
    message,
};
use crate::{
    error::{CatchPanicsFuture, CatchPanicsService, Document},
    health::Leaving,
    web::EncryptedConnection,
};

/// The application, as one connection calls it.
pub(super) struct Calls {
    pub(super) app: CatchPanicsService<Router>,
    pub(super) peer: Option<SocketAddr>,
    /// Whether the connection speaks TLS.
    pub(super) is_encrypted: bool,
    /// Whether the server was asked to end.
    pub(super) is_leaving: Arc<AtomicBool>,
    pub(super) activity: Arc<Activity>,
}

impl hyper::service::Service<Request<Incoming>> for Calls {
    type Response = Response<AnswerBody>;
    type Error = Infallible;
    type Future = Call;

    fn call(&self, request: Request<Incoming>) -> Call {
        let version = match request.version() {
            axum::http::Version::HTTP_2 => Version::Http2,
            _ => Version::Http1,
        };
        let open = Some(self.activity.begin(version));
        if let Some(document) = message::refusal(&request) {
            return Call { answer: Answer::Refusal { document }, version, open };
        }
        let mut request = request.map(Body::new);
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        if self.is_encrypted {
            request.extensions_mut().insert(EncryptedConnection);
        }
        if self.is_leaving.load(Ordering::Relaxed) {
            request.extensions_mut().insert(Leaving);
        }
        // A router is always ready.
        let answer = Answer::Application { answer: self.app.clone().call(request) };
        Call { answer, version, open }
    }
}

pin_project! {
    /// The answer to one request.
    pub(super) struct Call {
        #[pin]
        answer: Answer,
        version: Version,
        open: Option<OpenRequest>,
    }
}

pin_project! {
    #[project = Projected]
    enum Answer {
        Application { #[pin] answer: CatchPanicsFuture<RouteFuture<Infallible>> },
        Refusal { document: Document },
    }
}

impl Future for Call {
    type Output = Result<Response<AnswerBody>, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let answer = match this.answer.project() {
            Projected::Application { answer } => {
                let Ok(answer) = ready!(answer.poll(context));
                answer
            }
            Projected::Refusal { document } => refuse(*document, *this.version),
        };
        let Some(mut open) = this.open.take() else {
            // hyper never polls a future that is complete.
            return Poll::Pending;
        };
        open.answered();
        Poll::Ready(Ok(match this.version {
            Version::Http1 => answer.map(|body| AnswerBody::whole(body, open)),
            Version::Http2 => answer.map(|body| AnswerBody::in_parts(body, open)),
        }))
    }
}

/// Answers a request that is not well-formed. What follows it on a connection of HTTP/1 is not read: another server may
/// see the next request elsewhere.
fn refuse(document: Document, version: Version) -> Response<Body> {
    let mut answer = document.into_response();
    if version == Version::Http1 {
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}
