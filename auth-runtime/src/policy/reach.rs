use super::{RoleRule, role::equal};

/// Returns whether a caller can be in one of the marked rows. In row `r`, the caller satisfies the requirement
/// `roles[i]` if bit `i` of `r` is set. A caller may hold any set of role names.
///
/// The attributes call it in constants, for at most eight roles.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated when the program is compiled, where a panic is a compile error"
)]
pub const fn is_reachable(roles: &[RoleRule], rows: &[u64]) -> bool {
    // A caller without roles is in row 0. Each further name adds the bits of all requirements that it satisfies.
    let mut reachable = [false; 256];
    reachable[0] = true;
    let mut at = 0;
    while at < roles.len() {
        reachable = with(reachable, satisfied_by(roles, roles[at].name()));
        let mut implied_by = roles[at].implied_by();
        while let [name, rest @ ..] = implied_by {
            reachable = with(reachable, satisfied_by(roles, name));
            implied_by = rest;
        }
        at += 1;
    }
    let mut row = 0;
    while row < 64 * rows.len() && row < reachable.len() {
        if reachable[row] && rows[row / 64] >> (row % 64) & 1 == 1 {
            return true;
        }
        row += 1;
    }
    false
}

/// Adds the rows that callers reach who also hold a name with these bits.
#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "evaluated when the program is compiled")]
const fn with(mut reachable: [bool; 256], bits: u8) -> [bool; 256] {
    let mut row = 0;
    while row < 256 {
        if reachable[row] {
            reachable[row | bits as usize] = true;
        }
        row += 1;
    }
    reachable
}

/// Returns the requirements that the holder of a role satisfies, one bit each.
#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "evaluated when the program is compiled")]
const fn satisfied_by(roles: &[RoleRule], held: &str) -> u8 {
    let mut bits = 0;
    let mut at = 0;
    while at < roles.len() {
        let mut names = roles[at].implied_by();
        let mut is_satisfied = equal(roles[at].name(), held);
        while let [name, rest @ ..] = names {
            is_satisfied = is_satisfied || equal(name, held);
            names = rest;
        }
        if is_satisfied {
            bits |= 1 << at;
        }
        at += 1;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMBER: RoleRule = RoleRule::new("member").with_implied_by(&["admin"]);
    const ADMIN: RoleRule = RoleRule::new("admin");
    const GUEST: RoleRule = RoleRule::new("guest");

    fn reachable(roles: &[RoleRule]) -> Vec<usize> {
        (0..1 << roles.len()).filter(|row| is_reachable(roles, &[1 << row])).collect()
    }

    #[test]
    fn whoever_holds_a_role_satisfies_what_it_implies() {
        assert_eq!(reachable(&[MEMBER, ADMIN]), [0, 1, 3]);
        assert_eq!(reachable(&[ADMIN, MEMBER]), [0, 2, 3]);
        assert_eq!(reachable(&[ADMIN, GUEST]), [0, 1, 2, 3]);
        assert_eq!(reachable(&[ADMIN, ADMIN]), [0, 3]);
        assert_eq!(reachable(&[MEMBER, ADMIN, GUEST]), [0, 1, 3, 4, 5, 7]);
    }

    #[test]
    fn a_requirement_can_be_satisfied_by_a_name_that_is_not_among_them() {
        const TWO: [RoleRule; 2] =
            [RoleRule::new("a").with_implied_by(&["both"]), RoleRule::new("b").with_implied_by(&["both"])];
        assert_eq!(reachable(&TWO), [0, 1, 2, 3]);
    }

    #[test]
    fn eight_roles_have_256_rows() {
        let roles = ["a", "b", "c", "d", "e", "f", "g", "h"].map(RoleRule::new);
        assert!(is_reachable(&roles, &[0, 0, 0, 1 << 63]));
        assert!(!is_reachable(&roles, &[0; 4]));
        assert!(!is_reachable(&[], &[]));
    }
}
