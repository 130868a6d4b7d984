use std::{
    fs,
    path::{Path, PathBuf},
};

use aws_lc_rs::digest::{Context, SHA256};
use rustls::{
    Error, InconsistentKeys,
    crypto::aws_lc_rs::default_provider,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{self, PemObject as _},
    },
    sign::CertifiedKey,
};
use zeroize::Zeroizing;

/// The files of a certificate and its key, in PEM.
#[derive(Clone, Debug)]
pub(crate) struct TlsFiles {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// A mistake in one of the files: the setting that names the file, and what to change. It quotes neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TlsFault {
    pub(crate) setting: &'static str,
    pub(crate) message: String,
}

const CERTIFICATE: &str = "TLS_CERT";
const KEY: &str = "TLS_KEY";

impl TlsFiles {
    /// Reads both files.
    pub(super) fn read(&self) -> Result<Contents, Vec<TlsFault>> {
        let certificate = read(CERTIFICATE, &self.certificate);
        let key = read(KEY, &self.key).map(Zeroizing::new);
        match (certificate, key) {
            (Ok(certificate), Ok(key)) => Ok(Contents { certificate, key }),
            (certificate, key) => Err(certificate.err().into_iter().chain(key.err()).collect()),
        }
    }

    /// Returns all mistakes in the files, if there are any.
    pub(crate) fn check(&self) -> Result<(), Vec<TlsFault>> {
        self.read()?.certified_key().map(drop)
    }
}

fn read(setting: &'static str, path: &Path) -> Result<Vec<u8>, TlsFault> {
    fs::read(path).map_err(|error| fault(setting, format!("names a file that cannot be read: {}", error.kind())))
}

/// What the files contain.
pub(super) struct Contents {
    certificate: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

impl Contents {
    /// Parses the chain and the key, which must fit each other.
    pub(super) fn certified_key(&self) -> Result<CertifiedKey, Vec<TlsFault>> {
        match (chain(&self.certificate), key(&self.key)) {
            (Ok(chain), Ok(key)) => {
                CertifiedKey::from_der(chain, key, &default_provider()).map_err(|error| vec![unfit(&error)])
            }
            (chain, key) => Err(chain.err().into_iter().chain(key.err()).collect()),
        }
    }

    /// Returns a hash by which a change is noticed, so that the key need not be kept.
    pub(super) fn digest(&self) -> Vec<u8> {
        let mut context = Context::new(&SHA256);
        // With its length in front, no byte can move from one file into the other unnoticed.
        context.update(&(self.certificate.len() as u64).to_le_bytes());
        context.update(&self.certificate);
        context.update(&self.key);
        context.finish().as_ref().to_vec()
    }
}

fn chain(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsFault> {
    match CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>() {
        Ok(chain) if chain.is_empty() => Err(fault(
            CERTIFICATE,
            "names a file without a certificate in PEM, which begins with `-----BEGIN CERTIFICATE-----`",
        )),
        Ok(chain) => Ok(chain),
        Err(_) => Err(fault(CERTIFICATE, "names a file whose PEM is damaged")),
    }
}

fn key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, TlsFault> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|error| {
        let is_encrypted = pem.windows(9).any(|word| word == b"ENCRYPTED");
        fault(
            KEY,
            match error {
                _ if is_encrypted => "names a file with an encrypted key; decrypt it with `openssl pkey`",
                pem::Error::NoItemsFound => {
                    "names a file without a private key in PEM, which begins with `-----BEGIN PRIVATE KEY-----`"
                }
                _ => "names a file whose PEM is damaged",
            },
        )
    })
}

/// Describes why a chain and a key, both read, are no pair.
fn unfit(error: &Error) -> TlsFault {
    match error {
        Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
            fault(KEY, "names a key that does not fit the first certificate in the file of `TLS_CERT`")
        }
        Error::InvalidCertificate(_) => fault(CERTIFICATE, "names a file whose first certificate is damaged"),
        _ => fault(KEY, "names a file with a key that is damaged, or is neither RSA, ECDSA nor Ed25519"),
    }
}

fn fault(setting: &'static str, message: impl Into<String>) -> TlsFault {
    TlsFault { setting, message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(certificate: &str, key: &str) -> Vec<(&'static str, String)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
        let files = TlsFiles { certificate: folder.join(certificate), key: folder.join(key) };
        let faults = files.check().err().unwrap_or_default();
        faults.into_iter().map(|fault| (fault.setting, fault.message)).collect()
    }

    #[test]
    fn a_certificate_and_its_key_in_either_form_are_a_pair() {
        for key in ["tls/key.pem", "tls/key_sec1.pem"] {
            for certificate in ["tls/certificate.pem", "tls/renewed.pem"] {
                assert_eq!(wrong(certificate, key), [], "{certificate} {key}");
            }
        }
    }

    #[test]
    fn each_file_has_its_own_fault_and_both_are_told_at_once() {
        let good = ("tls/certificate.pem", "tls/key.pem");
        for (certificate, key, expected) in [
            ("no.pem", "none.pem", vec![(CERTIFICATE, "cannot be read"), (KEY, "cannot be read")]),
            (
                "tls/key.pem",
                "tls/certificate.pem",
                vec![(CERTIFICATE, "without a certificate"), (KEY, "without a private")],
            ),
            ("tls/README.md", good.1, vec![(CERTIFICATE, "without a certificate")]),
            (good.0, "tls/other_key.pem", vec![(KEY, "does not fit")]),
            ("tls/other_certificate.pem", good.1, vec![(KEY, "does not fit")]),
            (good.0, "pem/ec_encrypted.pem", vec![(KEY, "encrypted")]),
            (good.0, "pem/ec_sec1_encrypted.pem", vec![(KEY, "encrypted")]),
        ] {
            let told = wrong(certificate, key);
            assert_eq!(told.len(), expected.len(), "{told:?}");
            for ((setting, message), (expected, part)) in told.iter().zip(&expected) {
                assert!(setting == expected && message.contains(part), "{certificate} {key}: {message}");
                assert!(!message.contains(".pem"), "{message}");
            }
        }
    }
}
