mod archives;
mod files;
mod forms;
mod lives;
mod properties;
mod serving;
mod support;
mod types;
