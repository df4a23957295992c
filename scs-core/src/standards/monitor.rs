//! The compliance monitor, which collects the reports of tests and says which clouds are certified.
//!
//! Everybody may ask for the status; reports, results and approvals need an account.
//!
//! ```no_run
//! use scs_core::standards::monitor::{Monitor, ReportFormat, SignedReport};
//! # async fn example() -> scs_core::Result<()> {
//! let iaas = "50393e6f-2ae1-4c5c-a62c-3b75f2abef3f";
//! let certified = Monitor::new(Monitor::SCS)?.passes("scs2", iaas, "v5.1").await?;
//!
//! # let api_key = scs_core::Secret::from("");
//! let report = std::fs::read("report.yaml").expect("a report");
//! // As `ssh-keygen -Y sign -n report report.yaml` has written it.
//! let signature = std::fs::read_to_string("report.yaml.sig").expect("a signature");
//! let signed = SignedReport::new(ReportFormat::Yaml, report, &signature)?;
//! Monitor::builder(Monitor::SCS).login("scs2", api_key).build()?.upload(&signed).await?;
//! # Ok(()) }
//! ```
//!
//! Follows <https://github.com/SovereignCloudStack/standards/blob/main/compliance-monitor/README.md>.

mod fault;
mod report;
mod result;
mod signed;
#[cfg(feature = "report-signing")]
mod signing;
mod status;

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{StatusCode, header::AUTHORIZATION};
use url::Url;

#[cfg(feature = "report-signing")]
pub use self::signing::SigningKey;
pub use self::{
    report::ReportQuery,
    result::{Approval, ApprovalState, CheckResult, ResultQuery},
    signed::{ReportFormat, SignedReport},
    status::{Status, StatusQuery},
};
use crate::{
    Api, ApiVersion, Dialect, Error, ErrorKind, Need, Resource, Result, Route, Secret, Transport,
    auth::{Grant, TokenRequest, TokenSource},
    dialect::Target,
    route::Paging,
    standards::{Report, Verdict, address::address},
    transport::{Response, TransportBuilder},
};

/// What errors call the service.
const SERVICE: &str = "compliance-monitor";

/// How lists go on.
const PAGING: Paging = Paging::Range { from: "skip", size: "limit", default: 100 };

/// A compliance monitor: the [`Dialect`] of what it keeps. Cheap to clone.
#[derive(Clone)]
pub struct Monitor(Arc<Inner>);

struct Inner {
    transport: Transport,
    base: Url,
}

/// Settings of a [`Monitor`].
#[derive(Debug)]
#[must_use]
pub struct MonitorBuilder {
    url: String,
    login: Option<(String, Secret)>,
    transport: TransportBuilder,
}

impl MonitorBuilder {
    /// The account, which is mostly called as its subject, and its API key.
    pub fn login(mut self, account: impl Into<String>, key: impl Into<Secret>) -> Self {
        self.login = Some((account.into(), key.into()));
        self
    }

    /// Certificates, time-outs, retries, policies.
    pub fn transport(
        mut self,
        configure: impl FnOnce(TransportBuilder) -> TransportBuilder,
    ) -> Self {
        self.transport = configure(self.transport);
        self
    }

    /// The monitor; nothing is asked yet.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] if the settings cannot be used.
    pub fn build(self) -> Result<Monitor> {
        let base = address("monitor", &self.url).map_err(|error| error.with_service(SERVICE))?;
        let mut transport = self.transport.build()?;
        if let Some((account, key)) = self.login {
            let login = Login::new(account, &key).map_err(|error| error.with_service(SERVICE))?;
            transport = transport.with_tokens(Arc::new(login));
        }
        Ok(Monitor(Arc::new(Inner { transport, base })))
    }
}

/// Basic authentication. It cannot be renewed.
#[derive(Debug)]
struct Login {
    account: String,
    grant: Arc<Grant>,
}

impl Login {
    fn new(account: String, key: &Secret) -> Result<Self> {
        if account.contains(':') {
            return Err(Error::config(format!("an account cannot be called `{account}`"))
                .with_hint("basic authentication has no way to say a colon in a name"));
        }
        let pair = Secret::from(format!("{account}:{}", key.expose()));
        let header = Secret::from(format!("Basic {}", STANDARD.encode(pair.expose())));
        let grant = Grant::new(AUTHORIZATION, &header, None)?;
        Ok(Self { account, grant: Arc::new(grant) })
    }
}

#[async_trait]
impl TokenSource for Login {
    async fn token(&self, request: TokenRequest) -> Result<Arc<Grant>> {
        if request.rejected.is_none() {
            return Ok(self.grant.clone());
        }
        let words = format!("the API key of `{}` is refused", self.account);
        Err(Error::new(ErrorKind::Unauthenticated, words)
            .with_status(StatusCode::UNAUTHORIZED)
            .with_hint("check the account and its API key; those who run the monitor give them"))
    }
}

impl Monitor {
    /// The monitor that decides on the certificates of Sovereign Cloud Stack.
    pub const SCS: &str = "https://compliance.sovereignit.cloud";

    /// The monitor at this address as everybody may ask it.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] if it is no address.
    pub fn new(url: impl Into<String>) -> Result<Self> {
        Self::builder(url).build()
    }

    /// The same with a login, certificates, time-outs and the like still to be set.
    pub fn builder(url: impl Into<String>) -> MonitorBuilder {
        MonitorBuilder { url: url.into(), login: None, transport: Transport::builder() }
    }

    fn api<R: Resource<Dialect = Self>>(&self) -> Api<R> {
        Api::new(self.clone())
    }

    /// What the monitor says of all subjects, or of those that the query asks for.
    pub async fn status(&self, query: StatusQuery) -> Result<Status> {
        self.api::<Status>().read_where(&query).await
    }

    /// Whether a cloud or cluster passes a version of a scope now: `v5.1` of the scope with this
    /// UUID. What is not tested, or not to the end, does not pass.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if the monitor does not know the subject.
    pub async fn passes(&self, subject: &str, scope: &str, version: &str) -> Result<bool> {
        let status = self.status(StatusQuery::default().subject(subject).scope(scope)).await?;
        if status.knows(subject) {
            return Ok(status.verdict(subject, scope, version) == Verdict::Pass);
        }
        Err(Error::new(ErrorKind::NotFound, format!("no subject is called `{subject}`"))
            .with_service(SERVICE)
            .with_hint("list the subjects by `status`; the monitor may know none in this scope"))
    }

    /// The results of single test cases that have not expired, or in the last week only.
    pub fn results(&self) -> Api<CheckResult> {
        self.api()
    }

    /// Approves results that are not passed, or takes that back; needs the role `approve`.
    pub async fn post_results(&self, approvals: Vec<Approval>) -> Result<()> {
        if approvals.is_empty() {
            return Ok(());
        }
        self.results().post_state(&approvals).await
    }

    /// The reports, newest first: those of the account's own subject if the query names none. One
    /// is read by the id of its run.
    pub fn reports(&self) -> Api<Report> {
        self.api()
    }

    /// Hands in a report. It is not repeated when it is unclear whether it has arrived.
    ///
    /// # Errors
    /// [`ErrorKind::Rejected`] if the monitor does not take the report or its signature,
    /// [`ErrorKind::Forbidden`] if the account may not hand it in for this subject.
    pub async fn upload(&self, report: &SignedReport) -> Result<()> {
        let sent = self.reports().post_bytes(report.body(), report.format().content_type()).await;
        sent.map_err(|error| {
            let is_too_large = error.status() == Some(StatusCode::PAYLOAD_TOO_LARGE);
            if error.kind() != ErrorKind::Rejected || is_too_large {
                return error;
            }
            error.with_hint(
                "check that the report is whole, that the signature is of its very bytes, and that \
                 the monitor has the public key for this account",
            )
        })
    }
}

impl Dialect for Monitor {
    fn transport(&self) -> &Transport {
        &self.0.transport
    }

    async fn locate(
        &self,
        _route: &Route,
        _need: Option<Need>,
        _pinned: Option<ApiVersion>,
    ) -> Result<Target> {
        Ok(Target::new(self.0.base.clone()))
    }

    fn fault(&self, route: &Route, answer: &Response) -> Error {
        fault::fault(route.service, answer)
    }
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monitor").field("url", &self.0.base.as_str()).finish_non_exhaustive()
    }
}
