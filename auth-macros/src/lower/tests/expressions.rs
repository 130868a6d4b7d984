use super::{accepted, refused, under};
use crate::harness::expand;

#[track_caller]
fn wrong(expression: &str, code: &str, text: &str) {
    refused(&format!("#[authorize({expression})]"), code, text);
}

#[test]
fn expressions_become_trees() {
    let policy = accepted("#[authorize(role(\"a\") || scope(\"b\", \"c\") && !check(d::e))]");
    let expected = "Rule :: Any (& [:: auth_runtime :: policy :: Rule :: role (\"a\") , \
                    :: auth_runtime :: policy :: Rule :: All (& [:: auth_runtime :: policy :: Rule :: scope (\"b\") , \
                    :: auth_runtime :: policy :: Rule :: scope (\"c\") , \
                    :: auth_runtime :: policy :: Rule :: Not (& :: auth_runtime :: policy :: Rule :: check (0usize , \"d::e\"))])])";
    assert!(policy.contains(expected), "{policy}");
}

#[test]
fn authenticated_alone_is_protected() {
    assert_eq!(accepted("#[authorize(authenticated)]"), accepted("#[protected]"));
    assert_eq!(accepted("#[authorize(authenticated && role(\"a\"))]"), accepted("#[require_role(\"a\")]"));
}

/// Returns the whole expansion, with the assertions.
fn expansion(attributes: &str) -> String {
    accepted(attributes);
    expand(under(attributes)).to_string()
}

#[test]
fn only_negated_roles_of_a_hierarchy_ask_the_compiler() {
    for certain in [
        "role(R::A) && role(R::B)",
        "role(R::A) && scope(\"s\") || check(c)",
        "role(R::A) && !scope(\"s\")",
        "!role(R::A) && scope(\"s\")",
        "role(\"a\") && !role(\"b\")",
    ] {
        let policy = expansion(&format!("#[authorize({certain})]"));
        assert!(!policy.contains("is_reachable"), "{policy}");
    }
    let asked = [("role(R::A) && !role(R::B)", "2u64"), ("!role(R::A) || role(\"b\")", "2u64")];
    for (expression, rows) in asked {
        let policy = expansion(&format!("#[authorize({expression})]"));
        assert_eq!(policy.matches(&format!("& [{rows}]")).count(), 1, "{policy}");
    }
    let stacked = expansion("#[require_role(R::A)] #[authorize(!role(\"b\"))]");
    assert_eq!(stacked.matches("is_reachable").count(), 1, "{stacked}");
}

#[test]
fn alternatives_are_kept_apart_wherever_they_stand() {
    for expression in ["role(R::A) || role(R::B)", "role(R::A) || scope(\"s\") || role(R::B)", "role(R::A, R::B)"] {
        let policy = expansion(&format!("#[authorize({expression})]"));
        assert_eq!(policy.matches("overlaps").count(), 1, "{policy}");
    }
    assert!(!expansion("#[authorize(role(R::A) && role(R::B))]").contains("overlaps"));
}

#[test]
fn a_check_named_twice_is_one() {
    let policy = accepted("#[authorize(check(a) && role(\"x\") || check(b) && check(a))]");
    assert_eq!(policy.matches("check (0usize").count(), 2, "{policy}");
    assert_eq!(policy.matches("check (1usize").count(), 1, "{policy}");
}

#[test]
fn conditions_are_known_or_guessed() {
    wrong("rol(\"a\")", "AUTH081", "help: did you mean `role`?\nnote: conditions are");
    wrong("authentcated", "AUTH081", "did you mean `authenticated`?");
    wrong("owns_post", "AUTH081", "help: write `check(owns_post)`");
    wrong("owns_post(id)", "AUTH081", "help: write `check(owns_post)`");
    wrong("any(role(\"a\"), role(\"b\"))", "AUTH081", "help: write `role(\"a\", \"b\")`");
    wrong("all(role(\"a\"))", "AUTH081", "help: write `role(\"a\")`");
    wrong("\"admin\"", "AUTH081", "help: write `role(\"admin\")`; a scope is asked by `scope(\"admin\")`");
    wrong("Role::Admin", "AUTH081", "help: write `role(Role::Admin)`");
    wrong("5", "AUTH081", "`5` is no condition");
}

#[test]
fn conditions_have_their_arguments() {
    wrong("role", "AUTH083", "help: write `role(\"admin\")`");
    wrong("scope || role(\"a\")", "AUTH083", "`scope` names no scope");
    wrong("check", "AUTH083", "help: name a `#[check]` function by its path");
    wrong("check()", "AUTH083", "no check is named");
    wrong("check(\"owns_post\")", "AUTH083", "help: write `check(owns_post)`");
    wrong("check(a, b)", "AUTH083", "help: write `(check(a) && check(b))`");
    wrong("check(Self::owns)", "AUTH007", "`Self`");
    wrong("authenticated()", "AUTH083", "help: write `authenticated`");
    wrong("role(admin)", "AUTH044", "help: write `\"admin\"`");
}

#[test]
fn operators_are_those_of_rust() {
    wrong("role(\"a\") & role(\"b\")", "AUTH082", "help: write `&&`");
    wrong("role(\"a\") | role(\"b\")", "AUTH082", "help: write `||`");
    wrong("role(\"a\") and role(\"b\")", "AUTH082", "help: write `&&`");
    wrong("not role(\"a\")", "AUTH082", "help: write `!`");
    wrong(
        "role(\"a\"), role(\"b\")",
        "AUTH082",
        "a comma joins no conditions [AUTH082]\nhelp: write `role(\"a\") && role(\"b\")`; join",
    );
    wrong(
        "role(\"a\") role(\"b\")",
        "AUTH082",
        "help: write `role(\"a\") && role(\"b\")`; join them by `||` if one is enough",
    );
    wrong(
        "role(\"a\") == 5",
        "AUTH082",
        "`role(\"a\") == 5` compares nothing here [AUTH082]\nhelp: compare in a `#[check]` function",
    );
    wrong("role == \"editor\"", "AUTH082", "help: write `role(\"editor\")`");
    wrong(
        "scope = \"a\" && role(\"b\")",
        "AUTH082",
        "`scope = \"a\"` compares nothing here [AUTH082]\nhelp: write `scope(\"a\")`",
    );
}

#[test]
fn named_policies_are_joined_to_the_whole() {
    let policy = accepted("#[authorize(policy(CanEdit) && (policy(a::Staff) && role(\"a\")))]");
    assert!(policy.contains("role") && policy.contains("CanEdit") && policy.contains("Staff"), "{policy}");
    accepted("#[authorize(policy(CanEdit))]");
    wrong("policy(CanEdit) || role(\"a\")", "AUTH086", "help: join it with `&&`");
    wrong("role(\"a\") && !policy(CanEdit)", "AUTH086", "help: join it with `&&`");
    wrong("role(\"a\") || (role(\"b\") && policy(CanEdit))", "AUTH086", "holds beside the whole expression");
    wrong("policy(CanEdit) && policy(CanEdit)", "AUTH043", "`CanEdit` is named twice");
    wrong("policy(owns_post)", "AUTH083", "help: write `check(owns_post)`");
    wrong("policy(\"can_edit\")", "AUTH083", "help: name a type that implements `HasPolicy`");
    wrong("policy()", "AUTH083", "the path of one type with a policy belongs here");
    wrong("policy", "AUTH083", "`policy` names no policy");
    wrong("policy(Self::Edit)", "AUTH007", "`Self` means nothing here");
}

#[test]
fn nothing_is_missing() {
    wrong("", "AUTH080", "nothing is demanded");
    wrong("role(\"a\") &&", "AUTH080", "no condition stands beside this `&&`");
    wrong("()", "AUTH080", "these parentheses hold no condition");
}

#[test]
fn the_smallest_constant_part_is_refused() {
    wrong("role(\"a\") && !role(\"a\")", "AUTH084", "`role(\"a\") && !role(\"a\")` holds for no caller");
    wrong("role(\"a\") && (scope(\"x\") || !scope(\"x\"))", "AUTH085", "(scope(\"x\") || !scope(\"x\"))");
    wrong("!authenticated", "AUTH084", "`!authenticated` holds for no caller");
    wrong("authenticated || role(\"a\")", "AUTH085", "to admit every signed-in caller, write `#[protected]`");
    wrong("role(\"a\", \"b\") && !role(\"a\") && !role(\"b\")", "AUTH084", "holds for no caller");
    wrong("check(a) || !check(a)", "AUTH085", "holds for every signed-in caller");
    wrong("scope(\"a\") && !role(\"x\") && !(scope(\"a\") && !role(\"x\"))", "AUTH084", "holds for no caller");
}

#[test]
fn attributes_together_may_refuse_every_caller() {
    refused(
        "#[require_role(\"a\")] #[authorize(!role(\"a\"))]",
        "AUTH084",
        "refuses everybody whom the other attributes admit",
    );
    refused("#[authorize(!scope(\"b\"))] #[require_scope(\"a\", \"b\")]", "AUTH084", "refuses everybody");
    accepted("#[require_role(\"a\", \"b\")] #[authorize(!role(\"a\"))]");
    accepted("#[authorize(role(Role::A) && !role(\"a\"))]");
}

#[test]
fn everybody_and_nobody_are_no_conditions() {
    wrong("permitAll()", "AUTH081", "help: write `#[public]`");
    wrong("permitAll || role(\"a\")", "AUTH081", "help: for a handler that admits everybody");
    wrong("true", "AUTH081", "help: write `#[protected]`");
    wrong("denyAll", "AUTH081", "help: to admit no caller, remove");
    wrong("unauthenticated", "AUTH081", "help: no condition admits only callers without a login");
    wrong("isNotAuthenticated()", "AUTH081", "help: no condition admits only callers without a login");
}

#[test]
fn one_help_covers_conditions_with_commas() {
    wrong("Roles = \"A\", Scope = \"b\"", "AUTH082", "help: write `role(\"A\") && scope(\"b\")`");
    wrong("\"a\", \"b\"", "AUTH082", "help: write `role(\"a\", \"b\")`");
    wrong("role(\"a\") || role(\"b\"), scope(\"c\")", "AUTH082", "help: write `role(\"a\", \"b\") && scope(\"c\")`");
}

/// Every signed-in caller meets it: a hint at `#[public]` would open the handler.
#[test]
fn not_anonymous_is_authenticated() {
    wrong("!isAnonymous()", "AUTH081", "`!isAnonymous()` is no condition [AUTH081]\nhelp: write `authenticated`");
    wrong("role(\"a\") && !anonymous", "AUTH081", "help: write `authenticated`");
    wrong("!guest", "AUTH081", "help: no condition admits only callers without a login");
}

#[test]
fn credentials_are_no_conditions() {
    wrong("session || role(\"a\")", "AUTH081", "help: it belongs in `#[protected(via(session))]`");
    wrong("via(bearer) && role(\"a\")", "AUTH081", "help: it belongs in `#[protected(via(bearer))]`");
    wrong("fresh && role(\"a\")", "AUTH081", "help: it belongs in `#[protected(fresh = 5 min)]`");
}

/// What stands behind the comma may say that all of the roles are needed.
#[test]
fn a_list_before_a_comma_is_not_read_alone() {
    wrong("roles = [\"a\", \"b\"], mode = \"all\"", "AUTH082", "help: join conditions by `&&` if all must hold");
}

#[test]
fn words_of_other_frameworks_keep_their_names() {
    for (foreign, help) in [
        ("Depends(get_current_user)", "write `authenticated`"),
        ("Depends(owns_post)", "write `check(owns_post)`"),
        ("Security(get_current_user, scopes = [\"me\"])", "write `scope(\"me\")`"),
        ("hasAllAuthorities(\"SCOPE_a\", \"ROLE_b\")", "write `(scope(\"a\") && role(\"b\"))`"),
        ("\"auth:sanctum\"", "write `authenticated`"),
        ("\"ability:a,b\"", "write `scope(\"a\") || scope(\"b\")`"),
        ("\"abilities:a,b\"", "write `scope(\"a\", \"b\")`"),
        ("\"#id == principal.id\"", "compare in a `#[check]` function, and ask it by `check(its_name)`"),
    ] {
        wrong(foreign, "AUTH081", &format!("help: {help}"));
    }
    wrong("role(Role::Admin())", "AUTH045", "help: write `Role::Admin`");
}

/// A guard's class is no check, and its arguments are not dropped.
#[test]
fn guards_and_schemes_become_attributes() {
    for (expression, help) in [
        ("JwtAuthGuard", "write `#[protected(via(bearer))]`"),
        ("AuthGuard(\"jwt\")", "write `#[protected(via(bearer))]`"),
        ("UseGuards(AuthGuard([\"api-key\"]))", "write `#[protected(via(api_key))]`"),
        ("AuthGuard", "write `#[protected]`"),
        ("AuthGuard(\"google\")", "a login is asked by `#[protected]`"),
        ("LocalAuthGuard", "a login is asked by `#[protected]`"),
        ("AuthGuard(\"jwt\"), RolesGuard", "a login is asked by `#[protected]`"),
        ("JwtAuthGuard && role(\"a\")", "a login is asked by `#[protected]`"),
        ("AuthenticationSchemes = \"Bearer\"", "write `#[protected(via(bearer))]`"),
        ("Roles = \"A,B\", AuthenticationSchemes = \"Bearer\"", "#[authorize(role(\"A\") || role(\"B\"))]`"),
    ] {
        refused(&format!("#[authorize({expression})]"), "AUTH081", help);
    }
    refused("#[authorize(tenant(\"acme\"))]", "AUTH081", "decide it in a `#[check]` function");
    refused("#[authorize(role(\"a\") && check(|who| true))]", "AUTH083", "name a `#[check]` function by its path");
    accepted("#[authorize(role(Role::Guard) || role(NightGuard))]");
}

#[test]
fn no_help_makes_a_check_or_a_role_of_what_is_neither() {
    refused("#[authorize(check(owns).await?)]", "AUTH081", "help: compare in a `#[check]` function");
    refused("#[authorize(user_passes_test(owns))]", "AUTH081", "help: write `check(owns)`");
    refused("#[authorize(IsAuthenticatedOrReadOnly)]", "AUTH081", "help: decide it in a `#[check]` function");
}
