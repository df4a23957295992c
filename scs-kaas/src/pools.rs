use scs_core::{Error, ErrorKind, Id, model::Cluster};

/// There is no such pool.
pub(crate) fn no_pool<'a>(
    service: &'static str,
    id: &Id<Cluster>,
    pool: &str,
    pools: impl Iterator<Item = &'a str>,
) -> Error {
    let pools: Vec<_> = pools.collect();
    let message = format!("cluster {id} has no pool `{pool}`");
    let error = Error::new(ErrorKind::NotFound, message).with_service(service);
    if pools.is_empty() {
        error.with_hint("it has no pool at all")
    } else {
        error.with_hint(format!("it has: {}", pools.join(", ")))
    }
}
