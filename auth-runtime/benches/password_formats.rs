//! What one verification of each form of stored hash takes: as its system writes it by default, and at the default
//! [`Ceilings`](auth_runtime::password::Ceilings), which are to keep it under about 250 ms.
//!
//! Prints a table in Markdown.
#![allow(clippy::print_stdout, reason = "a benchmark's result")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use auth_runtime::{
    password::{Passwords, Verified},
    secret::SystemEntropy,
};
use secrecy::SecretString;
use tokio::runtime::{Builder, Runtime};

use forms::{at_the_ceiling, at_the_ceiling_for_a_long_password, usual};

#[path = "password_formats/forms.rs"]
mod forms;

const PASSWORD: &str = "correct horse battery";

fn main() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let passwords = Passwords::builder(Arc::new(SystemEntropy::new())).build();
    println!("| form | as written by | ms, fastest | ms, median |\n|---|---|---|---|");
    for (form, by, stored) in usual().into_iter().chain(at_the_ceiling()) {
        report(&runtime, &passwords, form, by, PASSWORD, &stored);
    }
    let long = "x".repeat(1024);
    for (form, by, stored) in at_the_ceiling_for_a_long_password() {
        report(&runtime, &passwords, form, by, &long, &stored);
    }
}

/// Returns how often each hash is verified: once where a short run is to show that the program works, as in
/// `cargo test --bench '*' -- --test`.
fn rounds() -> usize {
    if std::env::args().any(|argument| argument == "--test") { 1 } else { 9 }
}

fn report(runtime: &Runtime, passwords: &Passwords, form: &str, by: &str, password: &str, stored: &str) {
    let password = SecretString::from(password);
    let mut taken: Vec<Duration> = (0..rounds())
        .map(|_| {
            let began = Instant::now();
            let verified = runtime.block_on(passwords.verify(&password, stored)).expect("a readable hash");
            assert_eq!(verified, Verified::Mismatch, "{form}");
            began.elapsed()
        })
        .collect();
    taken.sort_unstable();
    let ms = |taken: Duration| taken.as_secs_f64() * 1000.0;
    println!("| {form} | {by} | {:.1} | {:.1} |", ms(taken[0]), ms(taken[taken.len() / 2]));
}
