use scs_core::{Phase, model};

use super::{OperationState, OperationType, Shoot};
use crate::Status;

/// A Shoot in neutral words.
pub(super) fn raise(shoot: &Shoot) -> model::Cluster {
    let meta = &shoot.metadata;
    let (phase, fault) = phase(shoot);
    let mut raised = model::Cluster::new(meta.name.as_str(), &meta.name, phase);
    raised.fault = fault;
    raised.labels = meta.own_labels();
    raised.template = shoot.profile().map(Into::into);
    raised.version.clone_from(&shoot.spec.kubernetes.version);
    let mut addresses = shoot.status.advertised_addresses.iter();
    let external = addresses.find(|address| address.name == "external");
    raised.endpoint = external.map(|address| address.url.clone());
    let every_node = shoot.status.conditions.holds("EveryNodeReady");
    let pools = shoot.spec.provider.workers.iter().map(|worker| {
        let mut pool = model::NodePool::new(&worker.name, worker.minimum);
        pool.flavor = Some(worker.machine.flavor.clone());
        pool.ready = if every_node { worker.minimum } else { 0 };
        pool
    });
    raised.pools = pools.collect();
    raised
}

/// The phase by the last operation and the conditions, and what is wrong or under way.
pub(super) fn phase(shoot: &Shoot) -> (Phase, Option<String>) {
    let Shoot { metadata, status, .. } = shoot;
    let Some(operation) = &status.last_operation else {
        let phase = if metadata.is_deleting() { Phase::Deleting } else { Phase::Pending };
        return (phase, None);
    };
    let busy = if metadata.is_deleting() || operation.name == OperationType::Delete {
        Phase::Deleting
    } else if operation.name == OperationType::Create
        && operation.state != OperationState::Succeeded
    {
        Phase::Pending
    } else {
        Phase::Updating
    };
    let under_way = || {
        Some(format!("{} at {} %: {}", operation.name, operation.progress, operation.description))
    };
    match operation.state {
        OperationState::Failed => (Phase::Failed, errors(shoot)),
        OperationState::Error | OperationState::Aborted => (busy, errors(shoot)),
        OperationState::Succeeded if busy == Phase::Deleting => (busy, holding(shoot)),
        OperationState::Succeeded if status.observed_generation < metadata.generation => {
            (busy, Some("the change was not looked at yet".into()))
        }
        OperationState::Succeeded => {
            let mut conditions = status.conditions.0.iter();
            match conditions.find(|condition| condition.status != Status::True) {
                Some(condition) => (busy, Some(condition.to_string())),
                None => (Phase::Ready, None),
            }
        }
        _ => (busy, under_way()),
    }
}

/// Why the last operation did not work, in Gardener's words and codes.
fn errors(shoot: &Shoot) -> Option<String> {
    let errors = shoot.status.last_errors.iter().map(|error| {
        if error.codes.is_empty() {
            error.description.clone()
        } else {
            format!("{} ({})", error.description, error.codes.join(", "))
        }
    });
    let errors: Vec<_> = errors.collect();
    if errors.is_empty() {
        shoot.status.last_operation.as_ref().map(|last| last.description.clone())
    } else {
        Some(errors.join("; "))
    }
}

/// Who keeps a Shoot from going.
fn holding(shoot: &Shoot) -> Option<String> {
    let finalizers = &shoot.metadata.finalizers;
    (!finalizers.is_empty()).then(|| format!("held by finalizer {}", finalizers.join(", ")))
}
