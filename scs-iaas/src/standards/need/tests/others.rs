use serde_json::json;

use super::{after, name, read};
use crate::{
    block_storage::VolumeType,
    network::Network,
    standards::volume_types::Aspect::{Encrypted, Replicated},
};

#[test]
fn types_of_volumes_promise_what_is_asked_and_little_more() {
    let volume_type = |name: &str, description: &str| -> VolumeType {
        read(json!({"id": name, "name": name, "description": description}))
    };
    let types = [
        volume_type("all", "[scs:encrypted, replicated]"),
        volume_type("wrong", "[scs:replicated, encrypted, fast]"),
        volume_type("safe", "[scs:replicated] three copies"),
        volume_type("fast", ""),
        volume_type("__DEFAULT__", "what you get"),
    ];
    let need = VolumeType::need;
    for (need, expected) in [
        (need(), "__DEFAULT__"),
        (need().aspect(Replicated), "safe"),
        (need().aspect(Encrypted), "all"),
        (need().aspect(Replicated).aspect(Encrypted), "all"),
    ] {
        assert_eq!(name(need.choose(&types)), expected, "{need}");
    }
    let choice = need().aspect(Replicated).choose(&types).unwrap();
    assert_eq!(
        after(&choice),
        ["`all` promises more than was asked for", "`wrong` promises more than was asked for"]
    );
    // Encryption is not taken for granted.
    assert_eq!(
        name(need().aspect(Encrypted).choose(&types[3..])),
        "no volume type of 2 does for encrypted: `__DEFAULT__` does not promise to be encrypted; \
         `fast` does not promise to be encrypted"
    );
}

#[test]
fn one_network_leads_out() {
    let network = |name: &str, external: bool, default: bool, up: bool| -> Network {
        read(json!({"id": name, "name": name, "project_id": "p", "status": "ACTIVE",
            "admin_state_up": up, "router:external": external, "is_default": default}))
    };
    let inner = || network("inner", false, true, true);
    let (a, b) = (|| network("a", true, false, true), || network("b", true, true, true));
    let off = || network("off", true, true, false);
    for (networks, expected) in [
        (vec![inner(), a()], "a"),
        (vec![a(), b()], "b"),
        (vec![off(), a(), inner()], "a"),
        (
            vec![inner()],
            "no network of 1 does for a way to the outside: `inner` does not lead out of the cloud",
        ),
        (vec![], "the cloud offers no network"),
    ] {
        assert_eq!(name(Network::need_external().choose(&networks)), expected);
    }
    let several = [a(), network("c", true, false, true)];
    assert_eq!(
        name(Network::need_external().choose(&several)),
        "no network of 2 does for a way to the outside: `a` is one of 2 and no more a default than \
         they; `c` is one of 2 and no more a default than they"
    );
}
