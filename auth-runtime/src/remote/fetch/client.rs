use core::time::Duration;
use std::{net::SocketAddr, sync::Arc};

use axum::{
    body::Bytes,
    http::{
        Request, StatusCode,
        header::{ACCEPT, HOST, USER_AGENT},
    },
};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    task::AbortHandle,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::{
    Authority, Call, Endpoint, FetchError, Reply,
    resolve::{Resolve, System},
    tls,
};

/// The maximum length of a document.
const MOST_BYTES: usize = 256 * 1024;
/// The buffer for a header of an answer.
const MOST_HEADER_BYTES: usize = 16 * 1024;
const MOST_HEADERS: usize = 64;
/// A host with more addresses is not tried at the others.
const MOST_ADDRESSES: usize = 4;
/// The time for one of several addresses, so that the next gets its turn.
const CONNECT_WITHIN: Duration = Duration::from_millis(1500);

/// A client for single requests. It follows no redirects and knows no proxies, cookies or compression.
pub(crate) struct Client {
    resolver: Box<dyn Resolve>,
    tls: Option<Arc<ClientConfig>>,
}

impl Client {
    /// Creates a client that trusts the certificates of this machine.
    pub(crate) fn new() -> Self {
        Self { resolver: Box::new(System), tls: tls::of_this_machine().map(Arc::new) }
    }

    #[cfg(test)]
    pub(in crate::remote) fn with(resolver: impl Resolve + 'static, tls: Option<ClientConfig>) -> Self {
        Self { resolver: Box::new(resolver), tls: tls.map(Arc::new) }
    }

    /// Returns whether the machine trusts any certificate, so that HTTPS is possible.
    pub(crate) fn has_certificates(&self) -> bool {
        self.tls.is_some()
    }

    /// Fetches a document. The caller bounds the time.
    pub(in crate::remote) async fn get(&self, url: &Endpoint, internal: &[Authority]) -> Result<Bytes, FetchError> {
        self.get_by(Call::get(url), internal).await
    }

    /// Fetches a document by a request with further fields.
    pub(in crate::remote) async fn get_by(&self, call: Call<'_>, internal: &[Authority]) -> Result<Bytes, FetchError> {
        let reply = self.send(call, internal).await?;
        if reply.status == StatusCode::OK { Ok(reply.body) } else { Err(FetchError::Status(reply.status.as_u16())) }
    }

    /// Sends a request, and returns the answer if it is no redirect. The caller bounds the time.
    pub(in crate::remote) async fn send(&self, call: Call<'_>, internal: &[Authority]) -> Result<Reply, FetchError> {
        let url = call.url;
        let stream = self.connect(url, internal).await?;
        if !url.is_https {
            return request(stream, call).await;
        }
        let tls = self.tls.clone().ok_or_else(|| FetchError::Tls("this machine trusts no certificates".into()))?;
        let name =
            ServerName::try_from(url.authority.host.to_string()).map_err(|error| FetchError::Tls(error.into()))?;
        let stream =
            TlsConnector::from(tls).connect(name, stream).await.map_err(|error| FetchError::Tls(error.into()))?;
        request(stream, call).await
    }

    /// Connects to an address of the host that was checked. The name is looked up once, so a second answer of the name
    /// server cannot change the address.
    async fn connect(&self, url: &Endpoint, internal: &[Authority]) -> Result<TcpStream, FetchError> {
        let Authority { host, port } = &url.authority;
        let found = self.resolver.resolve(host, *port).await;
        let addresses: Vec<SocketAddr> = found.map_err(|_| FetchError::Unresolved)?;
        let reach = url.reach(internal);
        // One address inside is enough to refuse the name: a public host has only public ones.
        if addresses.iter().any(|address| !reach.allows(address.ip())) {
            return Err(FetchError::AddressRefused);
        }
        let mut failure = FetchError::Unresolved;
        for address in addresses.iter().take(MOST_ADDRESSES) {
            match timeout(CONNECT_WITHIN, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => failure = FetchError::Connection(error.into()),
                Err(_) => failure = FetchError::TooSlow,
            }
        }
        Err(failure)
    }
}

async fn request(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    call: Call<'_>,
) -> Result<Reply, FetchError> {
    let failed = |error: hyper::Error| FetchError::Connection(error.into());
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(MOST_HEADER_BYTES)
        .max_headers(MOST_HEADERS)
        .handshake::<_, Full<Bytes>>(TokioIo::new(stream))
        .await
        .map_err(failed)?;
    let _driver = Driver(tokio::spawn(connection).abort_handle());
    let mut request = Request::builder()
        .method(call.method)
        .uri(&*call.url.path)
        .header(HOST, call.url.host_field())
        .header(ACCEPT, "application/json")
        .header(USER_AGENT, concat!("auth-runtime/", env!("CARGO_PKG_VERSION")));
    for (name, value) in call.fields {
        request = request.header(name, value);
    }
    let request = request.body(Full::new(call.body)).map_err(|error| FetchError::Connection(error.into()))?;
    let answer = sender.send_request(request).await.map_err(failed)?;
    let (head, body) = answer.into_parts();
    match head.status {
        StatusCode::OK => Ok(Reply::new(head.status, &head.headers, read(body).await?)),
        status if status.is_redirection() => Err(FetchError::Redirect),
        status => Ok(Reply::new(status, &head.headers, Bytes::new())),
    }
}

async fn read(body: Incoming) -> Result<Bytes, FetchError> {
    let read = Limited::new(body, MOST_BYTES).collect().await;
    read.map(|body| body.to_bytes()).map_err(|error| match error.is::<LengthLimitError>() {
        true => FetchError::TooLong,
        false => FetchError::Connection(error),
    })
}

/// The task that drives a connection. It ends with the request, also when the request is given up.
struct Driver(AbortHandle);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}
