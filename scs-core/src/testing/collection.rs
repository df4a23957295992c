use std::{borrow::Cow, collections::BTreeMap, fmt, sync::Arc};

use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Answer, Answered, Call, Received, Script, page, state::merge};
use crate::{
    Route,
    route::{Created, Verb},
};

type Create = Box<dyn Fn(&mut Call<'_>, &mut Value) -> Answered<Script> + Send + Sync>;
type Update = Box<dyn Fn(&mut Call<'_>, &Value, &mut Value) -> Answered<()> + Send + Sync>;
type Delete = Box<dyn Fn(&mut Call<'_>, &Value) -> Answered<Script> + Send + Sync>;
type Act = Box<dyn Fn(&mut Call<'_>, &Value) -> Answered + Send + Sync>;
type Show = Box<dyn for<'a> Fn(&Call<'_>, &'a Value) -> Cow<'a, Value> + Send + Sync>;
type Read = Box<dyn Fn(&Call<'_>, Option<&Value>) -> Answered<()> + Send + Sync>;
type Filter = fn(&Value, &str) -> bool;
type Choice = fn(&Value, &Received) -> bool;
pub(super) type Endpoint = (Method, String, Arc<dyn Fn(&mut Call<'_>) -> Answered + Send + Sync>);

/// The items of a resource, created, read, listed, changed and deleted as its [`Route`] says.
#[must_use]
pub struct Collection {
    pub(super) route: Route,
    noun: String,
    id: &'static str,
    located: &'static str,
    hex: bool,
    defaults: Value,
    summary: &'static [&'static str],
    statuses: (u16, u16),
    read_only: bool,
    create: Option<Create>,
    created: Option<Show>,
    update: Option<Update>,
    delete: Option<Delete>,
    read: Option<Read>,
    show: Option<Show>,
    actions: BTreeMap<&'static str, Act>,
    filters: BTreeMap<&'static str, Filter>,
    choice: Option<Choice>,
}

impl Collection {
    /// What `route` describes: with ids shaped like UUIDs, no members but those that clients
    /// send, `201` for a creation and `204` for a deletion.
    pub fn new(route: Route) -> Self {
        let noun = if route.one.is_empty() { route.path } else { route.one };
        let mut letters = noun.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        Self {
            route,
            noun: first.into_iter().chain(letters).collect(),
            id: "id",
            located: "id",
            hex: false,
            defaults: json!({}),
            summary: &["id", "name", "links"],
            statuses: (201, 204),
            read_only: false,
            create: None,
            created: None,
            update: None,
            delete: None,
            read: None,
            show: None,
            actions: BTreeMap::new(),
            filters: BTreeMap::new(),
            choice: None,
        }
    }

    /// What one is called in messages, if not by the key of the route.
    pub fn noun(mut self, noun: &str) -> Self {
        noun.clone_into(&mut self.noun);
        self
    }

    /// The member that is the id and that clients choose. Without this it is `id`, and only
    /// minted if the client sends none.
    pub fn identified_by(mut self, member: &'static str) -> Self {
        self.id = member;
        self
    }

    /// The member that the `Location` of a new one ends in, where the route has one; `id` if
    /// not set.
    pub fn located_by(mut self, member: &'static str) -> Self {
        self.located = member;
        self
    }

    /// Ids are 32 hexadecimal digits.
    pub fn hex_ids(mut self) -> Self {
        self.hex = true;
        self
    }

    /// Members of a new one that the client did not send.
    pub fn defaults(mut self, members: Value) -> Self {
        self.defaults = members;
        self
    }

    /// The members that the short list shows, where the route has two lists.
    pub fn summary(mut self, members: &'static [&'static str]) -> Self {
        self.summary = members;
        self
    }

    /// The statuses of a successful creation and deletion.
    pub fn statuses(mut self, created: u16, deleted: u16) -> Self {
        self.statuses = (created, deleted);
        self
    }

    /// Clients can only read and list.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// What happens at a creation: the new item can be refused or completed, and the script
    /// says what becomes of it.
    pub fn on_create(
        mut self,
        hook: impl Fn(&mut Call<'_>, &mut Value) -> Answered<Script> + Send + Sync + 'static,
    ) -> Self {
        self.create = Some(Box::new(hook));
        self
    }

    /// What a creation answers, if not what a read answers.
    pub fn created(
        mut self,
        show: impl for<'a> Fn(&Call<'_>, &'a Value) -> Cow<'a, Value> + Send + Sync + 'static,
    ) -> Self {
        self.created = Some(Box::new(show));
        self
    }

    /// What happens at a change: it gets the item as it was and as it would be. Where the route
    /// says that a change replaces the whole, it would be what the client has sent.
    pub fn on_update(
        mut self,
        hook: impl Fn(&mut Call<'_>, &Value, &mut Value) -> Answered<()> + Send + Sync + 'static,
    ) -> Self {
        self.update = Some(Box::new(hook));
        self
    }

    /// What happens at a deletion: it can be refused, and the script says how the item goes.
    /// With an empty script it is gone at once.
    pub fn on_delete(
        mut self,
        hook: impl Fn(&mut Call<'_>, &Value) -> Answered<Script> + Send + Sync + 'static,
    ) -> Self {
        self.delete = Some(Box::new(hook));
        self
    }

    /// Who may read: an item, or the list if it is `None`.
    pub fn on_read(
        mut self,
        hook: impl Fn(&Call<'_>, Option<&Value>) -> Answered<()> + Send + Sync + 'static,
    ) -> Self {
        self.read = Some(Box::new(hook));
        self
    }

    /// How an item is shown, if not as it is kept.
    pub fn shown(
        mut self,
        show: impl for<'a> Fn(&Call<'_>, &'a Value) -> Cow<'a, Value> + Send + Sync + 'static,
    ) -> Self {
        self.show = Some(Box::new(show));
        self
    }

    /// What `POST {path}/{id}/action` does with the body `{name: …}`. The item's id is the last
    /// of [`Call::ids`].
    pub fn action(
        mut self,
        name: &'static str,
        act: impl Fn(&mut Call<'_>, &Value) -> Answered + Send + Sync + 'static,
    ) -> Self {
        self.actions.insert(name, Box::new(act));
        self
    }

    /// What a parameter of the query means, if not that the member of this name is equal.
    pub fn filter(mut self, name: &'static str, test: Filter) -> Self {
        self.filters.insert(name, test);
        self
    }

    /// Which items the query of a request asks for, if its parameters have to be seen together.
    pub fn chosen(mut self, test: fn(&Value, &Received) -> bool) -> Self {
        self.choice = Some(test);
        self
    }

    pub(super) fn choice(&self) -> Option<Choice> {
        self.choice
    }

    pub(super) fn filter_of(&self, name: &str) -> Option<&Filter> {
        self.filters.get(name)
    }

    /// What the keys of the items of these parents begin with.
    pub(super) fn parents(&self, ids: &[String]) -> String {
        let depth = self.route.path.matches("{}").count().min(ids.len());
        ids[..depth].iter().flat_map(|id| [id, "/"]).collect()
    }

    pub(super) fn view<'a>(&self, call: &Call<'_>, item: &'a Value) -> Cow<'a, Value> {
        match &self.show {
            Some(show) => show(call, item),
            None => Cow::Borrowed(item),
        }
    }

    /// Whether there is a short list beside the one of the route.
    fn has_two_lists(&self) -> bool {
        self.route.list_path.split('?').next() != Some(self.route.path)
    }

    fn wrap(&self, value: Value) -> Value {
        if self.route.bare_one || self.route.one.is_empty() {
            value
        } else {
            json!({(self.route.one): value})
        }
    }

    /// The members that a client sent.
    fn sent(&self, call: &Call<'_>) -> Answered<Value> {
        let whole = self.route.bare_one || self.route.one.is_empty();
        let sent = if whole { Some(&call.body) } else { call.body.get(self.route.one) };
        sent.filter(|sent| sent.is_object()).cloned().ok_or_else(|| {
            let message = format!("the body holds no `{}`", self.route.one);
            call.failure(400, "BadRequest", &message)
        })
    }

    /// The item that the path names, if the caller may see it, and its key.
    fn find(&self, call: &Call<'_>) -> Answered<(String, Value)> {
        let id = call.ids.last().map_or("", String::as_str);
        let key = format!("{}{id}", self.parents(&call.ids));
        if let Some(item) = call.visible(&self.route, &key) {
            return Ok((key, item.clone()));
        }
        let message = format!("{} {id} could not be found.", self.noun);
        Err(call.failure(404, &format!("{}NotFound", self.noun), &message))
    }

    pub(super) fn readable(&self, call: &Call<'_>, item: Option<&Value>) -> Answered<()> {
        self.read.as_ref().map_or(Ok(()), |read| read(call, item))
    }

    fn read(&self, call: &mut Call<'_>) -> Answered {
        let (key, item) = self.find(call)?;
        self.readable(call, Some(&item))?;
        let answer = Answer::json(200, self.wrap(self.view(call, &item).into_owned()));
        call.shown(&self.route, key);
        Ok(answer)
    }

    fn make(&self, call: &mut Call<'_>) -> Answered {
        let Some(Value::Array(several)) = call.body.get(self.route.many).cloned() else {
            let (key, shown) = self.make_one(call)?;
            if self.route.created != Created::Located {
                return Ok(Answer::json(self.statuses.0, self.wrap(shown)));
            }
            let item = call.state.get(&self.route, &key);
            let name = item.map_or("", |item| item[self.located].as_str().unwrap_or_default());
            let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
            let location = format!("{}{}/{name}", call.root(), call.request.path);
            return Ok(Answer::status(self.statuses.0).header("location", location));
        };
        let (mut keys, mut all) = (Vec::new(), Vec::new());
        for one in several {
            call.body = json!({(self.route.one): one});
            match self.make_one(call) {
                Ok((key, shown)) => {
                    keys.push(key);
                    all.push(shown);
                }
                Err(refused) => {
                    for key in keys {
                        call.state.remove(&self.route, &key);
                    }
                    return Err(refused);
                }
            }
        }
        Ok(Answer::json(self.statuses.0, json!({(self.route.many): all})))
    }

    /// Makes what the body says; gives its key, and what is shown of it.
    fn make_one(&self, call: &mut Call<'_>) -> Answered<(String, Value)> {
        let mut item = self.defaults.clone();
        merge(&mut item, self.sent(call)?);
        if self.id == "id" && item.get("id").is_none() {
            let id = if self.hex { call.state.mint_hex() } else { call.state.mint() };
            merge(&mut item, json!({"id": id}));
        }
        let script = match &self.create {
            Some(hook) => hook(call, &mut item)?,
            None => Script::new(),
        };
        let id = item[self.id].as_str().unwrap_or_default().to_owned();
        let key = format!("{}{id}", self.parents(&call.ids));
        if call.state.get(&self.route, &key).is_some() {
            let message = format!("{} '{id}' already exists.", self.noun);
            return Err(call.failure(409, &format!("{}Exists", self.noun), &message));
        }
        call.state.insert(&self.route, &key, item.clone());
        let shown = match &self.created {
            Some(show) => show(call, &item).into_owned(),
            None if self.route.created == Created::Partly => json!({(self.id): id}),
            None => self.view(call, &item).into_owned(),
        };
        call.state.play(&self.route, &key, script);
        Ok((key, shown))
    }

    fn change(&self, call: &mut Call<'_>) -> Answered {
        let (key, before) = self.find(call)?;
        let sent = self.sent(call)?;
        let mut after = if self.route.replaced { sent.clone() } else { before.clone() };
        let kept = if self.route.replaced { json!({(self.id): before[self.id]}) } else { sent };
        merge(&mut after, kept);
        if let Some(hook) = &self.update {
            hook(call, &before, &mut after)?;
        }
        if self.route.replaced {
            call.state.insert(&self.route, &key, after);
            return Ok(Answer::status(204));
        }
        call.state.merge(&self.route, &key, after.clone());
        Ok(Answer::json(200, self.wrap(self.view(call, &after).into_owned())))
    }

    fn delete(&self, call: &mut Call<'_>) -> Answered {
        let (key, item) = self.find(call)?;
        let script = match &self.delete {
            Some(hook) => hook(call, &item)?,
            None => Script::new(),
        };
        if script.is_over() {
            call.state.remove(&self.route, &key);
        } else {
            call.state.play(&self.route, &key, script);
        }
        Ok(Answer::status(self.statuses.1))
    }

    fn act(&self, call: &mut Call<'_>) -> Answered {
        self.find(call)?;
        let body = call.body.clone();
        let name = body.as_object().and_then(|body| body.keys().next()).map_or("", String::as_str);
        if let Some(act) = self.actions.get(name) {
            return act(call, &body[name]);
        }
        let message = format!("There is no such action: {name}");
        Err(call.failure(400, "BadRequest", &message))
    }

    pub(super) fn endpoints(self) -> Vec<Endpoint> {
        type Do = fn(&Collection, &mut Call<'_>) -> Answered;
        let this = Arc::new(self);
        let at = |method: Method, path: &str, act: Do| -> Endpoint {
            let this = this.clone();
            (method, path.to_owned(), Arc::new(move |call| act(&this, call)))
        };
        let path = this.route.path;
        let one = format!("{}/{{}}", this.route.item_path);
        let mut endpoints = vec![
            at(Method::GET, path, |this, call| {
                page::list(call, this, if this.has_two_lists() { this.summary } else { &[] })
            }),
            at(Method::GET, &one, Self::read),
        ];
        if this.has_two_lists() {
            endpoints.push(at(Method::GET, this.route.list_path, |this, call| {
                page::list(call, this, &[])
            }));
        }
        if !this.read_only {
            let update: Verb = this.route.update;
            endpoints.push(at(Method::POST, path, Self::make));
            endpoints.push(at(update.into(), &one, Self::change));
            endpoints.push(at(Method::DELETE, &one, Self::delete));
        }
        if !this.actions.is_empty() {
            endpoints.push(at(Method::POST, &format!("{one}/action"), Self::act));
        }
        endpoints
    }
}

impl fmt::Debug for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collection")
            .field("route", &self.route)
            .field("actions", &self.actions.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
