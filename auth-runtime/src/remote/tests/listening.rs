//! The events of a test.

use std::{
    io,
    sync::{Arc, LazyLock, Mutex},
};

use tracing::{Dispatch, Level, dispatcher::DefaultGuard};

/// Collects the events of this thread, on which all tasks of a test run.
pub(super) struct Listening {
    log: Log,
    _guard: DefaultGuard,
}

impl Listening {
    pub(super) fn new() -> Self {
        // tracing remembers for each event whether any subscriber wants it. With only one subscriber in the process, it
        // would ask the thread that comes first, which may have no subscriber.
        static OTHER: LazyLock<Dispatch> = LazyLock::new(|| subscriber(io::sink));
        LazyLock::force(&OTHER);
        let log = Log::default();
        let writer = log.clone();
        let guard = tracing::dispatcher::set_default(&subscriber(move || writer.clone()));
        Self { log, _guard: guard }
    }

    /// Returns the events since the last call.
    pub(super) fn events(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.log.0.lock().unwrap())).unwrap()
    }
}

fn subscriber<W: io::Write>(writer: impl Fn() -> W + Send + Sync + 'static) -> Dispatch {
    Dispatch::new(tracing_subscriber::fmt().with_max_level(Level::TRACE).with_ansi(false).with_writer(writer).finish())
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
