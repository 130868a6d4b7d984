use std::{
    ops::Deref,
    path::{Path, PathBuf},
    process::Output,
};

use auth_tests::program;

/// A running quickstart in its own folder. Dropping the value ends it.
pub(super) struct Server(program::Running);

impl Server {
    /// Starts the quickstart in an empty folder, without any setting.
    pub(super) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts the quickstart so that it trusts a proxy on this machine. One test can then send requests from many
    /// addresses; see [`Call::from`](super::http::Call::from).
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

/// Runs the program, which is expected to exit on its own.
pub(super) fn run_in(folder: &Path, settings: &[(&str, &str)]) -> Output {
    program::run_in(QUICKSTART, folder, settings)
}

pub(super) fn quickstart() -> PathBuf {
    program::binary(QUICKSTART)
}

const QUICKSTART: &str = "quickstart";
