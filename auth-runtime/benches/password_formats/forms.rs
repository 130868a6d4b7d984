//! The hashes that the benchmark measures. They are of no password, so that each is derived whole and matches nothing.

const SALT: &str = "c29tZXNhbHRzb21lc2FsdA";
const TAG: &str = "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
const BCRYPT: &str = "uJPulY9QPNPK8MRB/cDD3OS4it4/r5YZQUPtPNaRojtCeSIOvtCXy";
const CEILING: &str = "the ceiling";

/// The name of the form, the system that writes it so, and the hash.
pub type Form = (&'static str, &'static str, String);

/// As each system writes its hashes by default.
pub fn usual() -> Vec<Form> {
    let dots = |count| ".".repeat(count);
    let zeros = |bytes: usize| "00".repeat(bytes);
    vec![
        ("argon2id, 19 MiB, 2 passes", "this crate", format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}${TAG}")),
        ("argon2id, 64 MiB, 3 passes", "argon2-cffi, passlib", format!("$argon2id$v=19$m=65536,t=3,p=4${SALT}${TAG}")),
        ("`argon2$`, 100 MiB, 2 passes", "Django 5.2", format!("argon2$argon2id$v=19$m=102400,t=2,p=8${SALT}${TAG}")),
        ("`{argon2@…}`", "Spring Security 5.8", format!("{{argon2}}$argon2id$v=19$m=16384,t=2,p=1${SALT}${TAG}")),
        ("bcrypt, cost 10", "Spring Security, PHP 8.3", format!("$2b$10${BCRYPT}")),
        ("bcrypt, cost 12", "passlib, Laravel", format!("$2b$12${BCRYPT}")),
        ("`$wp$2y$`, cost 10", "WordPress 6.8", format!("$wp$2y$10${BCRYPT}")),
        (
            "`$bcrypt-sha256$`, cost 12",
            "passlib",
            format!("$bcrypt-sha256$v=2,t=2b,r=12${}${}", &BCRYPT[..22], &BCRYPT[22..]),
        ),
        ("`pbkdf2_sha256`, 1,000,000", "Django 5.2", format!("pbkdf2_sha256$1000000$salt${TAG}=")),
        ("`pbkdf2:sha256:1000000`", "Werkzeug 3.1", format!("pbkdf2:sha256:1000000$salt${}", zeros(32))),
        ("`$pbkdf2-sha256$`, 29,000", "passlib", format!("$pbkdf2-sha256$29000${SALT}${TAG}")),
        ("`{pbkdf2}`", "Spring Security 5.5", format!("{{pbkdf2}}{}", zeros(40))),
        ("`{pbkdf2@…}`", "Spring Security 5.8", format!("{{pbkdf2@SpringSecurity_v5_8}}{}", zeros(48))),
        ("version 2", "ASP.NET Identity 2", "A".repeat(66) + "=="),
        ("version 3, SHA-512, 100,000", "ASP.NET Core Identity 8", aspnet("AQAAAAIAAYagAAAAEA")),
        ("version 3, SHA-256, 10,000", "ASP.NET Core Identity 1 to 6", aspnet("AQAAAAEAACcQAAAAEA")),
        ("`scrypt:32768:8:1`", "Werkzeug 3.1", format!("scrypt:32768:8:1$salt${}", zeros(64))),
        ("`salt:tag`", "better-auth", format!("{}:{}", zeros(16), zeros(64))),
        ("`{scrypt@…}`", "Spring Security 5.8", format!("{{scrypt}}$100801${SALT}==${TAG}=")),
        ("`{scrypt}`", "Spring Security 5.5", format!("{{scrypt}}$e0801${SALT}==${TAG}=")),
        ("`$scrypt$`, 2¹⁶", "passlib", format!("$scrypt$ln=16,r=8,p=1${SALT}${TAG}")),
        ("`scrypt$16384$…$8$5`", "Django 5.2", format!("scrypt$16384$salt$8$5${TAG}=")),
        ("`$5$`, 535,000 rounds", "passlib", format!("$5$rounds=535000$salt${}", dots(43))),
        ("`$6$`, 5,000 rounds", "Linux", format!("$6$salt${}", dots(86))),
        ("`$6$`, 656,000 rounds", "passlib", format!("$6$rounds=656000$salt${}", dots(86))),
        ("`$P$`, exponent 13", "WordPress 2.5 to 6.7", format!("$P$B12345678{}", dots(22))),
        ("`$H$`, exponent 11", "phpBB 3.0", format!("$H$912345678{}", dots(22))),
        ("`{SSHA256}`", "OpenLDAP", format!("{{SSHA256}}{}==", "A".repeat(54))),
        ("`{SSHA512}`", "OpenLDAP", format!("{{SSHA512}}{}", "A".repeat(96))),
    ]
}

/// At the default ceilings.
pub fn at_the_ceiling() -> Vec<Form> {
    let zeros = |bytes: usize| "00".repeat(bytes);
    vec![
        ("argon2id, 128 MiB, 2 passes", CEILING, format!("$argon2id$v=19$m=131072,t=2,p=1${SALT}${TAG}")),
        ("argon2id, 64 MiB, 4 passes", CEILING, format!("$argon2id$v=19$m=65536,t=4,p=1${SALT}${TAG}")),
        ("scrypt, 96 MiB", CEILING, format!("$scrypt$ln=14,r=47,p=1${SALT}${TAG}")),
        ("scrypt, 19 MiB, p of 5", CEILING, format!("$scrypt$ln=12,r=38,p=5${SALT}${TAG}")),
        ("PBKDF2-SHA1, 1,500,000", CEILING, format!("pbkdf2:sha1:1500000$salt${}", zeros(20))),
        ("PBKDF2-SHA256, 1,500,000", CEILING, format!("pbkdf2:sha256:1500000$salt${}", zeros(32))),
        ("PBKDF2-SHA512, 350,000", CEILING, format!("pbkdf2:sha512:350000$salt${}", zeros(64))),
    ]
}

/// With the longest password that such a hash is tried with.
pub fn at_the_ceiling_for_a_long_password() -> Vec<Form> {
    let dots = |count| ".".repeat(count);
    vec![
        ("sha-crypt, 39,000 rounds, a password of 1,024 bytes", CEILING, format!("$6$rounds=39000$salt${}", dots(86))),
        ("phpass, exponent 15, a password of 1,024 bytes", CEILING, format!("$P$D12345678{}", dots(22))),
    ]
}

/// Appends 16 bytes of salt and 32 of tag, all zero, to the settings.
fn aspnet(settings: &str) -> String {
    format!("{settings}{}==", "A".repeat(64))
}
