//! A way to the server that is slow to connect, loses all packets, as a network without its router does, or leads to
//! another server.

use core::{future::pending, time::Duration};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    time::sleep,
};

pub(crate) struct Proxy {
    port: u16,
    /// The server's address, as in its URL.
    server: String,
    /// Where new connections lead.
    target: Arc<Mutex<String>>,
    /// How long a new connection waits before it reaches the server, in milliseconds.
    delay: Arc<AtomicU64>,
    silenced: watch::Sender<()>,
}

impl Proxy {
    /// Listens for connections to the server of this URL.
    pub(crate) async fn to(url: &str) -> Self {
        let server = address(url);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let target = Arc::new(Mutex::new(server.clone()));
        let proxy = Self { port, server, target, delay: Arc::default(), silenced: watch::Sender::new(()) };
        let (target, delay, silenced) = (Arc::clone(&proxy.target), Arc::clone(&proxy.delay), proxy.silenced.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let delay = Duration::from_millis(delay.load(Ordering::SeqCst));
                let server = target.lock().unwrap().clone();
                tokio::spawn(pass(client, server, delay, silenced.subscribe()));
            }
        });
        proxy
    }

    /// Returns the URL with this way in place of the direct one.
    pub(crate) fn instead(&self, url: &str) -> String {
        url.replace(&self.server, &format!("127.0.0.1:{}", self.port))
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Lets new connections lead to the server of this URL.
    pub(crate) fn lead_to(&self, url: &str) {
        *self.target.lock().unwrap() = address(url);
    }

    /// Lets each new connection wait.
    pub(crate) fn delay(&self, delay: Duration) {
        self.delay.store(u64::try_from(delay.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// Loses all packets of the connections that there are. They stay open.
    pub(crate) fn silence(&self) {
        self.silenced.send_replace(());
    }
}

fn address(url: &str) -> String {
    url.split_once('@').unwrap().1.split('/').next().unwrap().to_owned()
}

async fn pass(mut client: TcpStream, server: String, delay: Duration, mut silenced: watch::Receiver<()>) {
    sleep(delay).await;
    // The client's connection ends with a server that is away.
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    tokio::select! {
        _ = copy_bidirectional(&mut client, &mut server) => {}
        _ = silenced.changed() => pending().await,
    }
}
