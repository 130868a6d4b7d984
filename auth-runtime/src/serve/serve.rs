use core::{fmt, future::pending, pin::Pin, time::Duration};
use std::{env, path::PathBuf, sync::Arc};

use axum::{Router, serve::Listener};
use tokio_rustls::TlsAcceptor;
use tower_layer::Layer as _;

use super::{
    accept::accept,
    application::Application,
    connection::Shared,
    limits::Limits,
    places::Places,
    reload::follow,
    shutdown::{Signal, asked_to_end},
};
use crate::{
    auth::{Collector, Environment, Faults, Settings},
    error::CatchPanics,
    limit::TrustedProxies,
    tls::{Certificate, TlsFiles},
};

/// Serves an application, and ends connections when clients send or take nothing.
///
/// It takes what `axum::serve` takes: a listener, and a [`GuardedRouter`](crate::GuardedRouter) or an [`axum::Router`].
/// The address of each client is always known to the guard; `into_make_service_with_connect_info` is not needed.
///
/// ```no_run
/// use auth_runtime::{auth::Settings, prelude::*};
///
/// #[public(because = "load balancer probe")]
/// async fn health() -> &'static str {
///     "ok"
/// }
///
/// #[tokio::main(flavor = "current_thread")]
/// async fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let settings = Settings::from_env()?;
///     let auth = Auth::builder().settings(&settings).build()?;
///     let app = GuardedRouter::new().route("/health", get(health)).with_state(auth);
///     let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
///     auth_runtime::serve(listener, app).settings(&settings).await?;
///     Ok(())
/// }
/// ```
///
/// | what | default | method |
/// |---|---|---|
/// | time for a TLS handshake | 10 s | [`handshake_within`](Serve::handshake_within) |
/// | time for the head of a request, and for a connection's first byte | 10 s | [`head_within`](Serve::head_within) |
/// | time without a request, on a connection that stays open | 60 s | [`idle_for`](Serve::idle_for) |
/// | time in which a client takes no part of an answer | 30 s | [`stalled_for`](Serve::stalled_for) |
/// | open connections | 10,000 | [`most_connections`](Serve::most_connections) |
/// | open connections of one public address | a tenth of them, at least 100 | [`most_connections_per_client`] |
/// | requests at once on a connection of HTTP/2 | 100 | [`most_streams`](Serve::most_streams) |
/// | bytes of a request's head | 16 KiB | [`most_header_bytes`](Serve::most_header_bytes) |
/// | time in which a server that ends still takes requests | 5 s in production | [`leave_for`](Serve::leave_for) |
/// | time for open requests, from the same moment | 25 s | [`shutdown_within`](Serve::shutdown_within) |
///
/// - A connection with an open request is not idle. A connection that the application has taken over is not idle
///   either: streams and WebSockets have no deadline here, as long as the client takes the data. The time for a
///   request's body is the application's.
/// - A client of HTTP/2 that takes back more requests than it lets answer loses its connection.
/// - Where all connections are taken, further clients wait. The system limits open files, too: `ulimit -n`.
/// - Where one client has all of its connections, further ones of it are closed. A proxy is no client: name it in
///   `TRUSTED_PROXIES`, and call [`settings`](Serve::settings).
/// - With `TLS_CERT` and `TLS_KEY`, the server speaks TLS 1.2 and 1.3 only. It looks at the files every 30 seconds, and
///   new connections get a new certificate. A wrong pair is an event of the level `ERROR`, and the former one stays.
/// - The server ends on Ctrl-C, on `SIGTERM`, and on Windows when the console or the system ends. It takes no further
///   requests, answers the open ones, and cuts the rest after the time above. A second signal cuts at once. It does
///   not wait for WebSockets.
/// - A request of HTTP/1.1 without one valid `Host` is 400, and one with another transfer coding than `chunked` is 501.
///   Both end their connection, as a proxy may have read them otherwise.
/// - A handler that panics answers 500, see [`CatchPanics`].
///
/// Events have the target `auth_runtime::serve`: a client's connection that ends early is one of the level `DEBUG`.
///
/// [`most_connections_per_client`]: Serve::most_connections_per_client
pub fn serve<L: Listener>(listener: L, app: impl Application) -> Serve<L> {
    Serve {
        listener,
        app: app.into_routes(),
        limits: Limits::default(),
        proxies: TrustedProxies::none(),
        tls: Tls::NotSaid,
        stop: None,
    }
}

/// A server that [`serve`] returns. It serves when it is awaited.
#[must_use = "a server does nothing unless it is awaited"]
pub struct Serve<L> {
    listener: L,
    app: Router,
    limits: Limits,
    proxies: TrustedProxies,
    tls: Tls,
    stop: Option<Signal>,
}

/// Whether the server speaks TLS.
enum Tls {
    /// The application has said nothing.
    NotSaid,
    Without,
    With(TlsFiles),
}

/// Platforms notice within a few seconds that a process is not ready.
const LEAVE_IN_PRODUCTION: Duration = Duration::from_secs(5);

impl<L> Serve<L> {
    /// Speaks TLS where the settings have `TLS_CERT` and `TLS_KEY`, and counts no connections of `TRUSTED_PROXIES`.
    ///
    /// Without this method, a server that finds `TLS_CERT` or `TLS_KEY` in the environment does not start. It would
    /// serve in clear what should be encrypted.
    pub fn settings(mut self, settings: &Settings) -> Self {
        self.tls = settings.tls_files().map_or(Tls::Without, Tls::With);
        self.proxies = settings.proxies();
        if settings.environment() == Environment::Production {
            self.limits.leave.get_or_insert(LEAVE_IN_PRODUCTION);
        }
        self
    }

    /// Speaks TLS with a certificate and a key from these files, in PEM.
    pub fn tls(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.tls = Tls::With(TlsFiles { certificate: certificate.into(), key: key.into() });
        self
    }

    /// Sets how long a TLS handshake may take.
    pub fn handshake_within(mut self, time: Duration) -> Self {
        self.limits.handshake = time;
        self
    }

    /// Sets how long the head of a request may take: the first one from the start of the connection, further ones of
    /// HTTP/1 from their first byte. On HTTP/2 the idle time limits further ones.
    pub fn head_within(mut self, time: Duration) -> Self {
        self.limits.head = time;
        self
    }

    /// Sets how long a connection without a request stays open.
    pub fn idle_for(mut self, time: Duration) -> Self {
        self.limits.idle = time;
        self
    }

    /// Sets how long a client may take no byte of an answer that waits for it. Over HTTP/2 the client has to take 8 KiB
    /// of each answer in this time, or 64 KiB once it has been quick. An answer that is not taken ends alone, unless
    /// the client takes no answer at all.
    pub fn stalled_for(mut self, time: Duration) -> Self {
        self.limits.stall = time;
        self
    }

    /// Sets how many connections may be open.
    pub fn most_connections(mut self, number: usize) -> Self {
        self.limits.connections = number;
        self
    }

    /// Sets how many connections one client may have: one IPv4 address, or one /64 of IPv6. Further ones are closed.
    ///
    /// Connections of [`trusted_proxies`](Self::trusted_proxies) are not counted. The default does not count those of
    /// loopback and private addresses either, since these are often proxies. A number of your own counts them.
    pub fn most_connections_per_client(mut self, number: usize) -> Self {
        self.limits.of_client = Some(number);
        self
    }

    /// Sets the proxies that connect for many clients, in place of `TRUSTED_PROXIES`.
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.proxies = proxies;
        self
    }

    /// Sets how many requests may be open at once on a connection of HTTP/2.
    pub fn most_streams(mut self, number: u32) -> Self {
        self.limits.streams = number;
        self
    }

    /// Sets how long the head of a request may be, at least 8192 bytes. A longer one is 431.
    pub fn most_header_bytes(mut self, bytes: u32) -> Self {
        self.limits.header_bytes = bytes;
        self
    }

    /// Sets how long the server still takes requests after it was asked to end. Meanwhile `/readyz` of
    /// [`health`](crate::health) answers 503, so that the platform sends its requests elsewhere. By default that is 5 s
    /// in production, where `.settings(&settings)` is called, and else no time.
    pub fn leave_for(mut self, time: Duration) -> Self {
        self.limits.leave = Some(time);
        self
    }

    /// Sets how long open requests may take when the server ends, from the moment at which it is asked to. Zero cuts
    /// them at once.
    pub fn shutdown_within(mut self, time: Duration) -> Self {
        self.limits.shutdown = time;
        self
    }

    /// Ends the server when `signal` is ready, and no longer on the signals of the platform.
    pub fn shutdown_on(mut self, signal: impl Future<Output = ()> + Send + 'static) -> Self {
        self.stop = Some(Box::pin(signal));
        self
    }

    /// Sets how often the server looks at the files of the certificate.
    pub fn reload_every(mut self, time: Duration) -> Self {
        self.limits.reload = time;
        self
    }

    /// Returns the certificate, or `None` for plain HTTP.
    fn certificate(&self, faults: &mut Collector) -> Option<Certificate> {
        match &self.tls {
            Tls::Without => None,
            Tls::NotSaid => {
                let is_set = |name: &&str| env::var_os(name).is_some_and(|value| !value.is_empty());
                for name in ["TLS_CERT", "TLS_KEY"].into_iter().filter(is_set) {
                    faults.push(name, "is set, but `serve` does not know the settings; write `.settings(&settings)`");
                }
                None
            }
            Tls::With(files) => match Certificate::load(files.clone()) {
                Ok(certificate) => Some(certificate),
                Err(all) => {
                    all.into_iter().for_each(|fault| faults.push(fault.setting, fault.message));
                    None
                }
            },
        }
    }
}

impl<L: Listener<Addr: 'static>> Serve<L> {
    /// Serves until it is asked to end.
    async fn run(self) -> Result<(), Faults> {
        let mut faults = Collector::default();
        self.limits.faults().for_each(|(setting, message)| faults.push(setting, message));
        let certificate = self.certificate(&mut faults);
        let config = certificate.as_ref().and_then(|it| faults.take("TLS_CERT", it.server_config()));
        faults.finish_with(Some(()))?;

        let tls = config.map(|config| TlsAcceptor::from(Arc::new(config)));
        let shared = Arc::new(Shared::new(CatchPanics::new().layer(self.app), self.limits, tls));
        // A second signal of the platform cuts the open requests. An application's own signal comes once.
        let (stop, hurry): (Signal, Signal) = match self.stop {
            Some(stop) => (stop, Box::pin(pending())),
            None => (Box::pin(asked_to_end()), Box::pin(asked_to_end())),
        };
        let places = Places::new(&self.limits, self.proxies);
        let serving = accept(self.listener, places, shared, stop, hurry);
        match certificate {
            None => serving.await,
            Some(certificate) => tokio::select! {
                () = serving => {}
                () = async { follow(certificate, self.limits.reload).await; pending().await } => {}
            },
        }
        Ok(())
    }
}

impl<L: Listener<Addr: 'static>> IntoFuture for Serve<L> {
    type Output = Result<(), Faults>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<(), Faults>> + Send>>;

    /// Serves until the server is asked to end.
    ///
    /// # Errors
    /// The future returns the faults of the certificate and of the builder's values, all at once, before the server
    /// takes the first connection. It returns no other error.
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<L> fmt::Debug for Serve<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serve").field("limits", &self.limits).finish_non_exhaustive()
    }
}
