use std::{
    fs,
    io::{self, ErrorKind},
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

/// A mistake in one of the files: the setting that names the file, the file's path, and what to change. It quotes no
/// content of a file, nor a setting that has the content in place of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TlsFault {
    pub(crate) setting: &'static str,
    pub(crate) message: String,
}

const CERTIFICATE: &str = "TLS_CERT";
const KEY: &str = "TLS_KEY";

impl TlsFiles {
    /// Reads both files. Where one cannot be read, the mistakes in the other are reported as well.
    pub(super) fn read(&self) -> Result<Contents, Vec<TlsFault>> {
        let certificate = read(CERTIFICATE, &self.certificate);
        let key = read(KEY, &self.key).map(Zeroizing::new);
        match (certificate, key) {
            (Ok(certificate), Ok(key)) => Ok(Contents { files: self.clone(), certificate, key }),
            (certificate, key) => {
                let of_certificate = certificate.and_then(|pem| self.chain(&pem)).err();
                let of_key = key.and_then(|pem| self.private_key(&pem)).err();
                Err(of_certificate.into_iter().chain(of_key).collect())
            }
        }
    }

    /// Returns all mistakes in the files, if there are any.
    pub(crate) fn check(&self) -> Result<(), Vec<TlsFault>> {
        self.read()?.certified_key().map(drop)
    }

    fn chain(&self, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsFault> {
        match CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>() {
            Ok(chain) if chain.is_empty() => {
                Err(self.of_certificate("has no certificate in PEM, which begins with `-----BEGIN CERTIFICATE-----`"))
            }
            Ok(chain) => Ok(chain),
            Err(_) => Err(self.of_certificate("has damaged PEM")),
        }
    }

    fn private_key(&self, pem: &[u8]) -> Result<PrivateKeyDer<'static>, TlsFault> {
        PrivateKeyDer::from_pem_slice(pem).map_err(|error| {
            let is_encrypted = pem.windows(9).any(|word| word == b"ENCRYPTED");
            self.of_key(match error {
                _ if is_encrypted => "has an encrypted key; decrypt it with `openssl pkey`",
                pem::Error::NoItemsFound => {
                    "has no private key in PEM, which begins with `-----BEGIN PRIVATE KEY-----`"
                }
                _ => "has damaged PEM",
            })
        })
    }

    /// Describes why a chain and a key, both read, are no pair.
    fn unfit(&self, error: &Error) -> TlsFault {
        match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                self.of_key("has the key of another certificate than the first one in the file of `TLS_CERT`")
            }
            Error::InvalidCertificate(_) => self.of_certificate("has a damaged first certificate"),
            _ => self.of_key("has a key that is damaged, or is neither RSA, ECDSA nor Ed25519"),
        }
    }

    fn of_certificate(&self, what: &str) -> TlsFault {
        fault(CERTIFICATE, &self.certificate, what)
    }

    fn of_key(&self, what: &str) -> TlsFault {
        fault(KEY, &self.key, what)
    }
}

fn read(setting: &'static str, path: &Path) -> Result<Vec<u8>, TlsFault> {
    match fs::read(path) {
        Ok(content) if content.is_empty() => Err(fault(setting, path, "is empty")),
        Ok(content) => Ok(content),
        Err(error) => Err(fault(setting, path, &unread(path, &error))),
    }
}

/// Describes why a file cannot be read. The system has different errors for a folder.
fn unread(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        _ if path.is_dir() => "is a folder; name the file in it".to_owned(),
        ErrorKind::NotFound if path.is_relative() => {
            "does not exist in the folder where the service was started; write the whole path".to_owned()
        }
        ErrorKind::NotFound => "does not exist".to_owned(),
        ErrorKind::PermissionDenied => "may not be read by the user of this process".to_owned(),
        other => format!("cannot be read: {other}"),
    }
}

fn fault(setting: &'static str, path: &Path, what: &str) -> TlsFault {
    let message = if is_path(path) {
        format!("the file {path:?} {what}")
    } else {
        "has something else than a path; write the path of a file with the PEM".to_owned()
    };
    TlsFault { setting, message }
}

/// Returns whether the text may be shown as a path. Instead of it, a setting may have the key itself. The key is PEM,
/// the base64 of PEM or of DER, or a text of another setting. None of them may come into a log.
fn is_path(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let is_pem = text.contains("-----") || text.contains(['\n', '\r']);
    let begins_as_base64 = text.starts_with('M') || text.starts_with("LS0t");
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let is_key = is_pem || begins_as_base64 && text.len() >= 40 && text.bytes().all(is_base64);
    !is_key && text.contains(['/', '\\', '.'])
}

/// What the files contain.
pub(super) struct Contents {
    files: TlsFiles,
    certificate: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

impl Contents {
    /// Parses the chain and the key, which must fit each other.
    pub(super) fn certified_key(&self) -> Result<CertifiedKey, Vec<TlsFault>> {
        match (self.files.chain(&self.certificate), self.files.private_key(&self.key)) {
            (Ok(chain), Ok(key)) => {
                CertifiedKey::from_der(chain, key, &default_provider()).map_err(|error| vec![self.files.unfit(&error)])
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
            ("no.pem", "none.pem", vec![(CERTIFICATE, "no.pem\" does not exist"), (KEY, "none.pem\" does not exist")]),
            ("no.pem", "tls/certificate.pem", vec![(CERTIFICATE, "does not exist"), (KEY, "has no private key")]),
            ("tls/key.pem", "none.pem", vec![(CERTIFICATE, "has no certificate"), (KEY, "does not exist")]),
            ("tls", "tls/", vec![(CERTIFICATE, "tls\" is a folder"), (KEY, "is a folder")]),
            (
                "tls/key.pem",
                "tls/certificate.pem",
                vec![(CERTIFICATE, "key.pem\" has no certificate"), (KEY, "certificate.pem\" has no private key")],
            ),
            ("tls/README.md", good.1, vec![(CERTIFICATE, "README.md\" has no certificate")]),
            (good.0, "tls/other_key.pem", vec![(KEY, "other_key.pem\" has the key of another certificate")]),
            ("tls/other_certificate.pem", good.1, vec![(KEY, "key of another certificate")]),
            (good.0, "pem/ec_encrypted.pem", vec![(KEY, "encrypted")]),
            (good.0, "pem/ec_sec1_encrypted.pem", vec![(KEY, "encrypted")]),
        ] {
            let told = wrong(certificate, key);
            assert_eq!(told.len(), expected.len(), "{told:?}");
            for ((setting, message), (expected, part)) in told.iter().zip(&expected) {
                assert!(setting == expected && message.contains(part), "{certificate} {key}: {message}");
                assert!(message.contains("tests/vectors/"), "{message}");
            }
        }
    }

    #[test]
    fn an_empty_file_and_a_relative_path_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty.pem");
        fs::write(&empty, "").unwrap();
        let told = TlsFiles { certificate: empty, key: "no-such-folder/key.pem".into() }.check().unwrap_err();
        assert!(told[0].message.ends_with("empty.pem\" is empty"), "{told:?}");
        assert!(told[1].message.starts_with("the file \"no-such-folder/key.pem\" does not exist in the folder"));
    }

    #[test]
    fn the_error_of_the_system_is_told_in_words() {
        let told = |kind: ErrorKind| unread(Path::new("/no/such/file"), &kind.into());
        assert_eq!(told(ErrorKind::PermissionDenied), "may not be read by the user of this process");
        assert_eq!(told(ErrorKind::NotFound), "does not exist");
        assert_eq!(told(ErrorKind::TimedOut), "cannot be read: timed out");
    }

    /// A setting that has the key in place of its path would show it in the log.
    #[test]
    fn a_setting_with_a_secret_is_not_quoted() {
        let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/tls/key.pem");
        let pem = fs::read_to_string(vectors).unwrap();
        let der: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let secrets = [
            &*pem,
            &pem.replace('\n', "\\n"),
            &der,
            "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JR0hBZ0VB",
            "3xQm-8fKz_pW0",
        ];
        for secret in secrets {
            let told = TlsFiles { certificate: secret.into(), key: secret.into() }.check().unwrap_err();
            for fault in &told {
                assert!(fault.message.starts_with("has something else than a path"), "{fault:?}");
                assert!(!fault.message.contains(&secret[..8]), "{fault:?}");
            }
            assert_eq!(told.len(), 2);
        }
    }
}
