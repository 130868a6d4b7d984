use crate::model::Rule;

/// The maximum number of distinct conditions for a truth table. A compiler computes 2^16 rows in no time, but not 2^30.
const MOST_ATOMS: usize = 16;

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
        Rule::Scope(scope) => format!("scope {:?}", scope.value()),
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
