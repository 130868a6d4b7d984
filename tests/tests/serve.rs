//! `auth_runtime::serve` on real sockets: deadlines, limits, TLS, panics, and its end.

mod serve {
    mod answers;
    mod bodies;
    mod deadlines;
    mod end;
    mod hostile;
    mod http2;
    mod limits;
    mod long;
    mod messages;
    mod server;
    mod shares;
    mod stalls;
    mod tls;
    mod tunnels;
}
