use scs_core::{
    Result,
    model::{self, NodePoolSpec},
};
use serde_json::{Map, Value, json};

use super::{CloudProfile, Gardener, Region, invalid, templates::offered};

impl Gardener {
    /// The Shoot that is asked for, checked against its CloudProfile.
    pub(super) async fn order(&self, spec: &model::ClusterSpec) -> Result<Value> {
        let (profile, template) = self.profile(&spec.template).await?;
        let version = offered(&template, &spec.version)?;
        let Some(credentials) = &self.defaults.credentials else {
            return Err(invalid("no CredentialsBinding is set".into())
                .with_hint("name one by `Gardener::credentials_binding`"));
        };
        let region = self.region_of(&profile)?;
        let workers: Result<Vec<Value>> =
            spec.pools.iter().map(|pool| self.worker(&profile, region, pool)).collect();
        let mut shoot = json!({
            "cloudProfile": {"kind": "CloudProfile", "name": profile.metadata.name},
            "credentialsBindingName": credentials,
            "region": region.name,
            "kubernetes": {"version": version.to_string()},
            "networking": {"type": self.defaults.network, "nodes": self.defaults.nodes},
            "provider": {"type": profile.spec.provider, "workers": workers?},
        });
        let parameters: Map<_, _> = spec.parameters.clone().into_iter().collect();
        merge(&mut shoot, Value::Object(parameters));
        Ok(json!({"metadata": {"name": spec.name, "labels": spec.labels}, "spec": shoot}))
    }

    fn region_of<'a>(&self, profile: &'a CloudProfile) -> Result<&'a Region> {
        let regions = &profile.spec.regions;
        let name = &profile.metadata.name;
        let found = match &self.defaults.region {
            Some(wanted) => profile.region(wanted),
            None => regions.first().filter(|_| regions.len() == 1),
        };
        found.ok_or_else(|| {
            let all: Vec<_> = regions.iter().map(|region| region.name.as_str()).collect();
            invalid(match &self.defaults.region {
                Some(wanted) => format!("CloudProfile {name} has no region `{wanted}`"),
                None => format!("no region is set, and CloudProfile {name} has several"),
            })
            .with_hint(format!("set one by `Gardener::region`: {}", all.join(", ")))
        })
    }

    fn worker(
        &self,
        profile: &CloudProfile,
        region: &Region,
        pool: &NodePoolSpec,
    ) -> Result<Value> {
        let name = &profile.metadata.name;
        let Some(flavor) = pool.flavor.as_ref().or(self.defaults.machine_type.as_ref()) else {
            return Err(invalid(format!("pool {} has no flavor", pool.name))
                .with_hint("set one, or a default by `Gardener::machine_type`"));
        };
        if !profile.flavors().any(|usable| usable == flavor) {
            let all: Vec<_> = profile.flavors().collect();
            return Err(invalid(format!("CloudProfile {name} has no machine type `{flavor}`"))
                .with_hint(format!("it has: {}", all.join(", "))));
        }
        let images = &profile.spec.machine_images;
        let image =
            self.defaults.machine_image.as_ref().or(images.first().map(|image| &image.name));
        let mut worker = json!({
            "name": pool.name,
            "machine": {"type": flavor},
            "minimum": pool.count,
            "maximum": pool.count,
        });
        if let Some(image) = image {
            worker["machine"]["image"] = json!({"name": image});
        }
        if let Some(zone) = region.zones.first() {
            worker["zones"] = json!([zone.name]);
        }
        if let Some(volume) = profile.spec.volume_types.first() {
            let size = format!("{}Gi", self.defaults.volume_gib);
            worker["volume"] = json!({"type": volume.name, "size": size});
        }
        Ok(worker)
    }
}

/// Puts the members of `over` into `under`; objects are merged, all else is replaced.
fn merge(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                merge(under.entry(key).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}
