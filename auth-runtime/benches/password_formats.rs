//! What one verification of each form of stored hash takes: as its system writes it by default, and at the default
//! [`Ceilings`](auth_runtime::password::Ceilings), which are to keep it under about 250 ms.
//!
//! Prints a table in Markdown. The hashes are of no password, so that each is derived whole and matches nothing.
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

const PASSWORD: &str = "correct horse battery";
const SALT: &str = "c29tZXNhbHRzb21lc2FsdA";
const TAG: &str = "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
const BCRYPT: &str = "uJPulY9QPNPK8MRB/cDD3OS4it4/r5YZQUPtPNaRojtCeSIOvtCXy";
const ROUNDS: usize = 9;

fn main() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let passwords = Passwords::builder(Arc::new(SystemEntropy::new())).build();
    println!("| form | as written by | ms, fastest | ms, median |\n|---|---|---|---|");
    for (form, by, stored) in usual().into_iter().chain(at_the_ceiling()) {
        report(&runtime, &passwords, form, by, PASSWORD, &stored);
    }
    // The longest password that a hash with the most rounds, or with the most bytes, is tried with.
    let long = "x".repeat(1024);
    let sha512 = format!("$6$rounds=39000$salt${}", ".".repeat(86));
    report(&runtime, &passwords, "sha-crypt, 39,000 rounds", "the ceiling, 1,024 bytes", &long, &sha512);
    let phpass = format!("$P$D12345678{}", ".".repeat(22));
    report(&runtime, &passwords, "phpass, exponent 15", "the ceiling, 1,024 bytes", &long, &phpass);
}

fn report(runtime: &Runtime, passwords: &Passwords, form: &str, by: &str, password: &str, stored: &str) {
    let password = SecretString::from(password);
    let mut taken: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let began = Instant::now();
            let verified = runtime.block_on(passwords.verify(&password, stored)).expect("a readable hash");
            assert_eq!(verified, Verified::Mismatch, "{form}");
            began.elapsed()
        })
        .collect();
    taken.sort_unstable();
    let ms = |taken: Duration| taken.as_secs_f64() * 1000.0;
    println!("| {form} | {by} | {:.1} | {:.1} |", ms(taken[0]), ms(taken[ROUNDS / 2]));
}

type Form = (&'static str, &'static str, String);

fn usual() -> Vec<Form> {
    let dots = |count| ".".repeat(count);
    let zeros = |bytes: usize| "00".repeat(bytes);
    vec![
        ("argon2id, 19 MiB, 2 passes", "this crate", format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}${TAG}")),
        ("argon2id, 64 MiB, 3 passes", "argon2-cffi, passlib", format!("$argon2id$v=19$m=65536,t=3,p=4${SALT}${TAG}")),
        ("`{argon2@…}`", "Spring Security 5.8", format!("{{argon2}}$argon2id$v=19$m=16384,t=2,p=1${SALT}${TAG}")),
        ("bcrypt, cost 10", "Spring Security, PHP 8.3", format!("$2b$10${BCRYPT}")),
        ("bcrypt, cost 12", "passlib, Laravel", format!("$2b$12${BCRYPT}")),
        ("`$wp$2y$`, cost 10", "WordPress 6.8", format!("$wp$2y$10${BCRYPT}")),
        ("`pbkdf2_sha256`, 1,000,000", "Django 5.2", format!("pbkdf2_sha256$1000000$salt${TAG}=")),
        ("`pbkdf2:sha256:1000000`", "Werkzeug 3.1", format!("pbkdf2:sha256:1000000$salt${}", zeros(32))),
        ("`{pbkdf2}`", "Spring Security 5.5", format!("{{pbkdf2}}{}", zeros(40))),
        ("`{pbkdf2@…}`", "Spring Security 5.8", format!("{{pbkdf2@SpringSecurity_v5_8}}{}", zeros(48))),
        ("version 2", "ASP.NET Identity 2", "A".repeat(66) + "=="),
        ("version 3, SHA-512, 100,000", "ASP.NET Core Identity 8", aspnet_version_3()),
        ("`scrypt:32768:8:1`", "Werkzeug 3.1", format!("scrypt:32768:8:1$salt${}", zeros(64))),
        ("`salt:tag`", "better-auth", format!("{}:{}", zeros(16), zeros(64))),
        ("`{scrypt@…}`", "Spring Security 5.8", format!("{{scrypt}}$100801${SALT}==${TAG}=")),
        ("`scrypt$16384$…$8$5`", "Django 5.2", format!("scrypt$16384$salt$8$5${TAG}=")),
        ("`$5$`, 535,000 rounds", "passlib", format!("$5$rounds=535000$salt${}", dots(43))),
        ("`$6$`, 5,000 rounds", "Linux", format!("$6$salt${}", dots(86))),
        ("`$6$`, 656,000 rounds", "passlib", format!("$6$rounds=656000$salt${}", dots(86))),
        ("`$P$`, exponent 13", "WordPress 2.5 to 6.7", format!("$P$B12345678{}", dots(22))),
        ("`{SSHA512}`", "OpenLDAP", format!("{{SSHA512}}{}", "A".repeat(96))),
    ]
}

fn at_the_ceiling() -> Vec<Form> {
    const CEILING: &str = "the ceiling";
    let zeros = |bytes: usize| "00".repeat(bytes);
    vec![
        ("argon2id, 128 MiB, 2 passes", CEILING, format!("$argon2id$v=19$m=131072,t=2,p=1${SALT}${TAG}")),
        ("argon2id, 64 MiB, 4 passes", CEILING, format!("$argon2id$v=19$m=65536,t=4,p=1${SALT}${TAG}")),
        ("scrypt, 96 MiB", CEILING, format!("$scrypt$ln=14,r=47,p=1${SALT}${TAG}")),
        ("scrypt, 19 MiB, p of 5", CEILING, format!("$scrypt$ln=11,r=75,p=5${SALT}${TAG}")),
        ("PBKDF2-SHA1, 1,500,000", CEILING, format!("pbkdf2:sha1:1500000$salt${}", zeros(20))),
        ("PBKDF2-SHA256, 1,500,000", CEILING, format!("pbkdf2:sha256:1500000$salt${}", zeros(32))),
        ("PBKDF2-SHA512, 350,000", CEILING, format!("pbkdf2:sha512:350000$salt${}", zeros(64))),
    ]
}

/// 16 bytes of salt and 32 of tag, all zero.
fn aspnet_version_3() -> String {
    format!("AQAAAAIAAYagAAAAEA{}==", "A".repeat(64))
}
