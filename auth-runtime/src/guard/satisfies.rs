use crate::{identity::Identity, policy::Rule};

use super::interpreter::{Answers, Truth, evaluate};

impl Identity {
    /// Returns whether the caller satisfies the rule. `None` means that the answer depends on a
    /// [check](crate::policy::Rule::Check), which needs the request.
    ///
    /// Use it in handlers and templates, for example to show a button only to callers who may use it. It looks at roles
    /// and scopes alone: the handler behind the button may also ask for a kind of credential, an issuer or a recent
    /// login. A rule that admits no caller by its shape, such as an empty list, gives `Some(false)`.
    ///
    /// ```
    /// use auth_runtime::{Identity, policy::{Rule, Via}};
    ///
    /// const MAY_EDIT: Rule = Rule::Any(&[Rule::role("editor"), Rule::scope("notes:write")]);
    ///
    /// let who = Identity::builder("ann", Via::BEARER).scope("notes:read notes:write").build();
    /// assert_eq!(who.satisfies(&MAY_EDIT), Some(true));
    /// ```
    pub fn satisfies(&self, rule: &Rule) -> Option<bool> {
        match evaluate(rule, self, &Answers::of(usize::MAX)) {
            Truth::Holds => Some(true),
            Truth::Fails | Truth::Broken => Some(false),
            Truth::Open(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::Via;

    use super::*;

    const OWNS: Rule = Rule::check(0, "owns");

    fn ann() -> Identity {
        Identity::builder("ann", Via::BEARER).role("editor").scope("notes:read").build()
    }

    const EDITOR: Rule = Rule::role("editor");
    const ADMIN: Rule = Rule::role("admin");
    const WRITE: Rule = Rule::scope("notes:write");

    #[test]
    fn roles_and_scopes_decide() {
        const EXPECTED: [(Rule, bool); 8] = [
            (Rule::Authenticated, true),
            (EDITOR, true),
            (ADMIN, false),
            (Rule::scope("notes:read"), true),
            (WRITE, false),
            (Rule::Not(&ADMIN), true),
            (Rule::All(&[EDITOR, WRITE]), false),
            (Rule::Any(&[ADMIN, EDITOR]), true),
        ];
        for (rule, answer) in EXPECTED {
            assert_eq!(ann().satisfies(&rule), Some(answer), "{rule:?}");
        }
    }

    #[test]
    fn a_check_leaves_the_answer_open_only_where_it_matters() {
        const EXPECTED: [(Rule, Option<bool>); 4] = [
            (OWNS, None),
            (Rule::Not(&OWNS), None),
            (Rule::All(&[ADMIN, OWNS]), Some(false)),
            (Rule::Any(&[OWNS, EDITOR]), Some(true)),
        ];
        for (rule, answer) in EXPECTED {
            assert_eq!(ann().satisfies(&rule), answer, "{rule:?}");
        }
    }

    #[test]
    fn a_broken_rule_is_never_satisfied() {
        const BROKEN: [Rule; 5] = [
            Rule::All(&[]),
            Rule::Any(&[]),
            Rule::Not(&Rule::Any(&[])),
            Rule::check(64, "beyond"),
            Rule::Any(&[Rule::Authenticated, Rule::All(&[])]),
        ];
        for rule in BROKEN {
            assert_eq!(ann().satisfies(&rule), Some(false), "{rule:?}");
        }
    }
}
