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
    http::{Request, Response},
    routing::future::RouteFuture,
};
use hyper::body::Incoming;
use pin_project_lite::pin_project;
use tower_service::Service;

use super::{
    activity::{Activity, OpenRequest, Version},
    body::AnswerBody,
};
use crate::{
    error::{CatchPanicsFuture, CatchPanicsService},
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
        let open = self.activity.begin(version);
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
        let answer = self.app.clone().call(request);
        Call { answer, version, open: Some(open) }
    }
}

pin_project! {
    /// The answer to one request.
    pub(super) struct Call {
        #[pin]
        answer: CatchPanicsFuture<RouteFuture<Infallible>>,
        version: Version,
        open: Option<OpenRequest>,
    }
}

impl Future for Call {
    type Output = Result<Response<AnswerBody>, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Ok(answer) = ready!(this.answer.poll(context));
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
