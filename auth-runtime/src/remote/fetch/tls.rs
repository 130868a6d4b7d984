use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs::default_provider};

/// Returns the settings of TLS with the certificates that the machine trusts, or `None` if the machine has no
/// certificates.
///
/// `SSL_CERT_FILE` and `SSL_CERT_DIR` name others, as for other programs.
pub(super) fn of_this_machine() -> Option<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() { None } else { trusting(roots) }
}

/// Returns the settings of TLS with these certificates.
pub(in crate::remote) fn trusting(roots: RootCertStore) -> Option<ClientConfig> {
    let versions =
        ClientConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions();
    let mut settings = versions.ok()?.with_root_certificates(roots).with_no_client_auth();
    settings.alpn_protocols = vec![b"http/1.1".to_vec()];
    Some(settings)
}
