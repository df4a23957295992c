//! What is chosen, and what is not: over lists, at random, and on the fake.

mod flavors;
mod images;
#[cfg(feature = "testing")]
mod on_the_fake;
mod others;

use std::fmt;

use scs_core::Identified;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Choice;

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// The name of what was chosen, or all that stands in the error.
fn name<T: Identified>(choice: scs_core::Result<Choice<&T>>) -> String {
    match choice {
        Ok(choice) => choice.chosen.name().unwrap().to_owned(),
        Err(error) => error.message().to_owned(),
    }
}

/// Why each of the runners-up comes after, in order.
fn after<T: fmt::Debug>(choice: &Choice<T>) -> Vec<&str> {
    choice.runners_up.iter().map(|next| next.why.as_str()).collect()
}
