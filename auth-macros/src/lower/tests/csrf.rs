use super::{accepted, refused, refused_in_both_orders};

const EXEMPT: &str = "#[csrf_exempt(because = \"signed by the provider\")]";

#[test]
fn an_exemption_is_accepted_where_cookies_are() {
    for other in [
        "#[protected]",
        "#[protected(via(session))]",
        "#[protected(via(bearer, session), fresh = 5 min)]",
        "#[require_role(\"a\")]",
        "#[require_scope(\"a\")]",
        "#[authorize(role(\"a\"))]",
        "#[protected] #[rate_limit(1/min)]",
    ] {
        for attributes in [format!("{EXEMPT} {other}"), format!("{other} {EXEMPT}")] {
            let policy = accepted(&attributes);
            assert!(policy.contains("with_csrf_exemption (\"signed by the provider\")"), "{attributes}: {policy}");
        }
    }
    assert!(!accepted("#[protected]").contains("csrf"));
}

#[test]
fn it_exempts_nothing_beside_a_named_policy() {
    for other in ["#[authorize(policy(CanEdit))]", "#[authorize(role(\"a\") && policy(CanEdit))]"] {
        refused_in_both_orders(other, EXEMPT, "AUTH087");
    }
    let both = format!("{EXEMPT} #[authorize(policy(CanEdit) && policy(Recent))]");
    refused(&both, "AUTH087", "help: remove it; `CanEdit`, `Recent` refuse requests that other sites cause");
}

#[test]
fn it_exempts_nothing_where_no_cookie_is_accepted() {
    for other in ["#[public]", "#[protected(via(bearer))]", "#[protected(via(api_key))]"] {
        refused_in_both_orders(other, EXEMPT, "AUTH029");
    }
    refused_in_both_orders("#[protected(via(bearer, api_key))]", EXEMPT, "AUTH029");
    refused(&format!("#[public] {EXEMPT}"), "AUTH029", "help: remove it; a public handler reads no cookie");
    refused(&format!("#[protected(via(bearer))] {EXEMPT}"), "AUTH029", "help: remove it; browsers send only");
}

#[test]
fn it_says_why() {
    for nothing in ["#[csrf_exempt]", "#[csrf_exempt()]", "#[csrf_exempt(crate = a)]"] {
        refused(&format!("#[protected] {nothing}"), "AUTH034", "help: write `#[csrf_exempt(because = \"");
    }
    refused("#[protected] #[csrf_exempt(because = \"\")]", "AUTH041", "the reason is empty");
    refused("#[protected] #[csrf_exempt(because = \"  \")]", "AUTH041", "the reason is empty");
    refused("#[protected] #[csrf_exempt(because = \" x\")]", "AUTH042", "spaces around it");
    refused("#[protected] #[csrf_exempt(because = webhook)]", "AUTH032", "a string belongs here");
    refused("#[protected] #[csrf_exempt(because)]", "AUTH032", "help: give it as in `because = ");
    refused("#[protected] #[csrf_exempt(\"webhook\")]", "AUTH033", "help: write `because = \"webhook\"`");
    refused("#[protected] #[csrf_exempt(becuase = \"x\")]", "AUTH030", "did you mean `because`?");
    refused("#[protected] #[csrf_exempt(because = \"x\", because = \"y\")]", "AUTH031", "given twice");
}

#[test]
fn it_is_given_once_and_not_alone() {
    refused_in_both_orders(&format!("#[protected] {EXEMPT}"), "#[csrf_exempt(because = \"other\")]", "AUTH021");
    refused(EXEMPT, "AUTH020", "an exemption alone does not say who may call\u{20}");
    refused(&format!("{EXEMPT} #[rate_limit(1/min)]"), "AUTH020", "a limit alone");
}

/// An exemption that is removed needs no reason.
#[test]
fn an_exemption_of_nothing_is_one_mistake() {
    refused("#[public] #[csrf_exempt]", "AUTH029", "help: remove it");
}
