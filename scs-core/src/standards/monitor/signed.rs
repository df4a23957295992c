use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::HeaderValue;

use crate::{Error, Result};

/// What the signature is for: a key may sign other things, too.
pub(super) const NAMESPACE: &str = "report";

const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";

/// In which language a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportFormat {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
}

impl ReportFormat {
    pub(super) const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Yaml => "application/x-signed-yaml",
            Self::Json => "application/x-signed-json",
        })
    }
}

/// A report with the signature of its very bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedReport {
    format: ReportFormat,
    signature: String,
    report: Bytes,
}

impl SignedReport {
    /// A report that was signed elsewhere: by `ssh-keygen -Y sign -n report -f KEY FILE`, by an
    /// agent, or by a key in hardware.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind) if that is no SSH signature, or one for
    /// another purpose. Whether it fits the report is left to the monitor, which knows the keys.
    pub fn new(format: ReportFormat, report: impl Into<Bytes>, signature: &str) -> Result<Self> {
        let unusable = |what: &str| {
            Error::invalid(format!("the signature {what}"))
                .with_hint("sign with `ssh-keygen -Y sign -n report -f KEY REPORT`")
        };
        let signature = signature.trim();
        let armoured = signature
            .strip_prefix(BEGIN)
            .and_then(|rest| rest.strip_suffix(END))
            .ok_or_else(|| unusable("is not that of an SSH key: its first or last line is not"))?;
        let base64: String = armoured.split_ascii_whitespace().collect();
        let blob = STANDARD.decode(base64).map_err(|_| unusable("is not whole"))?;
        let namespace = namespace(&blob).ok_or_else(|| unusable("is not whole"))?;
        if namespace != NAMESPACE.as_bytes() {
            let namespace = String::from_utf8_lossy(namespace);
            return Err(unusable(&format!("is for `{namespace}`, not for `{NAMESPACE}`")));
        }
        let lines: Vec<_> = signature.lines().map(str::trim_end).collect();
        Ok(Self { format, signature: lines.join("\n"), report: report.into() })
    }

    /// In which language the report is written.
    pub fn format(&self) -> ReportFormat {
        self.format
    }

    /// The signature as `ssh-keygen` writes it.
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// The report.
    pub fn report(&self) -> &Bytes {
        &self.report
    }

    /// What is sent.
    pub(super) fn body(&self) -> Bytes {
        [self.signature.as_bytes(), b"\n&", &self.report].concat().into()
    }
}

/// What a signature is for, by <https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig>.
fn namespace(blob: &[u8]) -> Option<&[u8]> {
    let rest = blob.strip_prefix(b"SSHSIG")?.strip_prefix(&1u32.to_be_bytes())?;
    let (_public_key, rest) = text(rest)?;
    let (namespace, rest) = text(rest)?;
    let (_reserved, rest) = text(rest)?;
    let (_hash, rest) = text(rest)?;
    let (_signature, rest) = text(rest)?;
    rest.is_empty().then_some(namespace)
}

/// A text behind its length, and what follows.
fn text(blob: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = blob.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIGNATURE: &str = include_str!("testdata/report.yaml.sig");
    const REPORT: &[u8] = include_bytes!("testdata/report.yaml");

    fn signed(signature: &str) -> Result<SignedReport> {
        SignedReport::new(ReportFormat::Yaml, REPORT, signature)
    }

    #[test]
    fn the_body_is_what_curl_makes_of_both_files() {
        let body = [SIGNATURE.as_bytes(), b"&", REPORT].concat();
        assert_eq!(signed(SIGNATURE).unwrap().body(), body);
        let windows = format!("\r\n{}", SIGNATURE.replace('\n', "\r\n"));
        assert_eq!(signed(&windows).unwrap().body(), body);
    }

    #[test]
    fn what_is_no_signature_of_a_report_is_refused() {
        let other = include_str!("testdata/other_namespace.sig");
        let words = signed(other).unwrap_err().to_string();
        assert!(words.starts_with("the signature is for `file`, not for `report`;"), "{words}");
        let cut: Vec<_> = SIGNATURE.lines().collect();
        let cut = [&cut[..3], &cut[4..]].concat().join("\n");
        let forged = SIGNATURE.replacen("U1NI", "U1N&", 1);
        for text in ["", "PASS", BEGIN, END, &format!("{BEGIN}{END}"), &cut, &forged] {
            assert!(signed(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let blob = [b"SSHSIG\0\0\0\x01", bytes.as_slice()].concat();
            let _ = signed(&format!("{BEGIN}\n{}\n{END}", STANDARD.encode(blob)));
        }
    }
}
