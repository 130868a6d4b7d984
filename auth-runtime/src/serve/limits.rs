use core::time::Duration;

/// What a connection, and all of them together, may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) handshake: Duration,
    pub(super) head: Duration,
    pub(super) idle: Duration,
    pub(super) stall: Duration,
    pub(super) connections: usize,
    /// `None` is the default, which depends on the number of connections.
    pub(super) of_client: Option<usize>,
    pub(super) streams: u32,
    pub(super) header_bytes: u32,
    pub(super) shutdown: Duration,
    /// How long the server still takes requests after it was asked to end. `None` is the default of the environment.
    pub(super) leave: Option<Duration>,
    pub(super) reload: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            stall: Duration::from_secs(30),
            connections: 10_000,
            of_client: None,
            streams: 100,
            header_bytes: 16 * 1024,
            // Kubernetes and systemd wait longer: 30 and 90 seconds.
            shutdown: Duration::from_secs(25),
            leave: None,
            reload: Duration::from_secs(30),
        }
    }
}

/// Several people may share an address, and each browser has a few connections: with fewer, they would notice.
const LEAST_OF_CLIENT: usize = 100;

impl Limits {
    /// Returns how many connections one client may have.
    pub(super) fn most_of_client(&self) -> usize {
        self.of_client.unwrap_or_else(|| (self.connections / 10).max(LEAST_OF_CLIENT))
    }

    /// Returns the methods of the builder with values that no server can work with.
    pub(super) fn faults(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        [
            ("handshake_within", self.handshake.is_zero(), ZERO_DURATION),
            ("head_within", self.head.is_zero(), ZERO_DURATION),
            ("idle_for", self.idle.is_zero(), ZERO_DURATION),
            ("stalled_for", self.stall.is_zero(), ZERO_DURATION),
            ("reload_every", self.reload.is_zero(), ZERO_DURATION),
            ("most_connections", self.connections == 0, "is zero, so no client could connect"),
            ("most_connections_per_client", self.of_client == Some(0), "is zero, so no client could connect"),
            ("most_streams", self.streams == 0, "is zero, so no request could come over HTTP/2"),
            ("most_header_bytes", self.header_bytes < LEAST_HEADERS, "is less than 8192, which hyper cannot work with"),
        ]
        .into_iter()
        .filter_map(|(setting, is_wrong, message)| is_wrong.then_some((setting, message)))
    }
}

const ZERO_DURATION: &str = "is zero, so every connection would end at once";

/// hyper's buffer for the head of a request of HTTP/1 is never smaller.
const LEAST_HEADERS: u32 = 8192;
