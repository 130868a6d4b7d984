mod archives;
mod bombs;
mod files;
mod forms;
#[cfg(unix)]
mod killed;
mod lives;
mod properties;
mod serving;
mod support;
mod types;
