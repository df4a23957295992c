use scs_core::{Id, Identified, Listable, Resource, Route, Timestamp, answer, request};

use super::{Server, ServerStatus};
use crate::{
    Session,
    compute::{Flavor, NEWEST, OLDEST},
    identity::{Project, User},
    image::Image,
};

request! {
    /// Which servers to list.
    pub struct ServerQuery {
        /// Whose name matches this regular expression, anywhere.
        name: String,
        /// In this status.
        status: ServerStatus,
        /// Of this flavor.
        flavor: Id<Flavor>,
        /// Made from this image.
        image: Id<Image>,
        /// With an IPv4 address that matches this regular expression.
        ip: String,
        /// With an IPv6 address that matches this regular expression.
        ip6: String,
        /// With all of these tags, separated by commas.
        tags: String => since(2, 26),
        /// With one of these tags.
        tags_any: String as "tags-any" => since(2, 26),
        /// Without all of these tags.
        not_tags: String as "not-tags" => since(2, 26),
        /// Without any of these tags.
        not_tags_any: String as "not-tags-any" => since(2, 26),
        /// Locked or unlocked ones.
        locked: bool => since(2, 73),
        /// In this availability zone.
        availability_zone: String,
        /// With this key.
        key_name: String,
        /// Changed at this moment or later; shows deleted ones too.
        changes_since: Timestamp as "changes-since",
        /// Changed at this moment or earlier; shows deleted ones too.
        changes_before: Timestamp as "changes-before" => since(2, 66),
        /// Those of all projects; for administrators.
        all_projects: bool as "all_tenants",
        /// Those of this project; for administrators, with `all_projects`.
        project_id: Id<Project>,
        /// Those of this user.
        user_id: Id<User>,
        /// Those on this host; for administrators.
        host: String,
        /// Deleted ones; for administrators.
        deleted: bool,
        /// How many a page holds.
        limit: u32,
        /// Those behind the one with this id.
        marker: Id<Server>,
        /// By what to sort: `display_name`, `created_at`, `updated_at`, `uuid`, …
        sort_key: String,
        /// `asc` or `desc`.
        sort_dir: String,
    }
}

/// The regular expression that only this text matches.
pub(super) fn exactly(text: &str) -> String {
    let mut regex = String::with_capacity(text.len() + 2);
    regex.push('^');
    for char in text.chars() {
        if r"\.^$*+?()[]{}|".contains(char) {
            regex.push('\\');
        }
        regex.push(char);
    }
    regex.push('$');
    regex
}

answer! {
    /// The id and the name of a [`Server`].
    pub struct ServerSummary(
        /// The id of the server.
        id: Id<ServerSummary>,
    ) {
        /// Its name; empty while the part of the cloud it runs in does not answer.
        name: String,
    }
}

impl ServerSummary {
    /// The id of the server, as all other calls want it.
    pub fn server_id(&self) -> Id<Server> {
        self.id.cast()
    }
}

impl Resource for ServerSummary {
    type Dialect = Session;
    const ROUTE: Route =
        Route::new("compute", "servers").keys("server", "servers").versions(OLDEST, NEWEST);
}

impl Identified for ServerSummary {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for ServerSummary {
    type Query = ServerQuery;

    fn named(name: &str) -> ServerQuery {
        ServerQuery::new().name(exactly(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_taken_for_expressions() {
        assert_eq!(exactly("web-1"), "^web-1$");
        assert_eq!(exactly("a.b+(c)"), r"^a\.b\+\(c\)$");
    }
}
