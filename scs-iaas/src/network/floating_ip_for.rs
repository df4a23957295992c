use futures_util::TryStreamExt;
use scs_core::{Api, Error, ErrorKind, Id, Result};

use super::{
    AddTag, FloatingIp, FloatingIpPatch, FloatingIpQuery, FloatingIpStatus, Network, NewFloatingIp,
    Port, RemoveTag,
};
use crate::OpenStack;

/// What the tags of claims begin with. What follows is unlike that of all others.
const CLAIM: &str = "scs-claim-";

impl OpenStack {
    /// The floating IP of an external network that leads to a port: the one that does so
    /// already, else one of the project's that leads nowhere, else a new one.
    ///
    /// Callers who ask at the same time for different ports, in whatever program, never get the
    /// same address. One that is to be used again carries a tag `scs-claim-…` meanwhile; whoever
    /// finds it claimed by somebody else takes another one. A program that is killed in that
    /// moment leaves its tag behind: remove it, and the address is used again.
    ///
    /// ```no_run
    /// # use scs_iaas::{OpenStack, network::Port};
    /// # async fn f(cloud: OpenStack, port: Port) -> scs_core::Result<()> {
    /// let external = cloud.networks().find("external").await?;
    /// let ip = cloud.floating_ip_for(&port.id, &external.id).await?;
    /// println!("{}", ip.address);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if no router connects the port with the network,
    /// [`ErrorKind::Config`] if the login has no project.
    pub async fn floating_ip_for(
        &self,
        port: &Id<Port>,
        network: &Id<Network>,
    ) -> Result<FloatingIp> {
        let api = self.floating_ips();
        let project = self.session().access().await?.project_id().ok_or_else(|| {
            Error::config("the login has no project that the floating IP could be of")
                .with_service("network")
                .with_hint("log in with the scope of a project")
        })?;
        if let Some(present) = leading(&api, port, network).await? {
            return Ok(present);
        }
        let query = FloatingIpQuery::new().project_id(&project).network_id(network);
        let all: Vec<FloatingIp> = api.list(query).try_collect().await?;
        for ip in all.iter().filter(|ip| is_idle(ip, "")) {
            if let Some(claimed) = claim(&api, &ip.id, port).await? {
                return Ok(claimed);
            }
        }
        match api.create(NewFloatingIp::new(network).port_id(port)).await {
            // Somebody else was faster with the same port.
            Err(error) if error.kind() == ErrorKind::Conflict => {
                leading(&api, port, network).await?.ok_or(error)
            }
            created => created,
        }
    }
}

async fn leading(
    api: &Api<FloatingIp>,
    port: &Id<Port>,
    network: &Id<Network>,
) -> Result<Option<FloatingIp>> {
    let query = FloatingIpQuery::new().port_id(port).network_id(network);
    Ok(api.list(query).try_collect::<Vec<_>>().await?.pop())
}

/// Whether it leads nowhere and nobody has claimed it but by this tag.
fn is_idle(ip: &FloatingIp, own: &str) -> bool {
    let claimed = |tag: &String| tag.starts_with(CLAIM) && tag != own;
    ip.port_id.is_none() && ip.status != FloatingIpStatus::Error && !ip.tags.iter().any(claimed)
}

/// Leads an idle floating IP to a port; `None` if it is not to be had.
///
/// `If-Match` alone does not keep others away: Neutron forgets it when it repeats a change that
/// met another one in its database, and then accepts both. So each caller first adds a tag and
/// then looks: of two that want the same one, at least the later sees the tag of the other.
async fn claim(
    api: &Api<FloatingIp>,
    id: &Id<FloatingIp>,
    port: &Id<Port>,
) -> Result<Option<FloatingIp>> {
    let tag = format!("{CLAIM}{:032x}", fastrand::u128(..));
    let associated = associate(api, id, port, &tag).await;
    if let Err(error) = api.act(id, RemoveTag::new(&tag)).await
        && !error.is_not_found()
    {
        tracing::warn!(%id, %tag, %error, "the tag of a claim is left behind");
    }
    if !associated? {
        return Ok(None);
    }
    let ip = api.get(id).await?;
    if ip.port_id.as_ref() == Some(port) {
        return Ok(Some(ip));
    }
    Err(Error::new(ErrorKind::Conflict, format!("floating IP {id} was led elsewhere at once"))
        .with_service("network")
        .with_hint("find out who changes the floating IPs of this project, and ask again"))
}

/// Whether nobody else has claimed it, so that it leads to the port now.
async fn associate(
    api: &Api<FloatingIp>,
    id: &Id<FloatingIp>,
    port: &Id<Port>,
    tag: &str,
) -> Result<bool> {
    match api.act(id, AddTag::new(tag)).await {
        Err(error) if error.is_not_found() => return Ok(false),
        tagged => tagged?,
    }
    match api.get_opt(id).await? {
        Some(ip) if is_idle(&ip, tag) => {}
        _ => return Ok(false),
    }
    // For who knows nothing of claims there is the revision.
    let patch = |ip: &FloatingIp| match ip.port_id {
        None => FloatingIpPatch::new().port_id(port),
        Some(_) => FloatingIpPatch::new(),
    };
    match api.update_with(id, patch).await {
        // Its ports are forwarded one by one, or the port has got an address meanwhile.
        Err(error) if error.kind() == ErrorKind::Conflict => Ok(false),
        updated => Ok(updated?.port_id.as_ref() == Some(port)),
    }
}
