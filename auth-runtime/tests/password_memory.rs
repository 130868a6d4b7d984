//! Measures the memory of a flood of sign-ins. The test is alone in its process, because it reads the peak of the
//! process.
#![cfg(target_os = "linux")]

use core::num::NonZeroU16;
use std::{fs, sync::Arc};

use auth_runtime::{
    password::{Cost, PasswordError, Passwords},
    secret::SystemEntropy,
};
use secrecy::SecretString;
use tokio::task::JoinSet;

const WORKERS: u16 = 2;
const MIB: u64 = 1024;

fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_sign_ins_take_the_memory_of_the_workers_and_the_excess_is_busy() {
    let passwords = Passwords::builder(Arc::new(SystemEntropy::new()));
    let passwords = passwords.workers(NonZeroU16::new(WORKERS).unwrap()).queue(20).build();
    let before = peak_kib();
    let mut calls = JoinSet::new();
    for _ in 0..500 {
        let passwords = passwords.clone();
        calls.spawn(async move { passwords.verify_absent(&SecretString::from("password")).await.map(drop) });
    }
    let ended = calls.join_all().await;
    let busy = ended.iter().filter(|ended| matches!(ended, Err(PasswordError::Busy { .. }))).count();
    assert!(ended.iter().all(|ended| matches!(ended, Ok(()) | Err(PasswordError::Busy { .. }))));
    assert!((1..=500 - 22).contains(&busy), "{busy}");
    let grown = peak_kib() - before;
    assert!(grown <= u64::from(WORKERS) * u64::from(Cost::OWASP.memory_kib()) + 64 * MIB, "{grown} KiB");
}
