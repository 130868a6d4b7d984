use super::{accepted, refused};

#[test]
fn unknown_options_name_the_known() {
    refused(
        "#[protected(vai(bearer))]",
        "AUTH030",
        "help: did you mean `via`?\nnote: options are `via`, `fresh`, `issuer`",
    );
    refused("#[protected(frsh = 5 min)]", "AUTH030", "did you mean `fresh`?");
    refused("#[public(reason = \"x\")]", "AUTH030", "help: write `because = \"x\"`");
    refused("#[protected(burst = 3)]", "AUTH030", "help: it belongs in `#[rate_limit(10/min, burst = 3)]`");
    refused(
        "#[require_role(\"a\", fresh = 5 min)]",
        "AUTH030",
        "help: write `#[require_role(\"a\")] #[protected(fresh = 5 min)]`",
    );
    refused("#[require_role(\"a\", frobnicate = 1)]", "AUTH030", "`#[require_role]` has no options but `crate`");
    refused("#[protected(bearer)]", "AUTH030", "help: write `via(bearer)`");
    refused("#[protected] #[rate_limit(1/min, shadw)]", "AUTH030", "did you mean `shadow`?");
}

#[test]
fn options_are_given_once_and_in_their_form() {
    refused("#[protected(fresh = 1 min, fresh = 2 min)]", "AUTH031", "`fresh` is given twice");
    refused("#[protected(via = bearer)]", "AUTH032", "help: write `via(bearer)`");
    refused("#[protected(fresh(5 min))]", "AUTH032", "help: write `fresh = 5 min`");
    refused("#[protected(fresh)]", "AUTH032", "help: give it as in `fresh = 5 min`");
    refused("#[protected(fresh =)]", "AUTH032", "help: give it as in `fresh = 5 min`");
    refused(
        "#[protected(fresh = 5)]",
        "AUTH032",
        "a time belongs here [AUTH032]\nhelp: write `5 sec`; for minutes, it is `5 min`",
    );
    refused("#[public(because = because)]", "AUTH032", "a string belongs here");
    refused("#[public(because = 5)]", "AUTH032", "a string belongs here");
    refused("#[protected] #[rate_limit(1/min, shadow = true)]", "AUTH032", "help: write `shadow`");
    refused("#[protected(crate = \"x\")]", "AUTH032", "by its path");
    refused("#[protected(crate)]", "AUTH032", "by its path");
    refused("#[protected(crate = a, crate = b)]", "AUTH032", "`crate` is given twice [AUTH032]\nhelp: remove it");
}

#[test]
fn stray_arguments_are_told_where_they_belong() {
    refused("#[public(\"probe\")]", "AUTH033", "help: write `because = \"probe\"`");
    refused("#[protected(\"admin\")]", "AUTH033", "help: write `#[require_role(\"admin\")]`");
    refused("#[protected(\"orders:write\")]", "AUTH033", "help: write `#[require_scope(\"orders:write\")]`");
    refused("#[protected(Role::Admin)]", "AUTH033", "help: write `#[require_role(Role::Admin)]`");
    refused("#[protected([\"a\", \"b\"])]", "AUTH033", "help: write `#[require_role(\"a\", \"b\")]`");
    refused("#[protected(role(\"a\") && check(f))]", "AUTH033", "help: write `#[authorize(role(\"a\") && check(f))]`");
    refused("#[protected(10/min)]", "AUTH033", "help: write `#[protected] #[rate_limit(10/min)]`");
    refused("#[protected(via(bearer);)]", "AUTH033", "commas separate arguments, not `;` [AUTH033]\nhelp: remove it");
    refused("#[protected(via(bearer); fresh = 5 min)]", "AUTH033", "help: write `,`");
    refused("#[protected(5)]", "AUTH033", "`5` means nothing in `#[protected]`");
}

#[test]
fn fresh_is_a_time_that_can_be_met() {
    assert!(accepted("#[protected(fresh = 5 min)]").contains("with_max_login_seconds (300u32)"));
    assert!(
        accepted("#[protected(fresh = 1hour, via(api_key, session))]").contains("with_max_login_seconds (3600u32)")
    );
    refused("#[protected(fresh = 0 min)]", "AUTH049", "a time of zero");
    refused("#[protected(fresh = 400 days)]", "AUTH064", "more than a year");
    refused("#[protected(fresh = 5 mni)]", "AUTH061", "did you mean `min`?");
    refused("#[protected(fresh = 5 min, via(api_key))]", "AUTH026", "an API key knows no login");
}

/// The user's own values, in the whole line.
#[test]
fn arguments_of_another_attribute_are_told_in_its_words() {
    for (typed, line) in [
        ("#[protected(role(\"admin\"))]", "#[require_role(\"admin\")]"),
        ("#[protected(role = \"admin\")]", "#[require_role(\"admin\")]"),
        ("#[protected(roles = [\"admin\", \"user\"])]", "#[require_role(\"admin\", \"user\")]"),
        ("#[protected(roles(Role::Admin))]", "#[require_role(Role::Admin)]"),
        ("#[protected(role = Admin)]", "#[require_role(Admin)]"),
        ("#[protected(role = admin)]", "#[require_role(\"admin\")]"),
        ("#[protected(Roles = \"Admin,User\")]", "#[require_role(\"Admin\", \"User\")]"),
        ("#[protected(hasAnyRole(\"A\", \"B\"))]", "#[require_role(\"A\", \"B\")]"),
        ("#[protected(scope = \"a|b\")]", "#[authorize(scope(\"a\") || scope(\"b\"))]"),
        ("#[protected(permissions(\"orders:read\"))]", "#[require_scope(\"orders:read\")]"),
        ("#[protected(check(owns_post))]", "#[authorize(check(owns_post))]"),
        ("#[protected(limit = \"10/min\")]", "#[protected] #[rate_limit(10/min)]"),
        ("#[protected(rate_limit(10/min), fresh = 5 min)]", "#[protected(fresh = 5 min)] #[rate_limit(10/min)]"),
        (
            "#[protected(role(\"a\"), scope(\"b\"), via(bearer))]",
            "#[protected(via(bearer))] #[require_role(\"a\")] #[require_scope(\"b\")]",
        ),
        ("#[protected(permit_all)]", "#[public]"),
        ("#[public(via(bearer))]", "#[protected(via(bearer))]"),
        ("#[public(fresh = \"5m\")]", "#[protected(fresh = 5 min)]"),
        ("#[public(role(\"a\"))]", "#[require_role(\"a\")]"),
        ("#[require_scope(\"a\", via(bearer))]", "#[require_scope(\"a\")] #[protected(via(bearer))]"),
        ("#[authorize(role(\"a\"), fresh = 5 min)]", "#[authorize(role(\"a\"))] #[protected(fresh = 5 min)]"),
        ("#[authorize(fresh = 5 min)]", "#[protected(fresh = 5 min)]"),
    ] {
        refused(typed, "AUTH03", &format!("help: write `{line}`"));
    }
}

#[test]
fn an_argument_of_an_attribute_that_is_there_is_advice() {
    let role = "help: it belongs in `#[require_role(\"b\")]`";
    refused("#[require_role(\"a\")] #[protected(role(\"b\"))]", "AUTH030", role);
    refused(
        "#[protected] #[require_role(\"a\", via(bearer))]",
        "AUTH030",
        "help: it belongs in `#[protected(via(bearer))]`",
    );
    refused(
        "#[protected(by = user)] #[rate_limit(1/min)]",
        "AUTH030",
        "help: it belongs in `#[rate_limit(10/min, by = user)]`",
    );
    refused("#[protected(role = 5.5)]", "AUTH030", "`#[require_role(");
}

/// `because` on another attribute does not open the handler.
#[test]
fn words_of_others_become_ours_and_open_nothing() {
    for (typed, help) in [
        ("#[protected(because = \"private\")]", "remove it; only `#[public]`"),
        ("#[protected(via = \"bearer\")]", "write `via(bearer)`"),
        ("#[protected(via = [bearer])]", "write `via(bearer)`"),
        ("#[protected(via = cookie)]", "write `via(session)`"),
        ("#[protected(auth = \"jwt\")]", "write `via(bearer)`"),
        ("#[protected(max_age = 300)]", "write `fresh = 300 sec`"),
        ("#[protected(fresh = \"5 minutes\")]", "write `5 min`"),
        ("#[protected(fresh = Duration::from_secs(300))]", "write `300 sec`"),
        ("#[protected(true)]", "remove it; `#[protected]` alone asks for a login"),
        ("#[protected(optional)]", "an optional login is `#[public]`"),
        ("#[protected(required = false)]", "an optional login is `#[public]`"),
        ("#[public(true)]", "remove it; `#[public]` alone"),
        ("#[public(optional)]", "remove it; an `Option<Identity>` argument"),
        ("#[public(because = load balancer)]", "write `\"load balancer\"`"),
        ("#[public(because(\"probe\"))]", "write `because = \"probe\"`"),
        ("#[public(because = \"\")]", "say why, as in `because = \"load balancer probe\"`"),
        ("#[require_role(role = \"admin\")]", "write `\"admin\"`"),
        ("#[protected] #[rate_limit(1/min, burst = \"3\")]", "write `3`"),
        ("#[protected] #[rate_limit(1/min, name = login)]", "write `\"login\"`"),
        ("#[protected] #[rate_limit(1/min, shadow = false)]", "remove it"),
        ("#[protected] #[rate_limit(1/min, on_outage = \"deny\")]", "write `deny`"),
        ("#[protected] #[csrf_exempt(reason = \"x\")]", "write `because = \"x\"`"),
    ] {
        refused(typed, "AUTH0", &format!("help: {help}"));
    }
}

#[test]
fn kinds_of_credential_of_others_become_ours() {
    for (typed, help) in [
        ("via(cookie)", "write `session`"),
        ("via(jwt)", "write `bearer`"),
        ("via(token)", "write `bearer`"),
        ("via(apikey)", "write `api_key`"),
        ("via(\"bearer\")", "write `bearer`"),
        ("via(bearer || session)", "write `bearer, session`"),
        ("via([bearer, session])", "write `bearer, session`"),
        ("via(bearer, jwt)", "remove it"),
        ("via(baerer)", "did you mean `bearer`?"),
    ] {
        refused(&format!("#[protected({typed})]"), "AUTH048", &format!("help: {help}"));
    }
    refused("#[protected(via(mtls))]", "AUTH048", "`mtls` [AUTH048]\nnote: kinds are");
    refused("#[protected(via(session, session))]", "AUTH043", "help: remove it");
    refused("#[protected(via())]", "AUTH040", "help: name what is accepted");
}

/// `dry_run = false` is a limit that refuses.
#[test]
fn a_flag_that_is_off_is_removed() {
    for flag in ["shadow = false", "shadow = \"no\"", "shadow(off)"] {
        refused(&format!("#[protected] #[rate_limit(1/min, {flag})]"), "AUTH032", "help: remove it");
    }
    refused("#[protected] #[rate_limit(1/min, dry_run = false)]", "AUTH030", "help: remove it");
    refused("#[protected] #[rate_limit(1/min, dry_run = true)]", "AUTH030", "help: write `shadow`");
    refused("#[protected] #[rate_limit(1/min, shadow = debug)]", "AUTH032", "help: give it as in `shadow`");
}

#[test]
fn an_option_with_a_colon_is_told_its_form() {
    refused("#[protected] #[rate_limit(1/min, burst: 3)]", "AUTH032", "help: write `burst = 3`");
    refused("#[public(because: \"probe\")]", "AUTH032", "help: write `because = \"probe\"`");
    refused("#[protected(via: [bearer])]", "AUTH032", "help: write `via(bearer)`");
}
