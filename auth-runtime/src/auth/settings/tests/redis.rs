use super::{GOOD, read};

#[test]
fn a_wrong_url_or_prefix_is_a_fault_that_quotes_nothing() {
    for (name, value, words) in [
        ("REDIS_URL", "hunter2", "is no URL"),
        ("REDIS_URL", "redis://hunter2@host", "has a user without a password"),
        ("REDIS_URL", "rediss://:hunter2@host/#insecure", "has unknown parameters or a fragment"),
        ("REDIS_PREFIX", "{hunter2}", "needs a prefix of 1 to 64 letters"),
    ] {
        let beside = [(name, value), ("REDIS_URL", "redis://host")];
        let told = read(&[&beside, &GOOD[..]].concat()).unwrap_err().to_string();
        assert!(told.contains(&format!("  {name}: {words}")), "{told}");
        assert!(!told.contains("hunter2"), "{told}");
    }
}
