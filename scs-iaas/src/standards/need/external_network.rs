use std::fmt;

use futures_util::TryStreamExt;
use scs_core::{Api, Result};

use super::{Choice, Criterion, Lack, Rules};
use crate::{
    OpenStack, Session,
    network::{Network, NetworkQuery},
};

impl Network {
    /// The need of a way to the outside.
    pub fn need_external() -> ExternalNetworkNeed {
        ExternalNetworkNeed(())
    }
}

/// The network to the outside: see [`need`](super). By
/// [SCS-0126](https://docs.scs.community/standards/scs-0126-v1-provider-networks) it is the one
/// that is the default; where none is, it is the only one that leads out.
///
/// ```
/// use scs_iaas::network::Network;
///
/// let networks: Vec<Network> = serde_json::from_str(
///     r#"[{"id": "1", "name": "mine", "project_id": "p", "status": "ACTIVE",
///          "admin_state_up": true, "router:external": false},
///         {"id": "2", "name": "public", "project_id": "q", "status": "ACTIVE",
///          "admin_state_up": true, "router:external": true}]"#,
/// )?;
/// assert_eq!(Network::need_external().choose(&networks)?.chosen.name, "public");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct ExternalNetworkNeed(());

impl ExternalNetworkNeed {
    /// The one of these networks that leads out.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](scs_core::ErrorKind) if there is none, or several and no default.
    pub fn choose<'a>(&self, networks: &'a [Network]) -> Result<Choice<&'a Network>> {
        super::choose(self, networks)
    }

    /// The network of this cloud that leads out.
    ///
    /// # Errors
    /// As [`choose`](Self::choose), or if the networks cannot be listed.
    pub async fn choose_in(&self, cloud: &OpenStack) -> Result<Choice<Network>> {
        self.choose_at(cloud.session()).await
    }

    pub(crate) async fn choose_at(&self, session: &Session) -> Result<Choice<Network>> {
        let query = NetworkQuery::new().is_external(true);
        let networks: Vec<Network> = Api::new(session.clone()).list(query).try_collect().await?;
        self.choose(&networks).map(Choice::cloned)
    }
}

impl Rules for ExternalNetworkNeed {
    type Of = Network;
    type View<'a> = &'a Network;
    /// How many could be used, if none of them is the default.
    type Survey = usize;
    const BEST: &'static str = "the one to take";
    const ORDER: &'static [Criterion<Self>] = &[Criterion {
        after: "is not the default",
        order: |_, one, other| other.is_default.cmp(&one.is_default),
    }];

    fn view(network: &Network) -> &Network {
        network
    }

    fn survey(networks: &[&Network]) -> usize {
        let usable =
            networks.iter().filter(|network| network.is_external && network.admin_state_up);
        if usable.clone().any(|network| network.is_default) { 0 } else { usable.count() }
    }

    fn unpromised(&self, _: &usize) -> Vec<String> {
        Vec::new()
    }

    fn lacks(&self, network: &&Network, &rivals: &usize) -> Vec<Lack> {
        let mut lacks = Vec::new();
        if !network.is_external {
            lacks.push(Lack::wholly("does not lead out of the cloud"));
        } else if rivals > 1 {
            lacks.push(Lack::wholly(format!("is one of {rivals} and no more a default than they")));
        }
        if !network.admin_state_up {
            lacks.push(Lack::wholly("is switched off"));
        }
        lacks
    }

    fn describe(network: &&Network) -> String {
        let words = if network.is_default { "the default" } else { "no default, but the only one" };
        words.to_owned()
    }
}

impl fmt::Display for ExternalNetworkNeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a way to the outside")
    }
}
