use auth_runtime::web::{Hardening, hardened};

use super::support::{routes, settings};

#[tokio::test]
async fn production_needs_the_hosts() {
    let faults = hardened(routes().0, &settings(&[("ALLOWED_HOSTS", "")])).unwrap_err();
    assert_eq!(faults.iter().map(|fault| fault.setting()).collect::<Vec<_>>(), ["ALLOWED_HOSTS"]);
    for environment in ["development", "test"] {
        let settings = settings(&[("ALLOWED_HOSTS", ""), ("ENVIRONMENT", environment)]);
        assert!(hardened(routes().0, &settings).is_ok(), "{environment}");
    }
}

#[tokio::test]
async fn all_faults_are_told_at_once() {
    let hardening = Hardening::from_settings(&settings(&[("ALLOWED_HOSTS", "")])).probe_path("health");
    let faults = hardening.wrap(axum::Router::new()).unwrap_err();
    let settings: Vec<_> = faults.iter().map(|fault| fault.setting()).collect();
    assert_eq!(settings, ["probe_path", "ALLOWED_HOSTS", "Cors::methods"]);
}
