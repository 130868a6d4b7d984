//! The hierarchy of roles as a graph over the indices of the variants, without names or tokens.

/// The direct implications of every variant.
pub(super) struct Hierarchy {
    implies: Vec<Vec<usize>>,
}

impl Hierarchy {
    /// Creates a hierarchy. `implies[role]` lists the indices of the roles that `role` implies directly, each below
    /// `implies.len()`.
    pub(super) fn new(implies: Vec<Vec<usize>>) -> Self {
        Self { implies }
    }

    /// Returns every cycle of implications once, as its roles in order. The last role implies the first.
    pub(super) fn cycles(&self) -> Vec<Vec<usize>> {
        let mut walk = Walk { marks: vec![Mark::New; self.implies.len()], path: Vec::new(), cycles: Vec::new() };
        for role in 0..self.implies.len() {
            walk.visit(role, &self.implies);
        }
        walk.cycles
    }

    /// Returns, for every role, the roles that include it, directly or through others, in ascending order. The list of
    /// a role never contains the role itself.
    pub(super) fn implied_by(&self) -> Vec<Vec<usize>> {
        let mut implied_by = vec![Vec::new(); self.implies.len()];
        for role in 0..self.implies.len() {
            for included in self.reach(role) {
                implied_by[included].push(role);
            }
        }
        implied_by
    }

    /// Returns all roles that `role` includes, without `role` itself.
    fn reach(&self, role: usize) -> Vec<usize> {
        let mut seen = vec![false; self.implies.len()];
        seen[role] = true;
        let mut open = vec![role];
        let mut reached = Vec::new();
        while let Some(next) = open.pop() {
            for &included in &self.implies[next] {
                if !std::mem::replace(&mut seen[included], true) {
                    reached.push(included);
                    open.push(included);
                }
            }
        }
        reached
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    OnPath,
    Done,
}

/// A depth-first walk. An implication of a role on the current path closes a cycle.
struct Walk {
    marks: Vec<Mark>,
    path: Vec<usize>,
    cycles: Vec<Vec<usize>>,
}

impl Walk {
    fn visit(&mut self, role: usize, implies: &[Vec<usize>]) {
        match self.marks[role] {
            Mark::Done => {}
            Mark::OnPath => self.cycles.extend(self.closed_at(role)),
            Mark::New => {
                self.marks[role] = Mark::OnPath;
                self.path.push(role);
                for &included in &implies[role] {
                    self.visit(included, implies);
                }
                self.path.pop();
                self.marks[role] = Mark::Done;
            }
        }
    }

    fn closed_at(&self, role: usize) -> Option<Vec<usize>> {
        let start = self.path.iter().position(|&on_path| on_path == role)?;
        Some(self.path[start..].to_vec())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_chain_is_followed_to_its_end() {
        let chain = Hierarchy::new(vec![vec![], vec![0], vec![1]]);
        assert_eq!(chain.implied_by(), [vec![1, 2], vec![2], vec![]]);
        assert!(chain.cycles().is_empty());
    }

    #[test]
    fn two_ways_to_one_role_are_no_cycle_and_count_once() {
        let diamond = Hierarchy::new(vec![vec![], vec![0], vec![0], vec![1, 2]]);
        assert_eq!(diamond.implied_by()[0], [1, 2, 3]);
        assert!(diamond.cycles().is_empty());
    }

    #[test]
    fn a_cycle_is_named_from_its_first_role_on() {
        let ring = Hierarchy::new(vec![vec![], vec![2, 0], vec![3], vec![1]]);
        assert_eq!(ring.cycles(), [[1, 2, 3]]);
    }

    #[test]
    fn two_cycles_are_both_found() {
        let rings = Hierarchy::new(vec![vec![1], vec![0], vec![3], vec![2]]);
        assert_eq!(rings.cycles(), [[0, 1], [2, 3]]);
    }

    proptest! {
        /// Compares with the definition: `a` includes `b` when some power of the implication matrix joins them.
        #[test]
        fn the_closure_is_the_transitive_one(implies in graph()) {
            let size = implies.len();
            let mut joined = vec![vec![false; size]; size];
            for (from, included) in implies.iter().enumerate() {
                for &to in included {
                    joined[from][to] = true;
                }
            }
            for _ in 0..size {
                for (from, via, to) in triples(size) {
                    joined[from][to] |= joined[from][via] && joined[via][to];
                }
            }
            let hierarchy = Hierarchy::new(implies);
            let implied_by = hierarchy.implied_by();
            for (role, including) in implied_by.iter().enumerate() {
                let expected: Vec<_> = (0..size).filter(|&from| from != role && joined[from][role]).collect();
                prop_assert_eq!(including, &expected);
            }
            prop_assert_eq!(hierarchy.cycles().is_empty(), (0..size).all(|role| !joined[role][role]));
        }

        #[test]
        fn every_cycle_is_one(implies in graph()) {
            let hierarchy = Hierarchy::new(implies.clone());
            for cycle in hierarchy.cycles() {
                for (from, to) in cycle.iter().zip(cycle.iter().cycle().skip(1)) {
                    prop_assert!(implies[*from].contains(to));
                }
            }
        }
    }

    fn graph() -> impl Strategy<Value = Vec<Vec<usize>>> {
        (1usize..7).prop_flat_map(|size| prop::collection::vec(prop::collection::vec(0..size, 0..3), size))
    }

    fn triples(size: usize) -> impl Iterator<Item = (usize, usize, usize)> {
        (0..size).flat_map(move |a| (0..size).flat_map(move |b| (0..size).map(move |c| (a, b, c))))
    }
}
