use scs_core::standards::{Finding, Mode, Target, TestResult};

use super::Cleanup;
use crate::{
    OpenStack,
    network::NewSecurityGroup,
    standards::security_groups::{TESTCASE, check_new_group},
};

/// Makes a group, checks its rules as [`check_new_group`] does, and removes it again. The findings
/// say what is refused, and what could not be removed, too.
pub async fn security_groups(cloud: &OpenStack, mode: Mode) -> TestResult {
    let mut cleanup = Cleanup::new("scs-probe-rules");
    cleanup.remove(cloud.security_groups());
    let group = cloud.security_groups().create(NewSecurityGroup::new(cleanup.name())).await;
    let mut result = match group {
        Ok(group) => check_new_group(&group.rules, mode),
        Err(error) => {
            let untried = Finding::undecided("a new group", format!("cannot be made: {error}"));
            TestResult::new(TESTCASE, Target::Main, mode, vec![untried])
        }
    };
    result.findings.extend(cleanup.finish().await);
    result
}
