//! Choosing by need: the flavor, the image, the type of volumes and the network to the outside
//! that do for a purpose, on any cloud of SCS.
//!
//! ```no_run
//! use scs_iaas::{
//!     OpenStack, compute::Flavor, image::Image, network::Network,
//!     standards::flavor_name::CpuClass,
//! };
//!
//! # async fn f(cloud: OpenStack) -> scs_core::Result<()> {
//! let image = Image::need().distribution("ubuntu").choose_in(&cloud).await?.chosen;
//! let flavor = Flavor::need()
//!     .vcpus(2)
//!     .ram(4096)
//!     .cpu_class(CpuClass::Shared)
//!     .image(&image)
//!     .choose_in(&cloud)
//!     .await?;
//! println!("{flavor}"); // why this one, and what comes after it
//! let outside = Network::need_external().choose_in(&cloud).await?.chosen;
//! # Ok(()) }
//! ```
//!
//! Each need is a pure function over a list, too (`choose`). What is not asked for is open. What
//! promises less than asked is never chosen, and of what does, the least is: the smallest
//! flavor, the newest image, the type with the fewest promises. The order of the list does not
//! matter.
//!
//! # What counts as a promise
//! What a cloud of the scopes up to v5.1 says by names, it may say by metadata in later ones. Both
//! count:
//!
//! | of | metadata | names |
//! |---|---|---|
//! | flavors | `scs:cpu-type`, `scs:disk0-type`, `scs:name-vN` | those of SCS-0100, in either spelling |
//! | images | `os_distro`, `os_version`, `os_purpose`, `architecture` | `Ubuntu 24.04`, `ubuntu-capi-image-v1.34.1` |
//! | types of volumes | the list that a description begins with | |
//! | networks | `is_default`, or that there is no other | |
//!
//! On a plain OpenStack no flavor has a promise of SCS at all. Flavors are chosen by their size
//! then, and [`Choice::unpromised`] names what was asked for and could not be looked at: the class
//! of CPUs, the type of disks, x86-64. The same holds for the purpose and the architecture of
//! images where no image of the cloud tells them. What would be dangerous to take for granted
//! is not: a graphics processor, another architecture, a distribution, encryption.

mod external_network;
mod flavor;
mod image;
mod image_name;
#[cfg(test)]
#[cfg(feature = "conformance")]
mod tests;
mod volume_type;

use std::{cmp::Ordering, fmt};

use scs_core::{Error, ErrorKind, Identified, Resource, Result};

pub use self::{
    external_network::ExternalNetworkNeed, flavor::FlavorNeed, image::ImageNeed,
    volume_type::VolumeTypeNeed,
};

/// How many of the next best ones, or of the nearest misses, are named.
const NAMED: usize = 3;

/// What was chosen, and why. `Display` explains it, one line for each thing to say.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Choice<T> {
    /// What was chosen.
    pub chosen: T,
    /// What was asked for, and nothing on this cloud tells whether it is there; empty on a cloud
    /// that keeps the standards.
    pub unpromised: Vec<String>,
    /// The next best ones, up to three of them.
    pub runners_up: Vec<RunnerUp<T>>,
    why: String,
}

/// Something that would have done, too.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RunnerUp<T> {
    /// It.
    pub offer: T,
    /// Why it comes after what was chosen, with its name: "`SCS-2V-8` has more memory".
    pub why: String,
}

impl<T: Clone> Choice<&T> {
    /// The same choice, independent of the list it was made from.
    pub fn cloned(self) -> Choice<T> {
        let clone = |next: RunnerUp<&T>| RunnerUp { offer: next.offer.clone(), why: next.why };
        Choice {
            chosen: self.chosen.clone(),
            unpromised: self.unpromised,
            runners_up: self.runners_up.into_iter().map(clone).collect(),
            why: self.why,
        }
    }
}

impl<T> fmt::Display for Choice<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)?;
        for what in &self.unpromised {
            write!(f, "\nnot promised: {what}")?;
        }
        for next in &self.runners_up {
            write!(f, "\nnext: {}", next.why)?;
        }
        Ok(())
    }
}

/// What is asked of a resource: what each kind of need is made of.
trait Rules: fmt::Display + Sized + 'static {
    type Of: Identified;
    /// What is read of an offer, once.
    type View<'a>;
    /// What is to be known of all offers before one of them can be judged.
    type Survey;
    /// What makes the chosen one the best: "the smallest".
    const BEST: &'static str;
    /// By what offers are ordered, what matters most first.
    const ORDER: &'static [Criterion<Self>];

    fn view(offer: &Self::Of) -> Self::View<'_>;

    fn survey(views: &[Self::View<'_>]) -> Self::Survey;

    /// What is asked for and nobody tells, so that offers need not promise it.
    fn unpromised(&self, survey: &Self::Survey) -> Vec<String>;

    /// What an offer falls short of.
    fn lacks(&self, offer: &Self::View<'_>, survey: &Self::Survey) -> Vec<Lack>;

    /// What an offer is, in a few words.
    fn describe(offer: &Self::View<'_>) -> String;
}

/// Something by which one offer comes before another one.
struct Criterion<N: Rules> {
    /// What to say of the one that comes after.
    after: &'static str,
    order: fn(&N, &N::View<'_>, &N::View<'_>) -> Ordering,
}

/// Something that an offer falls short of.
struct Lack {
    /// What, in words that stand behind the name of the offer.
    words: String,
    /// By how much, in thousandths of what is asked for.
    gap: u64,
}

impl Lack {
    /// It is not there, or cannot be compared.
    fn wholly(words: impl Into<String>) -> Self {
        Self { words: words.into(), gap: 1000 }
    }

    /// There is too little of it.
    fn partly(words: String, is: u32, asked: u32) -> Self {
        let missing = u64::from(asked.saturating_sub(is));
        Self { words, gap: missing * 1000 / u64::from(asked.max(1)) }
    }
}

fn choose<'a, N: Rules>(need: &N, offered: &'a [N::Of]) -> Result<Choice<&'a N::Of>> {
    let views: Vec<N::View<'a>> = offered.iter().map(N::view).collect();
    let survey = N::survey(&views);
    let (mut fitting, mut missing) = (Vec::new(), Vec::new());
    for offer in offered.iter().zip(&views) {
        let lacks = need.lacks(offer.1, &survey);
        if lacks.is_empty() {
            fitting.push(offer);
        } else {
            missing.push((offer, lacks));
        }
    }
    let best_first =
        ranked(fitting.len(), &|one, other| compare(need, &fitting[one], &fitting[other]).0);
    let Some((&first, next)) = best_first.split_first() else {
        let short = |lacks: &[Lack]| (lacks.len(), lacks.iter().map(|l| l.gap).sum::<u64>());
        let nearest = ranked(missing.len(), &|one, other| {
            let ((one, lacks), (other, more)) = (&missing[one], &missing[other]);
            short(lacks).cmp(&short(more)).then_with(|| compare(need, one, other).0)
        });
        return Err(nothing(need, nearest.into_iter().map(|at| &missing[at])));
    };
    let best = fitting[first];
    let why = format!(
        "{} ({}): {} of {} that do for {need}, out of {}",
        called(best.0),
        N::describe(best.1),
        N::BEST,
        fitting.len(),
        offered.len()
    );
    let runner_up = |at: &usize| {
        let other = &fitting[*at];
        let after = compare(need, &best, other).1;
        RunnerUp { offer: other.0, why: format!("{} {after}", called(other.0)) }
    };
    Ok(Choice {
        chosen: best.0,
        unpromised: need.unpromised(&survey),
        runners_up: next.iter().take(NAMED).map(runner_up).collect(),
        why,
    })
}

/// The places from 0 up to `count` in the given order; those that are equal stay as they are.
/// Places are sorted, not offers: a sort is much code, and there is one for all kinds.
fn ranked(count: usize, order: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<_> = (0..count).collect();
    places.sort_by(|one, other| order(*one, *other));
    places
}

type Offer<'o, 'a, N> = (&'a <N as Rules>::Of, &'o <N as Rules>::View<'a>);

/// Which of two offers comes first, and what to say of the other one.
fn compare<N: Rules>(
    need: &N,
    one: &Offer<'_, '_, N>,
    other: &Offer<'_, '_, N>,
) -> (Ordering, &'static str) {
    let differing = N::ORDER.iter().find_map(|criterion| {
        let order = (criterion.order)(need, one.1, other.1);
        order.is_ne().then_some((order, criterion.after))
    });
    differing.unwrap_or_else(|| {
        let (one, other) = (one.0, other.0);
        let order = one.name().cmp(&other.name()).then_with(|| one.id().cmp(other.id()));
        (order, "is as good, and comes after it in the alphabet")
    })
}

/// How texts call an offer.
fn called<R: Identified>(offer: &R) -> String {
    format!("`{}`", offer.name().filter(|name| !name.is_empty()).unwrap_or(offer.id().as_str()))
}

/// Why nothing was chosen, with what comes nearest first.
fn nothing<'m, 'o: 'm, 'a: 'o, N: Rules>(
    need: &N,
    nearest: impl ExactSizeIterator<Item = &'m (Offer<'o, 'a, N>, Vec<Lack>)>,
) -> Error {
    let one = N::Of::ROUTE.kind().replace('_', " ");
    let count = nearest.len();
    let error = if count == 0 {
        Error::new(ErrorKind::NotFound, format!("the cloud offers no {one}"))
            .with_hint("ask the provider for one")
    } else {
        let misses = nearest.take(NAMED).map(|((offer, _), lacks)| {
            let lacks: Vec<_> = lacks.iter().map(|lack| lack.words.as_str()).collect();
            format!("{} {}", called(*offer), lacks.join(" and "))
        });
        let misses: Vec<_> = misses.collect();
        let words = format!("no {one} of {count} does for {need}: {}", misses.join("; "));
        Error::new(ErrorKind::NotFound, words).with_hint("ask for less, or ask the provider")
    };
    error.with_service(N::Of::ROUTE.service)
}
