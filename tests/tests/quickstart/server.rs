use std::{
    ops::Deref,
    path::{Path, PathBuf},
    process::Output,
};

use auth_tests::program;

/// A running quickstart in a folder of its own. Ends with the value.
pub(super) struct Server(program::Running);

impl Server {
    /// In an empty folder, without any setting.
    pub(super) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Trusting a proxy on this machine, so that one test can speak for many addresses, see
    /// [`Call::from`](super::http::Call::from).
    pub(super) fn behind_proxy() -> Self {
        Self::start_with(&[("TRUSTED_PROXIES", "127.0.0.0/8")])
    }

    pub(super) fn start_with(settings: &[(&str, &str)]) -> Self {
        Self(program::Running::start(QUICKSTART, settings))
    }

    /// See [`program::Running::crash_and_restart`].
    pub(super) fn crash_and_restart(self) -> Self {
        Self(self.0.crash_and_restart())
    }

    /// See [`program::Running::into_log`].
    pub(super) fn into_log(self) -> String {
        self.0.into_log()
    }
}

impl Deref for Server {
    type Target = program::Running;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// Runs the program where it is expected to end by itself.
pub(super) fn run_in(folder: &Path, settings: &[(&str, &str)]) -> Output {
    program::run_in(QUICKSTART, folder, settings)
}

pub(super) fn quickstart() -> PathBuf {
    program::binary(QUICKSTART)
}

const QUICKSTART: &str = "quickstart";
