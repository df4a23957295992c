use std::fmt;

use futures_util::TryStreamExt;
use scs_core::Result;

use super::{Choice, Criterion, Lack, Rules};
use crate::{
    OpenStack,
    block_storage::{VolumeType, VolumeTypeQuery},
    standards::volume_types::{Aspect, Aspects},
};

impl VolumeType {
    /// Starts a description of the type of volumes that is needed.
    pub fn need() -> VolumeTypeNeed {
        VolumeTypeNeed::default()
    }
}

/// What a type of volumes has to promise: see [`need`](super).
///
/// ```
/// use scs_iaas::{block_storage::VolumeType, standards::volume_types::Aspect};
///
/// let types: Vec<VolumeType> = serde_json::from_str(
///     r#"[{"id": "1", "name": "fast"},
///         {"id": "2", "name": "luks", "description": "[scs:encrypted, replicated] on Ceph"}]"#,
/// )?;
/// let choice = VolumeType::need().aspect(Aspect::Encrypted).choose(&types)?;
/// assert_eq!(choice.chosen.name, "luks");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Of several, the one that promises the least is chosen, and before others `__DEFAULT__`.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct VolumeTypeNeed(Aspects);

impl VolumeTypeNeed {
    /// This is promised.
    pub fn aspect(mut self, aspect: Aspect) -> Self {
        self.0.insert(aspect);
        self
    }

    /// The one of these types that does and promises least.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](scs_core::ErrorKind) with the nearest misses and what they lack.
    pub fn choose<'a>(&self, types: &'a [VolumeType]) -> Result<Choice<&'a VolumeType>> {
        super::choose(self, types)
    }

    /// The type of this cloud that does and promises least.
    ///
    /// # Errors
    /// As [`choose`](Self::choose), or if the types cannot be listed.
    pub async fn choose_in(&self, cloud: &OpenStack) -> Result<Choice<VolumeType>> {
        let types: Vec<VolumeType> =
            cloud.volume_types().list(VolumeTypeQuery::new()).try_collect().await?;
        self.choose(&types).map(Choice::cloned)
    }
}

/// What a type promises.
pub(super) struct View<'a> {
    volume_type: &'a VolumeType,
    aspects: Aspects,
}

impl Rules for VolumeTypeNeed {
    type Of = VolumeType;
    type View<'a> = View<'a>;
    type Survey = ();
    const BEST: &'static str = "the one that promises least";
    const ORDER: &'static [Criterion<Self>] = &[
        Criterion {
            after: "promises more than was asked for",
            order: |_, one, other| one.aspects.iter().count().cmp(&other.aspects.iter().count()),
        },
        Criterion {
            after: "is not the one that volumes get if nothing is said",
            order: |_, one, other| {
                let is_other =
                    |view: &View<'_>| !view.volume_type.name.eq_ignore_ascii_case("__default__");
                is_other(one).cmp(&is_other(other))
            },
        },
    ];

    fn view(volume_type: &VolumeType) -> View<'_> {
        View { volume_type, aspects: Aspects::promised_by(volume_type) }
    }

    fn survey(_: &[View<'_>]) {}

    fn unpromised(&self, (): &()) -> Vec<String> {
        Vec::new()
    }

    fn lacks(&self, offer: &View<'_>, (): &()) -> Vec<Lack> {
        let missing = self.0.iter().filter(|aspect| !offer.aspects.contains(*aspect));
        let words = missing.map(|a| format!("does not promise to be {}", a.as_str()));
        words.map(Lack::wholly).collect()
    }

    fn describe(offer: &View<'_>) -> String {
        if offer.aspects.is_empty() {
            return "promises nothing".to_owned();
        }
        let words: Vec<_> = offer.aspects.iter().map(Aspect::as_str).collect();
        words.join(", ")
    }
}

impl fmt::Display for VolumeTypeNeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("anything");
        }
        let words: Vec<_> = self.0.iter().map(Aspect::as_str).collect();
        f.write_str(&words.join(", "))
    }
}
