use std::collections::BTreeMap;

use scs_core::value::nullable;
use serde::Deserialize;
use serde_json::Value;

/// A variable that clusters of a class can set.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ClassVariable {
    /// The name.
    pub name: String,
    /// Whether it has to be set.
    pub required: bool,
    schema: Schema,
    /// The same again for each of those who define it.
    #[serde(deserialize_with = "nullable")]
    definitions: Vec<Definition>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Definition {
    required: bool,
    schema: Schema,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Schema {
    #[serde(rename = "openAPIV3Schema", deserialize_with = "nullable")]
    schema: BTreeMap<String, Value>,
}

impl ClassVariable {
    /// Whether clusters cannot be made without a value for it.
    pub fn must_be_set(&self) -> bool {
        let must =
            |required: bool, schema: &Schema| required && !schema.schema.contains_key("default");
        must(self.required, &self.schema)
            || self.definitions.iter().any(|one| must(one.required, &one.schema))
    }
}

/// Whether a variable of this name sets the flavor of workers.
pub(super) fn is_flavor(name: &str) -> bool {
    let plain = name.replace(['_', '-'], "").to_ascii_lowercase();
    matches!(
        plain.as_str(),
        "workerflavor"
            | "workermachineflavor"
            | "workermachinetype"
            | "workerinstancetype"
            | "machineflavor"
            | "machinetype"
    )
}
