use quote::quote;

use super::{accepted, refused, refused_in_both_orders};
use crate::harness::assert_problems;

#[test]
fn public_contradicts_attributes_that_need_a_caller() {
    for other in ["#[protected]", "#[require_role(\"a\")]", "#[require_scope(\"a\")]", "#[authorize(role(\"a\"))]"] {
        refused_in_both_orders("#[public]", other, "AUTH022");
    }
    assert_problems(
        quote!(
            #[public]
            #[require_role("a")]
            #[require_scope("b")]
            async fn f() {}
        ),
        &[("AUTH022", "`#[require_role]` contradicts `#[public]`"), ("AUTH022", "`#[require_scope]` contradicts")],
    );
}

#[test]
fn an_attribute_is_given_once() {
    for attribute in
        ["#[public]", "#[protected]", "#[require_role(\"a\")]", "#[require_scope(\"a\")]", "#[authorize(role(\"a\"))]"]
    {
        refused_in_both_orders(attribute, attribute, "AUTH021");
    }
    refused(
        "#[require_role(\"a\")] #[require_role(\"b\", Role::C)]",
        "AUTH021",
        "help: join them: `#[authorize(role(\"a\") && role(\"b\", Role::C))]`",
    );
    refused(
        "#[require_scope(\"a\")] #[require_scope(\"b\")]",
        "AUTH021",
        "help: join them: `#[require_scope(\"a\", \"b\")]`",
    );
}

/// A reader of the handler could not know whether both rules are required or either.
#[test]
fn two_rules_of_one_attribute_are_refused_wherever_they_stand() {
    assert_problems(
        quote!(
            #[authorize(role("a"))]
            #[authorize(!role("a"))]
            async fn f() {}
        ),
        &[
            ("AUTH021", "help: join them: `#[authorize((role(\"a\")) && (!role(\"a\")))]`"),
            ("AUTH084", "refuses everybody whom the other attributes admit"),
        ],
    );
    for between in [
        "#[protected]",
        "#[require_scope(\"s\")]",
        "#[rate_limit(1/min)]",
        "#[csp(img_src(self))]",
        "#[csrf_exempt(because = \"x\")]",
    ] {
        for (one, other) in [("role(\"a\")", "role(\"b\")"), ("role(\"a\")", "!scope(\"b\")")] {
            let attributes = format!("#[authorize({one})] {between} #[authorize({other})]");
            refused(&attributes, "AUTH021", "`#[authorize]` is given twice");
        }
    }
}

/// Each rule narrows the callers that the others admit, in any order.
#[test]
fn rules_of_several_attributes_hold_together() {
    let parts = ["#[require_role(\"a\")]", "#[require_scope(\"s\")]", "#[authorize(role(\"b\") || check(c))]"];
    let [role, scope, authorize] = parts;
    let together = accepted("#[authorize(role(\"a\") && scope(\"s\") && (role(\"b\") || check(c)))]");
    for order in [[role, scope, authorize], [authorize, scope, role], [scope, authorize, role]] {
        assert_eq!(accepted(&order.join(" ")), together, "{order:?}");
    }
}

#[test]
fn a_limit_alone_says_not_who_may_call() {
    refused("#[rate_limit(10/min)]", "AUTH020", "help: add `#[protected]`");
    refused("#[rate_limit(10/min)] #[rate_limit(20/hour)]", "AUTH020", "who may call");
}

#[test]
fn one_handler_has_one_runtime() {
    refused(
        "#[protected(crate = a)] #[rate_limit(1/min, crate = b)]",
        "AUTH028",
        "`crate = b` contradicts `crate = a`",
    );
    accepted("#[protected(crate = a::b)] #[rate_limit(1/min, crate = a::b)]");
}

#[test]
fn a_limit_that_another_hides_is_refused() {
    refused_in_both_orders("#[protected] #[rate_limit(10/hour)]", "#[rate_limit(10/min)]", "AUTH073");
    refused("#[protected] #[rate_limit(10/min)] #[rate_limit(10/min)]", "AUTH073", "`10/min` is never reached");
    refused(
        "#[public] #[rate_limit(10/min)] #[rate_limit(10/min, by = ip, burst = 20)]",
        "AUTH073",
        "is never reached",
    );
    refused(
        "#[protected] #[rate_limit(10/min)] #[rate_limit(20/min, cost = 2)]",
        "AUTH073",
        "`20/min` is never reached",
    );
    for both in [
        "#[rate_limit(10/min)] #[rate_limit(100/hour)]",
        "#[rate_limit(10/min)] #[rate_limit(10/hour, by = ip)]",
        "#[rate_limit(10/hour, shadow)] #[rate_limit(10/min)]",
        "#[rate_limit(10/hour)] #[rate_limit(10/min, name = \"shared\")]",
        "#[rate_limit(10/hour)] #[rate_limit(10/min, on_outage = deny)]",
        "#[rate_limit(10/hour, burst = 20)] #[rate_limit(10/min)]",
    ] {
        accepted(&format!("#[protected] {both}"));
    }
}

#[test]
fn a_counter_has_one_rate() {
    let (one, other) =
        ("#[protected] #[rate_limit(5/min, name = \"login\")]", "#[rate_limit(20/hour, name = \"login\")]");
    refused_in_both_orders(one, other, "AUTH074");
    refused(
        "#[protected] #[rate_limit(5/min, name = \"x\")] #[rate_limit(5/min, name = \"x\")]",
        "AUTH073",
        "is never reached",
    );
    accepted("#[protected] #[rate_limit(5/min, name = \"a\", by = ip)] #[rate_limit(5/min, name = \"a\", by = user)]");
}
