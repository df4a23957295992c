use std::{
    fmt,
    net::{IpAddr, Ipv4Addr},
};

use crate::{
    Error, ErrorKind, Id, Phase, Result,
    model::{
        Address, Cluster, ClusterTemplate, Flavor, Group, Holder, Image, KeyPair, Machine, Model,
        Network, Project, Role, SecurityGroup, Specified, User, Volume,
    },
};

/// A noun of which the world keeps some.
pub trait Shelved: Model {
    /// Where they are.
    fn shelf(world: &mut World) -> &mut Vec<Kept<Self>>;

    /// Shows what is happening to it.
    fn show(&mut self, _phase: Phase) {}

    /// What else changes when one is gone.
    fn gone(_world: &mut World, _id: &Id<Self>) {}
}

/// A noun that the world makes to order.
pub trait Fabricated: Shelved + Specified {
    /// One as it will be when it is ready.
    fn fabricate(world: &mut World, spec: Self::Spec) -> Result<Self>;
}

/// A thing, and what is happening to it.
#[derive(Debug)]
pub struct Kept<T> {
    /// How it is now.
    pub(super) now: T,
    then: Option<Then<T>>,
}

#[derive(Debug)]
struct Then<T> {
    reads: u32,
    /// How it will be; `None` if it will be gone.
    end: Option<T>,
}

impl<T: Shelved> Kept<T> {
    pub(super) fn settled(now: T) -> Self {
        Self { now, then: None }
    }

    /// It becomes `end`, and is in `phase` until then.
    pub(super) fn under_way(end: T, phase: Phase, reads: u32) -> Self {
        let mut now = end.clone();
        now.show(phase);
        Self { now, then: Some(Then { reads, end: Some(end) }) }
    }

    /// Changes it at once, whatever else is happening to it.
    pub(super) fn amend(&mut self, change: impl Fn(&mut T)) {
        change(&mut self.now);
        if let Some(end) = self.then.as_mut().and_then(|then| then.end.as_mut()) {
            change(end);
        }
    }

    /// One read later. Whether it is still there.
    fn pass(&mut self) -> bool {
        match self.then.take() {
            Some(Then { reads, end }) if reads > 1 => {
                self.then = Some(Then { reads: reads - 1, end });
                true
            }
            Some(Then { end: Some(end), .. }) => {
                self.now = end;
                true
            }
            Some(Then { end: None, .. }) => false,
            None => true,
        }
    }
}

/// A thing of any kind.
#[derive(Debug, PartialEq, Eq)]
struct Thing {
    kind: &'static str,
    id: String,
}

impl Thing {
    fn new<T: Model>(id: &Id<T>) -> Self {
        Self { kind: T::KIND, id: id.to_string() }
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.id)
    }
}

/// All there is.
#[derive(Debug, Default)]
pub struct World {
    /// How many reads a change takes.
    pub(super) reads: u32,
    pub(super) machines: Vec<Kept<Machine>>,
    pub(super) flavors: Vec<Kept<Flavor>>,
    pub(super) images: Vec<Kept<Image>>,
    pub(super) networks: Vec<Kept<Network>>,
    pub(super) addresses: Vec<Kept<Address>>,
    pub(super) volumes: Vec<Kept<Volume>>,
    pub(super) keys: Vec<Kept<KeyPair>>,
    pub(super) security: Vec<Kept<SecurityGroup>>,
    pub(super) clusters: Vec<Kept<Cluster>>,
    pub(super) templates: Vec<Kept<ClusterTemplate>>,
    pub(super) users: Vec<Kept<User>>,
    pub(super) groups: Vec<Kept<Group>>,
    pub(super) roles: Vec<Kept<Role>>,
    pub(super) projects: Vec<Kept<Project>>,
    pub(super) members: Vec<(Id<Group>, Id<User>)>,
    pub(super) holders: Vec<(Id<Role>, Holder)>,
    uses: Vec<(Thing, Thing)>,
    minted: u32,
    hosts: u32,
}

impl World {
    pub(super) fn new(reads: u32) -> Self {
        Self { reads, ..Self::default() }
    }

    /// A new id.
    pub(super) fn mint<T: Model>(&mut self) -> Id<T> {
        self.minted += 1;
        Id::new(format!("{}-{}", T::KIND.replace(' ', "-"), self.minted))
    }

    /// An address of this range that nothing has had before.
    pub(super) fn next_ip(&mut self, range: Ipv4Addr) -> IpAddr {
        self.hosts += 1;
        Ipv4Addr::from(u32::from(range).wrapping_add(self.hosts)).into()
    }

    /// One read later for those that were looked at.
    pub(super) fn pass<T: Shelved>(&mut self, seen: impl Fn(&Kept<T>) -> bool) {
        let mut gone = Vec::new();
        T::shelf(self).retain_mut(|kept| {
            let stays = !seen(kept) || kept.pass();
            if !stays {
                gone.push(kept.now.id().clone());
            }
            stays
        });
        for id in gone {
            let thing = Thing::new(&id);
            self.uses.retain(|(user, _)| *user != thing);
            T::gone(self, &id);
        }
    }

    /// The one with this id.
    pub(super) fn known<T: Shelved>(&mut self, id: &Id<T>) -> Result<&mut Kept<T>> {
        if id.as_str().is_empty() {
            return Err(Error::invalid(format!("the id of the {} is empty", T::KIND)));
        }
        T::shelf(self)
            .iter_mut()
            .find(|kept| kept.now.id() == id)
            .ok_or_else(|| Error::new(ErrorKind::NotFound, format!("there is no {} {id}", T::KIND)))
    }

    /// Refuses a name that is taken, where names are unique.
    pub(super) fn vacant<T: Shelved>(&mut self, name: &str) -> Result<()> {
        match T::shelf(self).iter().find(|kept| kept.now.name() == name) {
            Some(taken) => {
                Err(conflict(taken.now.id(), format_args!("is called `{name}` already")))
            }
            None => Ok(()),
        }
    }

    /// The one that an order refers to.
    pub(super) fn meant<T: Shelved>(&mut self, id: &Id<T>) -> Result<&T> {
        match self.known(id) {
            Ok(kept) => Ok(&kept.now),
            Err(error) => Err(Error::new(ErrorKind::Rejected, error.message().to_owned())),
        }
    }

    /// The one with this id, if nothing is happening to it.
    pub(super) fn ready<T: Shelved>(&mut self, id: &Id<T>) -> Result<&mut Kept<T>> {
        let kept = self.known(id)?;
        match kept.then {
            None => Ok(kept),
            Some(_) => Err(conflict(id, format_args!("is {:?}", kept.now.phase()))
                .with_hint("wait until it is ready")),
        }
    }

    /// Begins a change.
    pub(super) fn change<T: Shelved>(
        &mut self,
        id: &Id<T>,
        change: impl FnOnce(&mut T) -> Result<()>,
    ) -> Result<()> {
        let reads = self.reads;
        let kept = self.ready(id)?;
        let mut end = kept.now.clone();
        change(&mut end)?;
        *kept = Kept::under_way(end, Phase::Updating, reads);
        Ok(())
    }

    /// Begins to take one away.
    pub(super) fn remove<T: Shelved>(&mut self, id: &Id<T>) -> Result<()> {
        self.known(id)?;
        let thing = Thing::new(id);
        if let Some((user, _)) = self.uses.iter().find(|(_, used)| *used == thing) {
            return Err(conflict(id, format_args!("is in use by {user}")));
        }
        let reads = self.reads;
        let kept = self.known(id)?;
        kept.now.show(Phase::Deleting);
        kept.then = Some(Then { reads, end: None });
        Ok(())
    }

    /// One uses another, which cannot be deleted until that ends.
    pub(super) fn begin_use<U: Model, T: Model>(&mut self, user: &Id<U>, thing: &Id<T>) {
        self.uses.push((Thing::new(user), Thing::new(thing)));
    }

    /// One does not use another any more.
    pub(super) fn end_use<U: Model, T: Model>(&mut self, user: &Id<U>, thing: &Id<T>) {
        let pair = (Thing::new(user), Thing::new(thing));
        self.uses.retain(|other| *other != pair);
    }

    /// Lets an address lead to a machine, or nowhere.
    pub(super) fn lead(&mut self, id: &Id<Address>, to: Option<&Id<Machine>>) -> Result<()> {
        let address = self.ready(id)?;
        let ip = address.now.ip();
        let from = std::mem::replace(&mut address.now.machine, to.cloned());
        for machine in &mut self.machines {
            if Some(machine.now.id()) == from.as_ref() {
                machine.amend(|machine| machine.addresses.retain(|other| *other != ip));
            }
            if Some(machine.now.id()) == to {
                machine.amend(|machine| machine.addresses.push(ip));
            }
        }
        Ok(())
    }
}

/// The state of one forbids it.
pub(super) fn conflict<T: Model>(id: &Id<T>, why: impl fmt::Display) -> Error {
    Error::new(ErrorKind::Conflict, format!("{} {id} {why}", T::KIND))
}
