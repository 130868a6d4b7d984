use std::sync::{Arc, PoisonError, RwLock};

use rustls::{
    ServerConfig,
    crypto::aws_lc_rs::default_provider,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use super::{TlsFault, TlsFiles};
use crate::secret::is_same;

/// A certificate with its key, which follows its files.
#[derive(Debug)]
pub(crate) struct Certificate {
    files: TlsFiles,
    current: Arc<Current>,
    /// The hash of the contents that were read last, good or bad. A bad pair is reported once.
    seen: Option<Vec<u8>>,
}

/// What a look at the files has found.
#[derive(Debug)]
pub(crate) enum Reloaded {
    /// The files are the same as before.
    Unchanged,
    /// New connections get the new certificate.
    Changed,
    /// The files are wrong. New connections get the former certificate.
    Kept(Vec<TlsFault>),
}

impl Certificate {
    /// Reads the files.
    pub(crate) fn load(files: TlsFiles) -> Result<Self, Vec<TlsFault>> {
        let contents = files.read()?;
        let current = Current(RwLock::new(Arc::new(contents.certified_key()?)));
        Ok(Self { files, current: Arc::new(current), seen: Some(contents.digest()) })
    }

    /// Reads the files again. A change of one file before the other is reported, and the next look
    /// repairs it.
    pub(crate) fn reload(&mut self) -> Reloaded {
        let contents = match self.files.read() {
            Ok(contents) => contents,
            // Files that cannot be read have no hash. They are reported once, and again after they could be read.
            Err(faults) if self.seen.take().is_some() => return Reloaded::Kept(faults),
            Err(_) => return Reloaded::Unchanged,
        };
        let digest = contents.digest();
        if self.seen.as_deref().is_some_and(|seen| is_same(seen, &digest)) {
            return Reloaded::Unchanged;
        }
        self.seen = Some(digest);
        match contents.certified_key() {
            Ok(pair) => {
                *self.current.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pair);
                Reloaded::Changed
            }
            Err(faults) => Reloaded::Kept(faults),
        }
    }

    /// Returns the configuration of a server that offers HTTP/2 and HTTP/1.1. It follows the reloads.
    pub(crate) fn server_config(&self) -> Result<ServerConfig, rustls::Error> {
        let provider = Arc::new(default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let mut config = config.with_no_client_auth().with_cert_resolver(self.current.clone());
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

/// The certificate of new connections.
#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn a_wrong_pair_keeps_the_former_one_and_is_told_of_once() {
        let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/tls");
        let folder = tempfile::tempdir().unwrap();
        let [to_certificate, to_key] = ["certificate.pem", "key.pem"].map(|name| folder.path().join(name));
        let put = |name: &str, to: &Path| assert!(fs::copy(vectors.join(name), to).is_ok());
        put("certificate.pem", &to_certificate);
        put("key.pem", &to_key);
        let files = TlsFiles { certificate: to_certificate.clone(), key: to_key.clone() };
        let mut certificate = Certificate::load(files).unwrap();
        let current = |certificate: &Certificate| certificate.current.0.read().unwrap().cert[0].to_vec();
        let first = current(&certificate);
        assert!(matches!(certificate.reload(), Reloaded::Unchanged));

        put("renewed.pem", &to_certificate);
        assert!(matches!(certificate.reload(), Reloaded::Changed));
        let renewed = current(&certificate);
        assert_ne!(renewed, first);

        put("other_certificate.pem", &to_certificate);
        assert!(matches!(certificate.reload(), Reloaded::Kept(faults) if faults[0].setting == "TLS_KEY"));
        assert!(matches!(certificate.reload(), Reloaded::Unchanged));
        assert_eq!(current(&certificate), renewed);

        fs::remove_file(&to_key).unwrap();
        assert!(matches!(certificate.reload(), Reloaded::Kept(faults) if faults[0].setting == "TLS_KEY"));
        assert!(matches!(certificate.reload(), Reloaded::Unchanged));

        put("other_key.pem", &to_key);
        assert!(matches!(certificate.reload(), Reloaded::Changed));
        assert_ne!(current(&certificate), renewed);
    }
}
