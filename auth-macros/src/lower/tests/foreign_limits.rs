//! Limits in the words of other frameworks.

use super::{accepted, refused};
use crate::harness::problems;

/// Asserts that `#[rate_limit(arguments)]` has one mistake, with this help.
#[track_caller]
fn answered(arguments: &str, help: &str) {
    let attributes = format!("#[protected] #[rate_limit({arguments})]");
    let texts = problems(super::under(&attributes));
    let [text] = texts.as_slice() else { panic!("{arguments}: {texts:#?}") };
    let line = text.lines().find_map(|line| line.strip_prefix("help: "));
    assert_eq!(line, Some(help), "{arguments}: {text}");
    let written = help.strip_prefix("write `").and_then(|rest| rest.split('`').next());
    if let Some(limit) = written.filter(|written| written.contains('/')) {
        let is_attribute = limit.starts_with('#');
        let limit = if is_attribute { limit.to_owned() } else { format!("#[rate_limit({limit})]") };
        accepted(&format!("#[protected] {limit}"));
    }
}

#[test]
fn a_fraction_becomes_the_same_rate_in_whole_numbers() {
    answered("0.5/sec", "write `1/2 sec`");
    answered("0.5/min", "write `1/2 min`");
    answered("0.1/5 min", "write `1/50 min`");
    answered("1.5/sec", "write `3/2 sec, burst = 1`");
    answered("2.5/15 min", "write `5/30 min, burst = 2`");
    answered("1.0/hour", "write `1/hour`");
    answered("10/1.5 min", "write `10/90 sec`");
    answered("10/0.5min", "write `10/30 sec`");
    answered("10/0.5 sec", "write `20/sec, burst = 10`");
    answered("1.5/sec, burst = 3", "write `3/2 sec`");
    answered("\"0.5/sec\"", "write `1/2 sec`");
}

#[test]
fn a_time_of_milliseconds_becomes_seconds() {
    answered("10/100 ms", "write `100/sec, burst = 10`");
    answered("1/1500ms", "write `2/3 sec, burst = 1`");
    answered("10/60000 ms", "write `10/60 sec`");
    answered("10/Duration::from_millis(500)", "write `20/sec, burst = 10`");
    refused("#[protected] #[rate_limit(1/ms)]", "AUTH061", "help: write `1000/sec, burst = 1`");
}

#[test]
fn a_rate_in_other_words_keeps_its_numbers() {
    for rate in [
        "10 per minute",
        "10 per min",
        "10 requests per minute",
        "10 requests/min",
        "10 req/min",
        "10-per-minute",
        "10:min",
        "10u32/min",
        "10/\"min\"",
        "\"10 per minute\"",
        "\"10/m\"",
        "\"10-M\"",
        "\"10/1m\"",
        "10rpm",
        "min/10",
        "per_minute(10)",
        "per_minute = 10",
        "requests_per_minute = 10",
        "rpm = 10",
        "minute = 10",
        "Quota::per_minute(10)",
        "Quota::per_minute(nonzero!(10u32))",
        "Quota::per_minute(NonZeroU32::new(10).unwrap())",
        "Limit::perMinute(10)",
        "10, minute",
        "10, per = \"minute\"",
        "rate = \"10/minute\"",
        "limit = 10/min",
        "\"throttle:10,1\"",
        "throttle = \"10,1\"",
    ] {
        let attributes = format!("#[protected] #[rate_limit({rate})]");
        let texts = problems(super::under(&attributes));
        let [text] = texts.as_slice() else { panic!("{rate}: {texts:#?}") };
        assert!(text.contains("write `10/min`") || text.contains("write `#[rate_limit(10/min)]`"), "{rate}: {text}");
    }
    answered("100/15/min", "write `100/15 min`");
    answered("10/60s", "write `60 sec`");
    answered("10/\"60s\"", "write `10/60 sec`");
    answered("10/Duration::from_secs(60)", "write `10/60 sec`");
    answered("10/std::time::Duration::from_secs(60)", "write `10/60 sec`");
    answered("10/TimeSpan.FromMinutes(5)", "write `10/5 min`");
    answered("10/1h30m", "write `10/90 min`");
    answered("10 every 5 minutes", "write `10/5 min`");
    answered("every 6 seconds", "write `1/6 sec`");
    answered("10, \"PT1M\"", "write `#[rate_limit(10/min)]`");
    answered("10 in 5 min, by = ip", "write `10/5 min`");
}

#[test]
fn named_parts_become_a_rate() {
    answered("limit = 10, window = \"1m\"", "write `#[rate_limit(10/min)]`");
    answered(
        "limit = 10, window = 60, by = ip",
        "write `#[rate_limit(10/60 sec, by = ip)]`; or `min` in place of `sec`, if minutes are meant",
    );
    answered("max = 100, window_ms = 900000", "write `#[rate_limit(100/15 min)]`");
    answered("max = 100, windowMs = 900000, shadow", "write `#[rate_limit(100/15 min, shadow)]`");
    answered("limit = 3, ttl = 60000", "write `#[rate_limit(3/min)]`; read as milliseconds");
    answered("{ default: { limit: 3, ttl: 60000 } }", "write `3/min`; read as milliseconds");
    answered("permitLimit = 4, window = TimeSpan.FromSeconds(12)", "write `#[rate_limit(4/12 sec)]`");
    answered("limitForPeriod = 5, limitRefreshPeriod = \"1s\"", "write `#[rate_limit(5/sec)]`");
    answered("times = 2, seconds = 5", "write `#[rate_limit(2/5 sec)]`");
    answered("calls = 15, period = 15 min", "write `#[rate_limit(15/15 min)]`");
    answered("points = 6, duration = 1 sec", "write `#[rate_limit(6/sec)]`");
    answered("5, Duration::from_secs(1)", "write `#[rate_limit(5/sec)]`");
    answered("10, 5 min", "write `#[rate_limit(10/5 min)]`");
    answered("10, 60", "write `#[rate_limit(10/60 sec)]`; or `min` in place of `sec`, if minutes are meant");
    answered("10/60", "write `10/60 sec`; or `min` in place of `sec`, if minutes are meant");
    answered("limit = 10", "write `10/min`; or another unit of time: `sec`, `hour`, `day`");
    answered("10 per minute per user", "write `#[rate_limit(10/min, by = user)]`");
    answered("\"10/min/ip\"", "write `#[rate_limit(10/min, by = ip)]`");
    answered("limit = 10, per = min, key = ip", "write `#[rate_limit(10/min, by = ip)]`");
    answered("limit = 7, window = 1 hour, key = req.ip", "write `#[rate_limit(7/hour, by = ip)]`");
}

/// The looser of two readings is never written for the user.
#[test]
fn a_rate_that_could_be_two_is_left_to_the_user() {
    answered("60 sec", "write the rate that is meant: `60/sec` or `1/60 sec`");
    answered("10 min, by = ip", "write the rate that is meant: `10/min` or `1/10 min`");
    answered("\"5 minutes\"", "write the rate that is meant: `5/min` or `1/5 min`");
    answered("limit = \"60s\"", "write the rate that is meant: `60/sec` or `1/60 sec`");
    answered("1 hour", "write `1/hour`");
    answered("60, 1", "write the rate that is meant: `60/sec` or `60/min`");
    answered("60/1", "write the rate that is meant: `60/sec` or `60/min`");
    answered("max = 5, decay = 15", "write the rate that is meant: `5/15 sec` or `5/15 min`");
}

/// `per_second` is an interval beside tower_governor's `burst_size`.
#[test]
fn a_burst_in_other_words_is_burst() {
    let why = "; as in tower_governor, where `per_second(2)` is one request every 2 seconds";
    for governor in ["per_second = 2, burst_size = 5", "burst_size(5), per_second(2)"] {
        answered(governor, &format!("write `#[rate_limit(1/2 sec, burst = 5)]`{why}"));
    }
    answered("per_millisecond = 500, burst_size = 5", &format!("write `#[rate_limit(2/sec, burst = 5)]`{why}"));
    answered("per_second = 1, burst_size = 5", "write `#[rate_limit(1/sec, burst = 5)]`");
    answered("requests_per_second = 2, burst_size = 5", "write `#[rate_limit(2/sec, burst = 5)]`");
    answered("limit = 10, window = 1 min, burstCapacity = 5", "write `#[rate_limit(10/min, burst = 5)]`");
    refused("#[protected] #[rate_limit(10/min, burst_size = 5)]", "AUTH030", "help: write `burst = 5`");
}

#[test]
fn several_rates_become_several_attributes() {
    answered("\"5/minute;100/hour\"", "write `#[rate_limit(5/min)] #[rate_limit(100/hour)]`");
    answered(
        "\"5/minute, 100/hour\", by = ip",
        "write `#[rate_limit(5/min, by = ip)] #[rate_limit(100/hour, by = ip)]`",
    );
    answered("[\"5/minute\", \"100/hour\"]", "write `#[rate_limit(5/min)] #[rate_limit(100/hour)]`");
    answered("10/min && 100/hour", "write `#[rate_limit(10/min)] #[rate_limit(100/hour)]`");
    answered("10/min, 100/day", "write `#[rate_limit(10/min)] #[rate_limit(100/day)]`");
    answered("minute = 5, hour = 100", "write `#[rate_limit(5/min)] #[rate_limit(100/hour)]`");
    answered(
        "10/min, 1000/hour",
        "write `#[rate_limit(10/min)]`; a rate that another one always reaches first is left out",
    );
    answered("10/min, 100/day, burst = 3", "give each rate its own `#[rate_limit]`");
    answered("10/min, 100/day, name = \"x\"", "give each rate its own `#[rate_limit]`");
}

#[test]
fn a_key_in_other_words_is_by() {
    for (key, help) in [
        ("key = ip", "did you mean `by`?"),
        ("key_by = user", "did you mean `by`?"),
        ("per = ip", "did you mean `by`?"),
        ("partition_by = header(\"x\")", "did you mean `by`?"),
        ("key = tenant", "did you mean `by`?"),
        ("key_func = get_remote_address", "write `by = ip`"),
        ("keyGenerator = req.ip", "write `by = ip`"),
        ("key = \"ip\"", "write `by = ip`"),
        ("key = \"x-api-key\"", "write `by = api_key`"),
        ("key = req.headers[\"x-tenant\"]", "write `by = header(\"x-tenant\")`"),
        ("key = request.user.id", "write `by = user`"),
        ("key = req.params.id", "write `by = path(\"id\")`"),
        ("key_extractor = SmartIpKeyExtractor", "write `by = ip`"),
        ("ip", "write `by = ip`"),
        ("header(\"x-tenant\")", "write `by = header(\"x-tenant\")`"),
    ] {
        let attributes = format!("#[protected] #[rate_limit(10/min, {key})]");
        let texts = problems(super::under(&attributes));
        let [text] = texts.as_slice() else { panic!("{key}: {texts:#?}") };
        assert!(text.contains("AUTH030") && text.lines().any(|line| line == format!("help: {help}")), "{key}: {text}");
    }
    for (by, help) in [
        ("req.ip", "help: write `ip`"),
        ("request.user.id", "help: write `user`"),
        ("req.headers[\"X-Tenant\"]", "help: write `header(\"x-tenant\")`"),
        ("\"/{post}\"", "help: write `path(\"post\")`"),
        ("\"tenant\"", "help: name its kind: `header(\"tenant\")`, `path(\"tenant\")` or a function"),
        ("(ip, user)", "help: for any other key, name a function"),
        ("ip + user", "help: for any other key, name a function"),
    ] {
        refused(&format!("#[protected] #[rate_limit(10/min, by = {by})]"), "AUTH032", help);
    }
    refused("#[protected] #[rate_limit(10/min, by = get_remote_address)]", "AUTH069", "did you mean `ip`?");
}

/// A word that is overlooked could make a looser rate.
#[test]
fn a_rate_that_is_not_understood_is_not_guessed() {
    for rate in
        ["10/60*60", "-1/min", "10/-5 min", "5-10/min", "10 per 2 1 min", "10/min/tenant", "1 + 1/min", "ten/min"]
    {
        answered(rate, "give a count and a time: `10/min`, `100/5 min`");
    }
    for foreign in ["Quota::with_period(Duration::from_secs(2))", "per 6 seconds", "10/500 us"] {
        let texts = problems(super::under(&format!("#[protected] #[rate_limit({foreign})]")));
        assert!(!texts.is_empty() && !texts.iter().any(|text| text.contains("write `")), "{foreign}: {texts:#?}");
    }
}

#[test]
fn a_handler_has_at_most_eight_limits() {
    let limits = |count: u32| (1..=count).map(|each| format!("#[rate_limit({each}/{each} min, by = self::k{each})]"));
    accepted(&format!("#[protected] {}", limits(8).collect::<String>()));
    for count in [9, 12] {
        let attributes = format!("#[protected] {}", limits(count).collect::<String>());
        refused(&attributes, "AUTH079", &format!("at most 8 limits, and here are {count}"));
    }
}

#[test]
fn a_counters_name_fits_a_header() {
    accepted("#[protected] #[rate_limit(1/min, name = \"log in: 2\")]");
    for name in ["größe", "a\\tb", "a\\u{7f}"] {
        refused(&format!("#[protected] #[rate_limit(1/min, name = \"{name}\")]"), "AUTH160", "cannot contain");
    }
}

#[test]
fn a_rate_in_another_attribute_keeps_its_numbers() {
    for (written, rate) in [
        ("throttle = \"60,1\"", "60/min"),
        ("throttle(\"throttle:60,1\")", "60/min"),
        ("rate = \"5/minute\"", "5/min"),
        ("limit = \"5 per 10 minutes\"", "5/10 min"),
    ] {
        let help = format!("help: write `#[protected] #[rate_limit({rate})]`");
        refused(&format!("#[protected({written})]"), "AUTH030", &help);
    }
    for unsaid in ["limit = 5", "rate = \"minute\"", "throttle = \"100/60\""] {
        refused(&format!("#[protected({unsaid})]"), "AUTH030", "help: it belongs in `#[rate_limit(10/min)]`");
    }
}

#[test]
fn django_names_a_counter_by_its_group() {
    let help = "help: write `name = \"login\"`";
    refused("#[public] #[rate_limit(10/min, group = \"login\")]", "AUTH030", help);
    refused("#[public] #[rate_limit(10/min, scope = \"login\")]", "AUTH030", help);
    refused("#[protected(\"throttle:60,1\")]", "AUTH033", "help: write `#[protected] #[rate_limit(60/min)]`");
}

#[test]
fn a_word_for_several_things_is_no_key() {
    for word in ["role", "scopes", "session"] {
        refused(&format!("#[protected] #[rate_limit(1/min, by = {word})]"), "AUTH069", "does not say what is counted");
        accepted(&format!("#[protected] #[rate_limit(1/min, by = self::{word})]"));
    }
    refused("#[protected] #[rate_limit(1/min, by = endpoint)]", "AUTH069", "did you mean `global`?");
}
