use std::fmt;

use bytes::Bytes;
use ssh_key::{Algorithm, HashAlg, LineEnding, PrivateKey};

use super::{ReportFormat, SignedReport, signed::NAMESPACE};
use crate::{Error, ErrorKind, Result, Secret};

/// An ed25519 key that signs reports.
///
/// Keys of other kinds, keys in an agent and keys in hardware sign with `ssh-keygen`; see
/// [`SignedReport::new`].
#[derive(Clone)]
pub struct SigningKey(PrivateKey);

impl SigningKey {
    /// Reads a private key as `ssh-keygen -t ed25519` writes it. Decrypting one takes most of a
    /// second, during which the thread does nothing else.
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] if it is of another kind, [`ErrorKind::InvalidInput`] if it
    /// cannot be read or the passphrase is wrong or missing.
    pub fn read(key: &Secret, passphrase: Option<&Secret>) -> Result<Self> {
        let wrong_kind = || {
            Error::new(ErrorKind::Unsupported, "the private key is not one of ed25519")
                .with_hint("sign with `ssh-keygen -Y sign -n report`, and pass the signature on")
        };
        let key = PrivateKey::from_openssh(key.expose().trim()).map_err(|error| match error {
            ssh_key::Error::AlgorithmUnknown | ssh_key::Error::AlgorithmUnsupported { .. } => {
                wrong_kind()
            }
            _ => Error::invalid("the private key cannot be read")
                .with_hint("give the file that `ssh-keygen -t ed25519` has written, as it is")
                .with_source(error),
        })?;
        if key.algorithm() != Algorithm::Ed25519 {
            return Err(wrong_kind());
        }
        if !key.is_encrypted() {
            return Ok(Self(key));
        }
        let passphrase = passphrase.ok_or_else(|| {
            Error::invalid("the private key is encrypted").with_hint("give its passphrase")
        })?;
        key.decrypt(passphrase.expose()).map(Self).map_err(|error| {
            Error::invalid("the private key cannot be decrypted")
                .with_hint("check the passphrase")
                .with_source(error)
        })
    }

    /// The public key as those who run the monitor need it: `ssh-ed25519 AAAA… comment`.
    pub fn public_key(&self) -> Result<String> {
        self.0
            .public_key()
            .to_openssh()
            .map_err(|error| Error::invalid("the public key cannot be written").with_source(error))
    }

    /// Signs a report.
    pub fn sign(&self, format: ReportFormat, report: impl Into<Bytes>) -> Result<SignedReport> {
        let report = report.into();
        let signature = self
            .0
            .sign(NAMESPACE, HashAlg::Sha512, &report)
            .and_then(|signature| signature.to_pem(LineEnding::LF))
            .map_err(|error| Error::invalid("the report cannot be signed").with_source(error))?;
        SignedReport::new(format, report, &signature)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.0.fingerprint(HashAlg::Sha256))
    }
}

#[cfg(test)]
mod tests {
    use ssh_key::{PublicKey, SshSig};

    use super::*;

    const KEY: &str = include_str!("testdata/encrypted_key");
    const PUBLIC: &str = include_str!("testdata/key.pub");
    const REPORT: &[u8] = include_bytes!("testdata/report.yaml");
    const SIGNATURE: &str = include_str!("testdata/report.yaml.sig");

    fn read(key: &str, passphrase: Option<&str>) -> Result<SigningKey> {
        SigningKey::read(&key.into(), passphrase.map(Secret::from).as_ref())
    }

    #[test]
    fn it_signs_as_ssh_keygen_does() {
        let key = read(KEY, Some("swordfish")).unwrap();
        assert_eq!(key.public_key().unwrap(), PUBLIC.trim());
        let signed = key.sign(ReportFormat::Yaml, REPORT).unwrap();
        // Signatures of ed25519 have no chance in them.
        assert_eq!(signed.signature(), SIGNATURE.trim());
        assert_eq!(signed.report(), REPORT);
    }

    #[test]
    fn what_ssh_keygen_has_signed_is_verified() {
        let public = PublicKey::from_openssh(PUBLIC).unwrap();
        let signature: SshSig = SIGNATURE.parse().unwrap();
        assert!(public.verify(NAMESPACE, REPORT, &signature).is_ok());
        assert!(public.verify(NAMESPACE, b"subject: other", &signature).is_err());
        assert!(public.verify("file", REPORT, &signature).is_err());
    }

    #[test]
    fn what_cannot_sign_says_what_to_do() {
        let refused = |key, passphrase| read(key, passphrase).unwrap_err();
        let ecdsa = refused(include_str!("testdata/ecdsa_key"), None);
        assert_eq!(ecdsa.kind(), ErrorKind::Unsupported, "{ecdsa:?}");
        assert_eq!(refused(KEY, None).hint(), Some("give its passphrase"));
        assert_eq!(refused(KEY, Some("tuna")).hint(), Some("check the passphrase"));
        for text in ["", "swordfish", PUBLIC, SIGNATURE, &KEY[..KEY.len() / 2]] {
            assert_eq!(refused(text, None).kind(), ErrorKind::InvalidInput, "{text}");
        }
    }

    #[test]
    fn it_is_not_printed() {
        let key = read(KEY, Some("swordfish")).unwrap();
        let printed = format!("{key:?}");
        assert!(printed.starts_with("SigningKey(SHA256:"), "{printed}");
        let again =
            SigningKey::read(&key.0.to_openssh(LineEnding::LF).unwrap().as_str().into(), None);
        assert_eq!(again.unwrap().0, key.0);
    }
}
