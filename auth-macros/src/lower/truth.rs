use crate::model::{Role, Rule};

/// The maximum number of distinct conditions for a truth table. A compiler computes 2^16 rows in no time, but not 2^30.
const MOST_ATOMS: usize = 16;

/// The maximum number of distinct roles for which the compiler examines all combinations. A rule with more is not
/// examined.
const MOST_ROLES: usize = 8;

/// The decisions of a rule by the roles that the caller satisfies: one bit for each combination.
pub(super) struct ByRoles {
    pub(super) roles: Vec<Role>,
    /// The combinations in which the rule can hold, for some scopes and answers of checks.
    pub(super) hold: Vec<u64>,
    /// The combinations in which it can fail.
    pub(super) fail: Vec<u64>,
}

/// Returns the decisions of a rule for which the hierarchy of roles matters. The rule names several roles, at least one
/// of them by a path, and only the compiler knows the path's value.
pub(super) fn by_roles(rule: &Rule) -> Option<ByRoles> {
    let (mut roles, mut atoms) = (Vec::new(), Vec::new());
    collect_roles(rule, &mut roles);
    collect(rule, &mut atoms);
    let has_path = roles.iter().any(|role| !matches!(role, Role::Named(_)));
    if !has_path || roles.len() < 2 || roles.len() > MOST_ROLES || atoms.len() > MOST_ATOMS {
        return None;
    }
    // The roles have the lowest bits of a row's number, in the order of `roles`.
    atoms.sort_by_key(|atom| !atom.starts_with("role "));
    let words = 1 << atoms.len().saturating_sub(6);
    let column = Table { atoms: &atoms, words }.column(rule);
    let combinations = 1_usize << roles.len();
    let empty = vec![0_u64; combinations.div_ceil(64)];
    let mut decisions = ByRoles { roles, hold: empty.clone(), fail: empty };
    for (at, word) in column.iter().enumerate() {
        for bit in 0..64 {
            let row = (at * 64 + bit) % combinations;
            let rows = if word >> bit & 1 == 1 { &mut decisions.hold } else { &mut decisions.fail };
            rows[row / 64] |= 1 << (row % 64);
        }
    }
    Some(decisions)
}

impl ByRoles {
    /// Returns whether a caller without any of the roles, or one with all of them, is in the marked rows. Such callers
    /// exist in every hierarchy.
    pub(super) fn are_certain(&self, rows: &[u64]) -> bool {
        let all = (1_usize << self.roles.len()) - 1;
        rows[0] & 1 == 1 || rows[all / 64] >> (all % 64) & 1 == 1
    }
}

fn collect_roles(rule: &Rule, roles: &mut Vec<Role>) {
    match rule {
        Rule::Role(role) if !roles.iter().any(|known| known.spelled() == role.spelled()) => roles.push(role.clone()),
        Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|rule| collect_roles(rule, roles)),
        Rule::Not(rule) => collect_roles(rule, roles),
        Rule::Role(_) | Rule::Authenticated | Rule::Scope(_) | Rule::Check(..) => {}
    }
}

/// Returns the decision of a rule if it is the same for every authenticated caller.
///
/// Roles, scopes and checks are treated as independent. A rule that is constant under this assumption is constant.
pub(super) fn constant(rule: &Rule) -> Option<bool> {
    let mut atoms = Vec::new();
    collect(rule, &mut atoms);
    if atoms.len() > MOST_ATOMS {
        return None;
    }
    let table = Table { atoms: &atoms, words: 1 << atoms.len().saturating_sub(6) };
    let column = table.column(rule);
    match (column.iter().all(|word| *word == u64::MAX), column.iter().all(|word| *word == 0)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

fn collect(rule: &Rule, atoms: &mut Vec<String>) {
    match rule {
        Rule::Authenticated => {}
        Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|rule| collect(rule, atoms)),
        Rule::Not(rule) => collect(rule, atoms),
        Rule::Role(_) | Rule::Scope(_) | Rule::Check(..) => {
            let atom = atom(rule);
            if !atoms.contains(&atom) {
                atoms.push(atom);
            }
        }
    }
}

/// Returns the text that distinguishes one condition from another.
fn atom(rule: &Rule) -> String {
    match rule {
        Rule::Role(role) => format!("role {}", role.spelled()),
        Rule::Scope(scope) => format!("scope {}", scope.spelled()),
        Rule::Check(_, check) => format!("check {}", check.spelled),
        Rule::Authenticated | Rule::All(_) | Rule::Any(_) | Rule::Not(_) => String::new(),
    }
}

/// A truth table with 64 rows per word. In row `r`, atom `i` is true if bit `i` of `r` is set.
struct Table<'a> {
    atoms: &'a [String],
    words: usize,
}

impl Table<'_> {
    fn column(&self, rule: &Rule) -> Vec<u64> {
        match rule {
            Rule::Authenticated => vec![u64::MAX; self.words],
            Rule::All(rules) => self.folded(rules, u64::MAX, |a, b| a & b),
            Rule::Any(rules) => self.folded(rules, 0, |a, b| a | b),
            Rule::Not(rule) => self.column(rule).into_iter().map(|word| !word).collect(),
            Rule::Role(_) | Rule::Scope(_) | Rule::Check(..) => {
                let name = atom(rule);
                let index = self.atoms.iter().position(|atom| *atom == name).unwrap_or_default();
                (0..self.words).map(|word| bits(index, word)).collect()
            }
        }
    }

    fn folded(&self, rules: &[Rule], start: u64, join: fn(u64, u64) -> u64) -> Vec<u64> {
        let mut all = vec![start; self.words];
        for rule in rules {
            let column = self.column(rule);
            all.iter_mut().zip(column).for_each(|(word, other)| *word = join(*word, other));
        }
        all
    }
}

/// Returns the 64 rows of atom `index` in word `word`.
fn bits(index: usize, word: usize) -> u64 {
    const WITHIN: [u64; 6] = [
        0xAAAA_AAAA_AAAA_AAAA,
        0xCCCC_CCCC_CCCC_CCCC,
        0xF0F0_F0F0_F0F0_F0F0,
        0xFF00_FF00_FF00_FF00,
        0xFFFF_0000_FFFF_0000,
        0xFFFF_FFFF_0000_0000,
    ];
    match WITHIN.get(index) {
        Some(pattern) => *pattern,
        None if word >> (index - WITHIN.len()) & 1 == 1 => u64::MAX,
        None => 0,
    }
}

#[cfg(test)]
mod tests;
