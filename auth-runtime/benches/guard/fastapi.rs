//! H4: the same handler in a Python service, which runs until this value is dropped.

use std::{
    ffi::OsStr,
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command},
    thread::sleep,
    time::Duration,
};

use super::{
    apps::{AUDIENCE, ISSUER, SECRET},
    loopback::Server,
    rounds::Case,
};

pub(crate) const NAME: &str = "FastAPI, uvicorn with uvloop, PyJWT";

pub(crate) struct FastApi {
    child: Child,
    address: SocketAddr,
}

impl FastApi {
    /// Starts the service with this interpreter, which has the packages that `scripts/bench-fastapi` names.
    pub(crate) fn start(python: &OsStr) -> Self {
        let address = free_address();
        let child = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/guard/fastapi_service.py"))
            .arg(address.port().to_string())
            .env("BENCH_SECRET", SECRET)
            .env("BENCH_ISSUER", ISSUER)
            .env("BENCH_AUDIENCE", AUDIENCE)
            .spawn()
            .expect("an interpreter");
        let started = Self { child, address };
        for _ in 0..100 {
            if TcpStream::connect(address).is_ok() {
                return started;
            }
            sleep(Duration::from_millis(200));
        }
        panic!("the service in Python does not answer");
    }

    /// Returns the service as a server to measure. It has one thread, so its processor time is that of the process.
    pub(crate) fn server(&self, case: &Case) -> Server {
        Server::at(NAME, self.address, format!("/proc/{}/schedstat", self.child.id()), case)
    }
}

impl Drop for FastApi {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port")
}
