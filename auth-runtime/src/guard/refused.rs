use crate::policy::{HasPolicy, Policy, Rule};

/// The policy of a handler that does not compile. It admits no caller.
#[derive(Debug)]
pub enum Refused {}

impl HasPolicy for Refused {
    const POLICY: Policy = Policy::protected("").with_rule(Rule::Any(&[]));
    type Checks = ();
}
