use super::{accepted, refused};

fn limit(arguments: &str) -> String {
    format!("#[protected] #[rate_limit({arguments})]")
}

#[track_caller]
fn wrong(arguments: &str, code: &str, text: &str) {
    refused(&limit(arguments), code, text);
}

#[test]
fn every_form_of_a_rate_is_read() {
    for (rate, quota) in [
        ("10/sec", "10u32 , 1u32"),
        ("10/seconds", "10u32 , 1u32"),
        ("10/minute", "10u32 , 60u32"),
        ("10/5 min", "10u32 , 300u32"),
        ("10/5mins", "10u32 , 300u32"),
        ("1_000/hour", "1000u32 , 3600u32"),
        ("10/2 days", "10u32 , 172800u32"),
        ("10/366 days", "10u32 , 31622400u32"),
        ("4294967295/day", "4294967295u32 , 86400u32"),
    ] {
        let policy = accepted(&limit(rate));
        assert!(policy.contains(&format!("Limit :: in_seconds ({quota} ,")), "{rate}: {policy}");
    }
}

#[test]
fn a_malformed_rate_is_answered_by_an_example() {
    wrong("", "AUTH060", "help: write `#[rate_limit(10/min)]`");
    wrong("by = user", "AUTH060", "no rate is given");
    wrong("10", "AUTH060", "help: write `10/min`");
    wrong("7 hour", "AUTH060", "`7/hour` or `1/7 hours`");
    wrong("7 per hour", "AUTH060", "help: write `7/hour`");
    wrong("7min", "AUTH060", "`7/min` or `1/7 min`");
    wrong("10/60", "AUTH060", "help: write `10/60 sec`");
    wrong("\"10/min\"", "AUTH060", "a rate is written without quotes");
    wrong("min", "AUTH060", "`min` has no count [AUTH060]\nhelp: write `10/min`");
    wrong("by = ip, shadow", "AUTH060", "help: write `#[rate_limit(10/min, by = ip, shadow)]`");
    wrong("-5/min", "AUTH060", "`-5/min` is no rate [AUTH060]\nhelp: give a count and a time");
    wrong("10/min by = user", "AUTH060", "no comma before `by` [AUTH060]\nhelp: write `10/min, by = user`");
    wrong("10/5 min by = user shadow", "AUTH060", "help: write `10/5 min, by = user, shadow`");
    wrong("10/min; burst = 3", "AUTH033", "commas separate arguments, not `;` [AUTH033]\nhelp: write `,`");
    wrong("10/min by", "AUTH060", "no comma before `by` [AUTH060]\nhelp: write `10/min, by`");
}

#[test]
fn units_are_known_or_guessed() {
    wrong("1/mni", "AUTH061", "help: did you mean `min`?\nnote: units are `sec`, `min`, `hour`, `day`");
    wrong("1/h", "AUTH061", "help: write `hour`");
    wrong("1/5m", "AUTH061", "help: write `5 min`");
    wrong("1/5 minuts", "AUTH061", "did you mean `minute`?");
    wrong("1/5mni", "AUTH061", "did you mean `5 min`?");
    wrong("1/week", "AUTH061", "unknown time unit `week` [AUTH061]\nhelp: write `7 days`\nnote: units");
    wrong("1/2 weeks", "AUTH061", "help: write `14 days`");
    wrong("1/w", "AUTH061", "help: write `7 days`");
    wrong("1/month", "AUTH061", "help: write `31 days`");
    wrong("1/YEAR", "AUTH061", "help: write `366 days`");
    wrong("1/moon", "AUTH061", "unknown time unit `moon` [AUTH061]\nnote: units");
    refused("#[protected(fresh = 1 month)]", "AUTH061", "help: write `28 days`");
    refused("#[protected(fresh = 2 w)]", "AUTH061", "help: write `14 days`");
    refused("#[protected(fresh = 0 min)]", "AUTH049", "help: write `1 sec`");
    refused("#[protected(fresh = 400 days)]", "AUTH064", "help: write `366 days`");
}

#[test]
fn numbers_are_in_bounds() {
    wrong("0/min", "AUTH062", "a rate of zero admits no caller [AUTH062]\nhelp: to admit no caller, remove");
    wrong("1/0 min", "AUTH063", "a time of zero [AUTH063]\nhelp: write `1 min`");
    wrong("1/0hours", "AUTH063", "help: write `1 hours`");
    wrong("1/367 days", "AUTH064", "the longest time is `366 days`");
    wrong("1/4000000000 days", "AUTH064", "more than a year");
    wrong("4294967296/min", "AUTH065", "`4294967296` is too large [AUTH065]\nhelp: write `4294967295`");
    wrong("1/99999999999999999999999 min", "AUTH065", "is too large");
    wrong("1/min, burst = 0", "AUTH066", "a burst of zero");
    wrong("1/min, burst = 4294967296", "AUTH065", "is too large");
    wrong("1/min, burst = \"3\"", "AUTH032", "help: write `3`");
    wrong("1/min, burst = -3", "AUTH032", "a whole number belongs here [AUTH032]\nhelp: give a number without");
    wrong("1/min, burst = 3u8", "AUTH032", "help: write `3`");
    wrong("1/min, burst = 1.5", "AUTH032", "help: give a number without");
    wrong("1/min, burst = 10/min", "AUTH032", "help: give a number without");
    wrong("10/min, cost = 0", "AUTH067", "a cost of zero");
    wrong(
        "10/min, cost = 11",
        "AUTH068",
        "at most 10 come at once [AUTH068]\nhelp: write `10`\nnote: to admit it, raise the burst: `burst = 11`",
    );
    wrong("10/min, burst = 5, cost = 6", "AUTH068", "at most 5");
    assert!(accepted(&limit("10/min, burst = 20, cost = 20")).contains(". with_burst (20u32)"));
}

#[test]
fn keys_are_kinds_or_functions() {
    for (by, key) in [
        ("user", "LimitKey :: User"),
        ("ip", "LimitKey :: Address"),
        ("api_key", "LimitKey :: ApiKey"),
        ("global", "LimitKey :: Global"),
        ("header(\"X-Tenant\")", "LimitKey :: Header (\"x-tenant\")"),
        ("path(\"id\")", "LimitKey :: Path (\"id\")"),
        ("tenant", ":: auth_runtime :: __private :: KeyOf (tenant) . of ("),
        ("crate::keys::of::<Tenant>", "LimitKey :: custom (\"crate::keys::of::<Tenant>\""),
    ] {
        let policy = accepted(&limit(&format!("1/min, by = {by}")));
        assert!(policy.contains(key), "{by}: {policy}");
    }
}

#[test]
fn the_key_of_a_limit_without_one_is_the_caller_or_the_address() {
    assert!(accepted("#[protected] #[rate_limit(1/min)]").contains("LimitKey :: User"));
    assert!(accepted("#[rate_limit(1/min)] #[require_scope(\"a\")]").contains("LimitKey :: User"));
    assert!(accepted("#[rate_limit(1/min)] #[public]").contains("LimitKey :: Address"));
}

#[test]
fn unknown_keys_are_guessed() {
    wrong(
        "1/min, by = usr",
        "AUTH069",
        "help: did you mean `user`?\nnote: for a function of this name, write `self::usr`",
    );
    wrong("1/min, by = address", "AUTH069", "did you mean `ip`?");
    wrong("1/min, by = heder(\"x\")", "AUTH069", "did you mean `header`?");
    wrong("1/min, by = cookie(\"x\")", "AUTH069", "unknown kind of key `cookie`");
    wrong("1/min, by = \"user\"", "AUTH032", "help: write `user`");
    wrong("1/min, by = \"x-tenant\"", "AUTH032", "help: write `header(\"x-tenant\")`");
    wrong("1/min, by = user()", "AUTH032", "help: write `user`");
    wrong("1/min, by = header", "AUTH069", "did you mean `header(\"x-tenant\")`?");
    wrong("1/min, by = header(x)", "AUTH032", "help: write `header(\"x\")`");
    wrong("1/min, by = header(x-clinic)", "AUTH032", "help: write `header(\"x-clinic\")`");
    wrong("1/min, by = header()", "AUTH032", "help: write `header(\"x-tenant\")`");
    wrong("1/min, by = header(\"a\", \"b\")", "AUTH032", "help: one counter has one name");
    wrong("1/min, by = path(post)", "AUTH032", "help: write `path(\"post\")`");
    wrong("1/min, by = path()", "AUTH032", "help: write `path(\"id\")`");
    wrong("1/min, by = |r| r", "AUTH032", "a path to a function");
    wrong("1/min, by = Self::key", "AUTH007", "`Self`");
}

#[test]
fn header_and_path_names_can_exist() {
    wrong("1/min, by = header(\"x tenant\")", "AUTH070", "cannot contain ' ' [AUTH070]\nhelp: write `\"x-tenant\"`");
    wrong("1/min, by = header(\"X-Forwarded-For\")", "AUTH162", "help: write `ip`\nnote: `ip` reads such a header");
    wrong("1/min, by = header(\"cf-connecting-ip\")", "AUTH162", "may write any address into \"cf-connecting-ip\"");
    wrong("1/min, by = \"X-Real-IP\"", "AUTH032", "help: write `ip`");
    wrong("1/min, by = req.headers[\"forwarded\"]", "AUTH032", "help: write `ip`");
    wrong("1/min, key = header(\"x-forwarded-for\")", "AUTH030", "write `by = ip`");
    wrong("1/min, by = header(\"x-tenant:\")", "AUTH070", "help: write `\"x-tenant\"`");
    wrong("1/min, by = header(\"größe\")", "AUTH070", "cannot contain 'ö' [AUTH070]\nnote: header names");
    wrong("1/min, by = header(\"\")", "AUTH041", "a header name is empty");
    wrong("1/min, by = path(\"{id}\")", "AUTH071", "help: write `\"id\"`");
    wrong("1/min, by = path(\"/posts/{post}\")", "AUTH071", "help: write `\"post\"`");
    wrong("1/min, by = path(\"a/b\")", "AUTH071", "help: name the parameter alone");
    wrong("1/min, by = path(\":id\")", "AUTH071", "help: write `\"id\"`");
    wrong("1/min, by = path(\"*rest\")", "AUTH071", "help: write `\"rest\"`");
    wrong("1/min, by = path(\"\")", "AUTH041", "is empty");
}

#[test]
fn outages_are_words() {
    assert!(accepted(&limit("1/min, on_outage = allow")).contains("OnOutage :: Allow"));
    wrong("1/min, on_outage = alow", "AUTH072", "help: did you mean `allow`?");
    wrong("1/min, on_outage = \"deny\"", "AUTH032", "help: write `deny`");
    wrong("1/min, name = login", "AUTH032", "help: write `\"login\"`");
}

const CHECKED: &str = "#[authorize(role(\"a\") && check(pin))]";

#[test]
fn a_shared_counter_beside_a_check_says_what_it_counts() {
    for key in ["global", "header(\"x\")", "path(\"id\")", "self::tenant"] {
        let limit = |more: &str| format!("#[rate_limit(1/min, by = {key}{more})]");
        for attributes in
            [format!("{CHECKED} {}", limit("")), format!("{} {CHECKED} #[require_role(\"b\")]", limit(""))]
        {
            refused(&attributes, "AUTH075", "help: add `counts = after_checks`");
        }
        for (word, value) in [("before_checks", "BeforeChecks"), ("after_checks", "AfterChecks")] {
            let said = accepted(&format!("{CHECKED} {}", limit(&format!(", counts = {word}"))));
            assert!(said.contains(&format!("counts (:: auth_runtime :: policy :: Counts :: {value})")), "{said}");
        }
        accepted(&format!("#[require_role(\"a\")] {}", limit("")));
    }
    accepted(&format!("{CHECKED} #[rate_limit(1/min)]"));
}

#[test]
fn counts_is_accepted_only_where_it_makes_a_difference() {
    for key in ["user", "ip", "api_key"] {
        let attributes = format!("{CHECKED} #[rate_limit(1/min, by = {key}, counts = after_checks)]");
        refused(&attributes, "AUTH076", &format!("`counts` means nothing for `by = {key}`"));
    }
    refused(&format!("{CHECKED} #[rate_limit(1/min, counts = after_checks)]"), "AUTH076", "`by = user`");
    refused("#[public] #[rate_limit(1/min, counts = after_checks)]", "AUTH076", "`by = ip`");
    let shared = "#[rate_limit(1/min, by = global, counts = before_checks)]";
    refused(&format!("#[public] {shared}"), "AUTH077", "a public handler has none");
    for access in ["#[protected]", "#[require_role(\"a\")]", "#[authorize(role(\"a\") || scope(\"b\"))]"] {
        refused(&format!("{access} {shared}"), "AUTH077", "help: remove it");
        refused(&format!("{shared} {access}"), "AUTH077", "this handler's rule has none");
    }
}

#[test]
fn the_value_of_counts_is_a_word() {
    let counts = |word: &str| format!("{CHECKED} #[rate_limit(1/min, by = global, counts = {word})]");
    refused(&counts("after_check"), "AUTH078", "help: did you mean `after_checks`?");
    refused(&counts("before"), "AUTH078", "help: did you mean `before_checks`?");
    refused(&counts("never"), "AUTH078", "unknown value `never` [AUTH078]\nnote: a limit counts");
    refused(&counts("\"after_checks\""), "AUTH032", "help: write `after_checks`");
}

#[test]
fn a_limit_after_the_checks_hides_none_before_them() {
    let both = |first: &str, second: &str| {
        format!(
            "{CHECKED} #[rate_limit({first}, by = global, counts = after_checks)] #[rate_limit({second}, by = global, counts = before_checks)]"
        )
    };
    accepted(&both("1/min", "100/min"));
    refused(&both("100/min", "1/min"), "AUTH073", "`100/min` is never reached");
}

#[test]
fn limits_count_whom_the_handler_knows() {
    refused(
        "#[public] #[rate_limit(1/min, by = user)]",
        "AUTH024",
        "help: write `ip`\nnote: to know the callers, replace",
    );
    refused("#[public] #[rate_limit(1/min, by = api_key)]", "AUTH024", "`by = api_key`");
    refused(
        "#[protected(via(bearer))] #[rate_limit(1/min, by = api_key)]",
        "AUTH025",
        "help: write `user`\nnote: to count keys, accept them: add",
    );
    accepted("#[protected(via(bearer, api_key))] #[rate_limit(1/min, by = api_key)]");
    accepted("#[public] #[rate_limit(1/min, by = global)]");
}

#[test]
fn a_word_that_may_mean_several_keys_is_told_all_of_them() {
    for word in ["key", "keys", "client", "id"] {
        refused(
            &limit(&format!("1/min, by = {word}")),
            "AUTH069",
            "help: name what has a counter of its own: `user`, `ip`",
        );
        refused(&limit(&format!("1/min, by = {word:?}")), "AUTH032", "help: name what has a counter of its own");
        accepted(&limit(&format!("1/min, by = self::{word}")));
    }
}
