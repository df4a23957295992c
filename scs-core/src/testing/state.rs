use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Instant,
};

use serde_json::Value;

use super::{Script, lifecycle::Change};
use crate::{Route, Timestamp};

/// A route's service and path.
type Kind = (&'static str, &'static str);

fn kind(route: &Route) -> Kind {
    (route.service, route.path)
}

/// Everything that a fake keeps: items by the [`Route`] they belong to and by key.
///
/// The key of an item is its id; that of an item which belongs to a parent is `parent/id`.
/// Items keep the order in which they were made.
#[derive(Debug, Default)]
pub struct State {
    tables: HashMap<Kind, Table>,
    minted: u64,
}

#[derive(Debug, Default)]
struct Table {
    places: HashMap<String, u64>,
    items: BTreeMap<u64, Item>,
    next: u64,
    /// Keys of items to which something is still going to happen.
    moving: BTreeSet<String>,
}

#[derive(Debug)]
struct Item {
    key: String,
    value: Value,
    script: Script,
}

impl Table {
    fn item(&mut self, key: &str) -> Option<&mut Item> {
        self.items.get_mut(self.places.get(key)?)
    }
}

impl State {
    /// A new id, shaped like a UUID. The same fake mints the same ids in each run.
    pub fn mint(&mut self) -> String {
        self.minted += 1;
        let (high, low) = (scatter(self.minted), scatter(!self.minted));
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | ((low >> 48) & 0x3fff),
            low & 0xffff_ffff_ffff
        )
    }

    /// A new id of 32 hexadecimal digits.
    pub fn mint_hex(&mut self) -> String {
        self.mint().replace('-', "")
    }

    /// Adds an item, or replaces the one with this key.
    pub fn insert(&mut self, route: &Route, key: impl Into<String>, value: Value) {
        let key = key.into();
        let table = self.tables.entry(kind(route)).or_default();
        let place = *table.places.entry(key.clone()).or_insert_with(|| {
            table.next += 1;
            table.next
        });
        table.items.insert(place, Item { key, value, script: Script::new() });
    }

    /// The item with this key.
    pub fn get(&self, route: &Route, key: &str) -> Option<&Value> {
        let table = self.tables.get(&kind(route))?;
        table.items.get(table.places.get(key)?).map(|item| &item.value)
    }

    /// All items with their keys, oldest first.
    pub fn list(&self, route: &Route) -> impl DoubleEndedIterator<Item = (&str, &Value)> {
        self.after(route, None)
    }

    /// The items behind the one with the key `marker`.
    pub(super) fn after(
        &self,
        route: &Route,
        marker: Option<&str>,
    ) -> impl DoubleEndedIterator<Item = (&str, &Value)> {
        let table = self.tables.get(&kind(route));
        let from = marker.and_then(|marker| table?.places.get(marker)).map_or(0, |place| place + 1);
        table
            .into_iter()
            .flat_map(move |table| table.items.range(from..))
            .map(|(_, item)| (item.key.as_str(), &item.value))
    }

    /// Changes members of an item: those of `members` replace those of the same name. Tells
    /// whether there is such an item.
    pub fn merge(&mut self, route: &Route, key: &str, members: Value) -> bool {
        match self.table(route).and_then(|table| table.item(key)) {
            Some(item) => {
                merge(&mut item.value, members);
                true
            }
            None => false,
        }
    }

    /// Puts `value` in the place of an item; what is going to happen to it still does. Tells
    /// whether there is such an item.
    pub fn replace(&mut self, route: &Route, key: &str, value: Value) -> bool {
        let item = self.table(route).and_then(|table| table.item(key));
        item.map(|item| item.value = value).is_some()
    }

    /// Takes an item away.
    pub fn remove(&mut self, route: &Route, key: &str) -> Option<Value> {
        let table = self.table(route)?;
        let place = table.places.remove(key)?;
        table.moving.remove(key);
        table.items.remove(&place).map(|item| item.value)
    }

    /// Takes all items away for which `gone` holds.
    pub fn remove_all(&mut self, route: &Route, gone: impl Fn(&str, &Value) -> bool) {
        let keys: Vec<_> = self
            .list(route)
            .filter(|(key, value)| gone(key, value))
            .map(|(key, _)| key.to_owned())
            .collect();
        for key in keys {
            self.remove(route, &key);
        }
    }

    /// Lets things happen to an item, instead of what was going to happen to it.
    pub fn play(&mut self, route: &Route, key: &str, script: Script) {
        if let Some(table) = self.table(route)
            && let Some(item) = table.item(key)
        {
            item.script = script;
            table.moving.insert(key.to_owned());
        }
        self.advance(kind(route), key, Instant::now());
    }

    /// Takes the steps whose time has come.
    pub(super) fn tick(&mut self) {
        let now = Instant::now();
        let moving: Vec<(Kind, String)> = self
            .tables
            .iter()
            .flat_map(|(kind, table)| table.moving.iter().map(|key| (*kind, key.clone())))
            .collect();
        for (kind, key) in moving {
            self.advance(kind, &key, now);
        }
    }

    /// These items have been shown.
    pub(super) fn seen(&mut self, route: &Route, keys: impl IntoIterator<Item = String>) {
        for key in keys {
            let Some(table) = self.table(route).filter(|table| table.moving.contains(&key)) else {
                continue;
            };
            if let Some(item) = table.item(&key) {
                item.script.seen();
            }
            self.advance(kind(route), &key, Instant::now());
        }
    }

    fn table(&mut self, route: &Route) -> Option<&mut Table> {
        self.tables.get_mut(&kind(route))
    }

    fn advance(&mut self, kind: Kind, key: &str, now: Instant) {
        loop {
            let Some(table) = self.tables.get_mut(&kind) else { return };
            let Some(item) = table.item(key) else { return };
            match item.script.due(now) {
                Some(Change::Merge(members)) => merge(&mut item.value, members),
                Some(Change::Run(effect)) => effect(self),
                Some(Change::Gone) => {
                    let rest = std::mem::take(&mut item.script);
                    if let Some(place) = table.places.remove(key) {
                        table.items.remove(&place);
                    }
                    table.moving.remove(key);
                    self.finish(rest, now);
                    return;
                }
                None => {
                    if item.script.is_over() {
                        table.moving.remove(key);
                    }
                    return;
                }
            }
        }
    }

    /// What still happens when the item itself is gone.
    fn finish(&mut self, mut rest: Script, now: Instant) {
        while let Some(change) = rest.due(now) {
            if let Change::Run(effect) = change {
                effect(self);
            }
        }
    }
}

/// The members of `members` replace those of the same name.
pub(super) fn merge(value: &mut Value, members: Value) {
    match (value, members) {
        (Value::Object(value), Value::Object(members)) => value.extend(members),
        (value, members) => *value = members,
    }
}

/// A time as most services write it, to the second: `2026-11-21T15:22:12Z`.
pub fn timestamp(time: Timestamp) -> String {
    let text = time.to_string();
    let end = text.find(['.', 'Z']).unwrap_or(text.len());
    format!("{}Z", &text[..end])
}

/// Spreads consecutive numbers over all 64 bits (the finalizer of SplitMix64).
fn scatter(number: u64) -> u64 {
    let mut z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::testing::When;

    const THINGS: Route = Route::new("test", "things");

    fn status(state: &State) -> Option<&str> {
        state.get(&THINGS, "a")?["status"].as_str()
    }

    fn see(state: &mut State) {
        state.seen(&THINGS, ["a".to_owned()]);
    }

    #[test]
    fn steps_follow_reads() {
        let mut state = State::default();
        state.insert(&THINGS, "a", json!({"status": "BUILD"}));
        let script = Script::new()
            .then(When::Reads(2), json!({"status": "ACTIVE"}))
            .gone(When::Reads(1))
            .run(|state| state.insert(&THINGS, "b", json!({})));
        state.play(&THINGS, "a", script);
        for expected in [Some("BUILD"), Some("BUILD"), Some("ACTIVE"), None] {
            state.tick();
            assert_eq!(status(&state), expected);
            see(&mut state);
        }
        assert!(state.get(&THINGS, "b").is_some());
    }

    #[test]
    fn steps_follow_time() {
        let mut state = State::default();
        state.insert(&THINGS, "a", json!({"status": "BUILD"}));
        let after = |millis| When::After(Duration::from_millis(millis));
        state.play(&THINGS, "a", Script::new().then(after(20), json!({"status": "ACTIVE"})));
        see(&mut state);
        assert_eq!(status(&state), Some("BUILD"));
        std::thread::sleep(Duration::from_millis(25));
        state.tick();
        assert_eq!(status(&state), Some("ACTIVE"));
    }

    #[test]
    fn ids_are_minted_alike_and_differ() {
        let (mut one, mut two) = (State::default(), State::default());
        let ids: BTreeSet<_> = (0..1000).map(|_| one.mint()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.contains(&two.mint()));
        assert!(ids.iter().all(|id| id.len() == 36 && id.as_bytes()[14] == b'4'));
    }

    #[test]
    fn times_have_whole_seconds() {
        let time: Timestamp = "2026-11-21T15:22:12.345Z".parse().unwrap();
        assert_eq!(timestamp(time), "2026-11-21T15:22:12Z");
    }
}
