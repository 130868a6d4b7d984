use super::{accepted, refused};

#[test]
fn unknown_options_name_the_known() {
    refused("#[protected(vai(bearer))]", "AUTH030", "help: did you mean `via`?\nnote: options are `via`, `fresh`");
    refused("#[protected(frsh = 5 min)]", "AUTH030", "did you mean `fresh`?");
    refused("#[public(reason = \"x\")]", "AUTH030", "note: the only option is `because`");
    refused("#[protected(burst = 3)]", "AUTH030", "help: write it in `#[rate_limit(burst = 20)]`");
    refused("#[require_role(\"a\", fresh = 5 min)]", "AUTH030", "help: write it in `#[protected(fresh = 5 min)]`");
    refused("#[require_role(\"a\", frobnicate = 1)]", "AUTH030", "`#[require_role]` has no options but `crate`");
    refused("#[protected(bearer)]", "AUTH030", "unknown option `bearer`");
    refused("#[protected] #[rate_limit(1/min, shadw)]", "AUTH030", "did you mean `shadow`?");
}

#[test]
fn options_are_given_once_and_in_their_form() {
    refused("#[protected(fresh = 1 min, fresh = 2 min)]", "AUTH031", "`fresh` is given twice");
    refused("#[protected(via = bearer)]", "AUTH032", "help: write `via(bearer, session)`");
    refused("#[protected(fresh(5 min))]", "AUTH032", "help: write `fresh = 5 min`");
    refused("#[protected(fresh)]", "AUTH032", "help: write `fresh = 5 min`");
    refused("#[protected(fresh =)]", "AUTH032", "help: write `fresh = 5 min`");
    refused("#[protected(fresh = 5)]", "AUTH032", "a time belongs here");
    refused("#[public(because = because)]", "AUTH032", "a string belongs here");
    refused("#[public(because = 5)]", "AUTH032", "a string belongs here");
    refused("#[protected] #[rate_limit(1/min, shadow = true)]", "AUTH032", "help: write `shadow`");
    refused("#[protected(crate = \"x\")]", "AUTH032", "by its path");
    refused("#[protected(crate)]", "AUTH032", "by its path");
    refused("#[protected(crate = a, crate = b)]", "AUTH032", "once");
}

#[test]
fn stray_arguments_are_told_where_they_belong() {
    refused("#[public(\"probe\")]", "AUTH033", "help: write `#[public(because = \"load balancer probe\")]`");
    refused("#[protected(\"admin\")]", "AUTH033", "`#[require_role(..)]`");
    refused("#[protected(Role::Admin)]", "AUTH033", "`#[require_role(..)]`");
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
