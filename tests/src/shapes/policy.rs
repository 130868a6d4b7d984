use super::{
    dice::Dice,
    vocabulary::{LIMITS, PROTECTED, PUBLIC, SPELLINGS},
};

/// The attributes of this crate on a handler, and which callers they admit.
#[derive(Clone, Debug)]
pub(super) struct Policy {
    pub(super) attributes: Vec<String>,
    pub(super) admits: Admits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admits {
    Everyone,
    AnyCaller,
    /// Only callers who have the role or the scope, or whom the check admits.
    Some,
}

impl Policy {
    pub(super) fn drawn(dice: &mut Dice) -> Self {
        let (access, admits) = if dice.in_hundred(12) {
            (vec![dice.one_of(&PUBLIC)], Admits::Everyone)
        } else {
            let (access, is_narrow) = dice.one_of(&PROTECTED);
            (access.to_vec(), if is_narrow { Admits::Some } else { Admits::AnyCaller })
        };
        let has_check = access.iter().any(|attribute| attribute.contains("check("));
        let limits = dice.some_of(&LIMITS, 2);
        let limits = limits.into_iter().map(|limit| match has_check && counts_late(limit) {
            // A limit of this kind has to say whether it counts before the checks.
            true => limit.replacen(", by", ", counts = before_checks, by", 1),
            false => limit.to_owned(),
        });
        let attributes = access.into_iter().map(str::to_owned).chain(limits);
        let attributes = attributes.map(|attribute| dice.one_of(&SPELLINGS).replace('…', &attribute)).collect();
        Self { attributes, admits }
    }
}

/// Returns whether the limit counts the requests that roles and scopes admit.
fn counts_late(limit: &str) -> bool {
    ["by = global", "by = header", "by = path"].iter().any(|key| limit.contains(key))
}
