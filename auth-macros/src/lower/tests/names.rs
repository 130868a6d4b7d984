use super::{accepted, refused};

#[test]
fn roles_are_strings_or_paths() {
    for list in [
        "\"a\"",
        "\"a\", \"b\"",
        "Role::Admin",
        "Admin, \"b\"",
        "<App as Roles>::ADMIN",
        "crate::Role::Admin,",
        "ADMIN",
        "Role::Admin, ALL",
    ] {
        accepted(&format!("#[require_role({list})]"));
        accepted(&format!("#[authorize(role({list}))]"));
    }
}

#[test]
fn lists_are_not_empty() {
    refused(
        "#[require_role]",
        "AUTH040",
        "help: write `#[require_role(\"admin\")]`\nnote: to admit every signed-in caller, write `#[protected]`",
    );
    refused("#[require_role()]", "AUTH040", "no role is named");
    refused("#[require_scope()]", "AUTH040", "no scope is named");
    refused("#[authorize(role())]", "AUTH040", "no role is named");
    refused("#[protected(via())]", "AUTH040", "name what is accepted");
}

#[test]
fn names_are_not_empty_padded_or_repeated() {
    refused("#[require_role(\"\")]", "AUTH041", "a role name is empty");
    refused("#[require_role(\"  \")]", "AUTH041", "a role name is empty");
    refused("#[require_role(\" admin\")]", "AUTH042", "help: write `\"admin\"`");
    refused("#[require_scope(\"a \")]", "AUTH042", "help: write `\"a\"`");
    refused("#[require_scope(\"\")]", "AUTH041", "a scope is empty");
    refused("#[require_role(\"a\", \"b\", \"a\")]", "AUTH043", "`\"a\"` is named twice");
    refused("#[require_role(Role::A, Role::A)]", "AUTH043", "`Role::A` is named twice");
    refused("#[authorize(scope(\"a\", \"a\"))]", "AUTH043", "`\"a\"` is named twice");
    refused("#[public(because = \"\")]", "AUTH041", "the reason is empty");
    for placeholder in ["TODO", "todo!", "FIXME:", "n/a", "...", "?", "-", "…"] {
        let told = format!("`{placeholder:?}` gives no reason");
        refused(&format!("#[public(because = {placeholder:?})]"), "AUTH041", &told);
        refused(&format!("#[protected] #[csrf_exempt(because = {placeholder:?})]"), "AUTH041", &told);
        refused(&format!("#[public] #[csp(script_src(unsafe_eval), because = {placeholder:?})]"), "AUTH041", &told);
    }
    accepted("#[public(because = \"#17\")]");
    accepted("#[public(because = \"健康检查\")]");
    accepted("#[public(because = \"none of the data is private\")]");
    refused("#[public(because = \" x\")]", "AUTH042", "help: write `\"x\"`");
    refused("#[protected] #[rate_limit(1/min, name = \"\")]", "AUTH041", "a counter's name is empty");
}

#[test]
fn no_name_is_a_pattern() {
    for name in ["admin*", "admin.*", "*-admin"] {
        refused(&format!("#[require_role({name:?})]"), "AUTH050", "a role is compared as a whole");
        refused(&format!("#[authorize(!role({name:?}))]"), "AUTH050", "help: name each role, or let");
        refused(&format!("#[require_scope({name:?})]"), "AUTH050", "help: name each scope that is needed");
        refused(&format!("#[authorize(scope({name:?}) || role(\"a\"))]"), "AUTH050", "a scope is compared as a whole");
        refused(&format!("#[authorize(hasRole({name:?}))]"), "AUTH081", "help: decide it in a `#[check]` function");
        refused(&format!("#[protected(roles = [{name:?}])]"), "AUTH030", "belongs in `#[require_role(\"admin\")]`");
        refused(&format!("#[require_role(roles = [{name:?}])]"), "AUTH050", "a role is compared as a whole");
    }
    for name in ["^admin$", "%admin%", "{role}", "${ADMIN_ROLE}"] {
        refused(&format!("#[require_role({name:?})]"), "AUTH050", "a role is compared as a whole");
    }
    accepted("#[require_scope(\"patient/*.read\", \"user/*.*\")]");
    refused("#[require_role(\"*\")]", "AUTH050", "help: to admit every signed-in caller, write `#[protected]`");
    refused("#[require_scope(\"*\")]", "AUTH050", "help: to admit every signed-in caller, write `#[protected]`");
}

/// Directories have roles such as `Sales and Marketing`, and tokens of some issuers the role `authenticated`.
#[test]
fn words_that_join_names_are_no_part_of_a_name() {
    refused("#[require_role(\"admin or user\")]", "AUTH050", "help: write `\"admin\", \"user\"`");
    refused("#[authorize(role(\"admin OR Billing Admin\"))]", "AUTH050", "help: write `\"admin\", \"Billing Admin\"`");
    refused("#[require_role(\"admin AND user\")]", "AUTH045", "is an expression, and no role");
    refused("#[require_role(roles = \"admin or user\")]", "AUTH045", "help: write `\"admin\", \"user\"`");
    refused(
        "#[require_scope(\"a or b\")]",
        "AUTH047",
        "help: write `#[authorize(scope(\"a\") || scope(\"b\"))]`; `or` means that one is enough",
    );
    refused("#[require_scope(\"a and b\")]", "AUTH047", "if all are needed, write `#[require_scope(\"a\", \"b\")]`");
    accepted("#[require_role(\"Sales and Marketing\", \"Doctor\", \"authenticated\", \"or\")]");
}

#[test]
fn stand_ins_for_names_are_no_names() {
    for list in ["\"any\"", "\"ANY\", \"admin\""] {
        refused(&format!("#[require_role({list})]"), "AUTH045", "help: to admit every signed-in caller, write");
    }
    refused("#[authorize(role(\"any\"))]", "AUTH045", "`\"any\"` names no role");
    refused("#[require_role(\"$role\")]", "AUTH045", "help: in `macro_rules!`, write it without quotes: `$role`");
    refused("#[require_scope(\"$scope\")]", "AUTH045", "is a placeholder, and no scope");
    accepted("#[require_scope(\"any\")]");
}

#[test]
fn code_in_quotes_names_nothing() {
    for name in ["!banned", "admin && user", "hasRole('admin')"] {
        refused(&format!("#[require_role({name:?})]"), "AUTH045", "is an expression, and no role");
    }
    refused("#[authorize(scope(\"!write\"))]", "AUTH045", "help: write conditions without quotes");
    refused("#[require_role(\"Role::Admin\")]", "AUTH045", "help: write `Role::Admin`");
    refused("#[authorize(!role(\"Role::Admin\"))]", "AUTH045", "help: write `Role::Admin`");
    refused("#[require_role(\"['admin', 'user']\")]", "AUTH050", "help: write `\"admin\", \"user\"`");
    accepted("#[require_role(\"arn:aws:iam::123:role/Admin\", \"R&D\", \"Billing (EU)\", \"O'Brien\")]");
}

#[test]
fn bare_words_are_told_what_to_write() {
    refused(
        "#[require_role(admin)]",
        "AUTH044",
        "help: write `\"admin\"`; a path has a capital, such as `Role::Admin`",
    );
    refused("#[require_role(super_user)]", "AUTH044", "help: write `\"super_user\"`");
    refused("#[require_role(r#type)]", "AUTH044", "help: write `\"type\"`");
    refused("#[require_scope(orders)]", "AUTH044", "help: write `\"orders\"`");
    refused("#[require_scope(orders:write)]", "AUTH044", "help: write `\"orders:write\"`");
    refused("#[require_scope(Scope::Orders)]", "AUTH044", "a scope is written as a string");
    refused("#[require_scope(scopes::orders)]", "AUTH044", "a constant is in capitals, such as `scopes::READ`");
}

#[test]
fn constants_are_in_capitals() {
    accepted("#[require_scope(READ, scopes::WRITE_2, r#ALL)]");
    accepted("#[authorize(scope(READ) || role(ADMIN, roles::CHIEF))]");
    refused("#[require_scope(READ, READ)]", "AUTH043", "`READ` is named twice");
    refused("#[require_scope(Self::READ)]", "AUTH007", "`Self` means nothing here");
    refused("#[require_scope(_1)]", "AUTH044", "help: write `\"_1\"`");
}

#[test]
fn other_values_are_no_names() {
    refused("#[require_role(5)]", "AUTH045", "`5` names no role");
    refused("#[require_role(b\"x\")]", "AUTH045", "names no role");
    refused("#[require_role(role(\"x\"))]", "AUTH045", "names no role");
    refused("#[require_scope(5)]", "AUTH045", "`5` names no scope");
    refused("#[require_role(Self::ADMIN)]", "AUTH007", "`Self` means nothing here");
}

#[test]
fn scopes_are_tokens_of_rfc_6749() {
    refused("#[require_scope(\"a\\\"b\")]", "AUTH047", "cannot contain '\"'");
    refused("#[require_scope(\"größe\")]", "AUTH047", "cannot contain 'ö'");
    accepted("#[require_scope(\"https://example.com/orders.read\", \"!#[]~\")]");
}

#[test]
fn credentials_are_words() {
    assert!(
        accepted("#[protected(via(api_key, bearer))]")
            .contains("BEARER . or (:: auth_runtime :: policy :: Via :: API_KEY)")
    );
    refused(
        "#[protected(via(baerer))]",
        "AUTH048",
        "help: did you mean `bearer`?\nnote: kinds are `bearer`, `session`, `api_key`",
    );
    refused("#[protected(via(\"session\"))]", "AUTH048", "help: write `session`");
    refused("#[protected(via(bearer, bearer))]", "AUTH043", "`bearer` is named twice");
}

#[test]
fn one_string_holds_one_name() {
    refused("#[require_role(\"admin, user\")]", "AUTH050", "help: write `\"admin\", \"user\"`");
    refused("#[require_role(\"admin|user\", \"x\")]", "AUTH050", "help: write `\"admin\", \"user\"`");
    refused("#[authorize(role(\"admin;user\"))]", "AUTH050", "help: write `\"admin\", \"user\"`");
    accepted("#[require_role(\"Billing Admin\", \"team/admin:1\")]");
}

/// Only a bar says that one scope is enough. Otherwise the help gives both meanings.
#[test]
fn several_scopes_in_one_string_are_neither_tightened_nor_loosened() {
    let both = "help: if all are needed, write `#[require_scope(\"a\", \"b\")]`; if one is enough, \
                `#[authorize(scope(\"a\") || scope(\"b\"))]`";
    refused("#[require_scope(\"a b\")]", "AUTH047", both);
    refused("#[require_scope(scopes = \"a b\")]", "AUTH047", both);
    refused("#[require_scope(\"a, b\")]", "AUTH050", both);
    let either = "help: write `#[authorize(scope(\"a\") || scope(\"b\"))]`; `|` means that one is enough";
    refused("#[require_scope(\"a|b\")]", "AUTH050", either);
    refused("#[require_scope(\"a | b\")]", "AUTH050", either);
    let beside = "help: write `#[authorize(scope(\"x\") && (scope(\"a\") || scope(\"b\")))]`";
    refused("#[require_scope(\"x\", \"a|b\")]", "AUTH050", beside);
    refused("#[authorize(role(\"x\") && scope(\"a|b\"))]", "AUTH050", "help: write `(scope(\"a\") || scope(\"b\"))`");
    let operands = "help: if all are needed, write `scope(\"a\", \"b\")`; if one is enough, \
                    `(scope(\"a\") || scope(\"b\"))`";
    refused("#[authorize(scope(\"a b\"))]", "AUTH047", operands);
    refused("#[authorize(can(\"a b\"))]", "AUTH081", operands);
    refused("#[authorize(scope = \"a b\")]", "AUTH082", "help: if all are needed, write `scope(\"a\", \"b\")`");
    refused(
        "#[protected(scope = \"a b\")]",
        "AUTH030",
        "`#[require_scope(\"a\", \"b\")]` if all are needed, or else in `#[authorize(",
    );
    refused("#[require_scope(\"a:{b,c}\")]", "AUTH050", "help: name each scope in a string of its own");
    refused("#[authorize(\"can:a,b\")]", "AUTH081", "help: if all are needed, write `scope(\"a\", \"b\")`");
}

/// A list keeps its meaning: roles are alternatives, scopes are all needed, and nothing is turned round.
#[test]
fn lists_in_other_words_are_told_ours() {
    for (list, help) in [
        ("\"a\" || \"b\"", "write `\"a\", \"b\"`"),
        ("\"a\" | \"b\"", "write `\"a\", \"b\"`"),
        ("\"a\" or \"b\"", "write `\"a\", \"b\"`"),
        ("\"a\" \"b\"", "write `\"a\", \"b\"`"),
        ("[\"a\", \"b\"]", "write `\"a\", \"b\"`"),
        ("any(\"a\", \"b\")", "write `\"a\", \"b\"`"),
        ("roles = [\"a\", \"b\"]", "write `\"a\", \"b\"`"),
        ("\"a\" && \"b\"", "write `#[authorize(role(\"a\") && role(\"b\"))]`"),
        ("all(\"a\", \"b\")", "write `#[authorize(role(\"a\") && role(\"b\"))]`"),
        ("!\"a\"", "write `#[authorize(!role(\"a\"))]`"),
        ("not role(\"a\")", "write `#[authorize(!role(\"a\"))]`"),
        ("!Role::A", "write `#[authorize(!role(Role::A))]`"),
        ("\"a\", !\"b\"", "write `#[authorize(role(\"a\") && !role(\"b\"))]`"),
        ("Role::A | Role::B", "write `Role::A, Role::B`"),
        ("scope(\"a\")", "write `#[require_scope(\"a\")]`"),
        ("check(owns)", "write `#[authorize(check(owns))]`"),
        ("\"a\",, \"b\"", "write `,`"),
        (", \"a\"", "remove it"),
        ("\"a\", \"b\", all", "write `#[authorize(role(\"a\") && role(\"b\"))]`"),
        ("[\"a\", Role::B], every", "write `#[authorize(role(\"a\") && role(Role::B))]`"),
        ("\"a\", any", "remove it; one of the roles is enough"),
        ("Role::Admin()", "write `Role::Admin`"),
    ] {
        refused(&format!("#[require_role({list})]"), "AUTH045", help);
    }
    for (list, help) in [
        ("\"a\" || \"b\"", "write `#[authorize(scope(\"a\") || scope(\"b\"))]`"),
        ("\"a\" && \"b\"", "write `\"a\", \"b\"`"),
        ("role(\"a\")", "write `#[require_role(\"a\")]`"),
        ("\"a\", \"b\", any", "write `#[authorize(scope(\"a\") || scope(\"b\"))]`"),
        ("\"a\", all", "remove it; all of the scopes are needed"),
    ] {
        refused(&format!("#[require_scope({list})]"), "AUTH045", help);
    }
}

/// A scope in a list of roles would be one more role that is enough.
#[test]
fn a_name_of_the_other_kind_has_an_attribute_of_its_own() {
    refused(
        "#[require_role(\"a\", scope = \"x\")]",
        "AUTH030",
        "help: write `#[require_role(\"a\")] #[require_scope(\"x\")]`",
    );
    refused(
        "#[require_scope(\"x\", role = \"a\")]",
        "AUTH030",
        "help: write `#[require_scope(\"x\")] #[require_role(\"a\")]`",
    );
    refused("#[require_role(scopes = [\"x\"])]", "AUTH030", "help: write `#[require_scope(\"x\")]`");
}

#[test]
fn a_scope_with_dots_is_one_name() {
    refused("#[require_scope(orders.read)]", "AUTH044", "help: write `\"orders.read\"`");
    refused("#[require_scope(orders.items:read)]", "AUTH044", "help: write `\"orders.items:read\"`");
}

/// A near word would be the opposite.
#[test]
fn a_credential_that_is_excluded_is_not_accepted() {
    for via in ["!session", "not session", "bearer, !session"] {
        refused(&format!("#[protected(via({via}))]"), "AUTH048", "help: name each kind that is accepted");
    }
}
