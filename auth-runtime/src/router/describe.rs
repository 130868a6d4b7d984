//! Describes policies in words, for the access matrix.

use crate::{
    limit::Quotas,
    policy::{
        Access, Counts, CspDirective, IssuerName, Limit, LimitKey, OnOutage, Policy, Quota, RoleRule, Rule, Via,
        csp::SANDBOX,
    },
};

use super::method_router::Methods;

pub(super) fn access(policy: &Policy) -> String {
    match policy.access() {
        Access::Public { .. } => "everyone".to_owned(),
        Access::Protected(protection) => {
            let who = match protection.rule() {
                Rule::Authenticated => "any caller".to_owned(),
                rule => self::rule(rule, Place::Top),
            };
            let who = match protection.issuers() {
                Some(issuers) => format!("{who}, by issuer {}", names(issuers).join(" or ")),
                None => who,
            };
            match protection.max_login_age() {
                Some(age) => format!("{who}, login within {}", duration(age.as_secs())),
                None => who,
            }
        }
    }
}

/// Returns the issuers of which one must vouch for the caller.
pub(super) fn issuers(policy: &Policy) -> Vec<String> {
    match policy.access() {
        Access::Protected(protection) => protection.issuers().map(names).unwrap_or_default(),
        Access::Public { .. } => Vec::new(),
    }
}

fn names(issuers: &[IssuerName]) -> Vec<String> {
    issuers.iter().map(IssuerName::to_string).collect()
}

pub(super) fn via(policy: &Policy) -> String {
    match policy.access() {
        Access::Public { .. } => "-".to_owned(),
        Access::Protected(protection) => kinds(protection.via()),
    }
}

/// Returns the names of the kinds of credential.
pub(super) fn kinds(via: Via) -> String {
    if via == Via::ANY { "any".to_owned() } else { via.names().collect::<Vec<_>>().join(", ") }
}

/// Returns how the handler keeps other sites from using a browser's session. Safe methods change nothing, so they need
/// no check.
pub(super) fn csrf(policy: &Policy, methods: &Methods) -> String {
    match policy.access() {
        Access::Protected(protection) if protection.via().accepts(Via::SESSION) => match protection.csrf_exemption() {
            Some(reason) => format!("exempt: {reason}"),
            None if methods.are_safe() => "-".to_owned(),
            None => "checked".to_owned(),
        },
        _ => "-".to_owned(),
    }
}

pub(super) fn reason(policy: &Policy) -> String {
    match policy.access() {
        Access::Public { reason: Some(reason) } => (*reason).to_owned(),
        _ => String::new(),
    }
}

/// Returns the directives of the Content Security Policy that the handler changes, in the notation of the standard.
pub(super) fn csp(policy: &Policy) -> String {
    let Some(csp) = policy.csp() else { return String::new() };
    let directive = |directive: &CspDirective| match directive.sources() {
        [] if directive.name() == SANDBOX => SANDBOX.to_owned(),
        [] => format!("{} 'none'", directive.name()),
        sources => format!("{} {}", directive.name(), sources.join(" ")),
    };
    let directives = csp.directives().iter().map(directive).collect::<Vec<_>>().join("; ");
    match csp.reason() {
        Some(reason) => format!("{directives} (because {reason})"),
        None => directives,
    }
}

/// Returns the limits of all these policies, with the quotas in force where `Auth` is known.
pub(super) fn limits<'p>(policies: impl Iterator<Item = &'p Policy>, quotas: Option<&Quotas>) -> String {
    let texts: Vec<_> = policies.flat_map(Policy::limits).map(|limit| self::limit(limit, quotas)).collect();
    if texts.is_empty() { "-".to_owned() } else { texts.join("; ") }
}

/// Returns the bounds of the body, or no text for an unbounded body.
pub(super) fn body(policy: &Policy) -> String {
    let size = policy.max_body_bytes().map(|bytes| bytes_text(bytes.get()));
    let time = policy.max_body_time().map(|time| format!("within {}", duration(time.as_secs())));
    [size, time].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Returns a number of bytes in the unit that makes it shortest. `auth-macros/src/lower/size/units.rs` writes helps so,
/// too.
fn bytes_text(bytes: u64) -> String {
    const UNITS: [(&str, u64); 7] = [
        ("GiB", 1 << 30),
        ("MiB", 1 << 20),
        ("KiB", 1 << 10),
        ("GB", 1_000_000_000),
        ("MB", 1_000_000),
        ("kB", 1_000),
        ("B", 1),
    ];
    let whole = UNITS.iter().filter(|(_, size)| bytes.is_multiple_of(*size));
    let texts = whole.filter_map(|(unit, size)| Some(format!("{} {unit}", bytes.checked_div(*size)?)));
    texts.min_by_key(String::len).unwrap_or_default()
}

fn limit(limit: &Limit, quotas: Option<&Quotas>) -> String {
    let set = quotas.and_then(|quotas| quotas.quota(limit)).filter(|set| *set != limit.quota());
    let quota = set.unwrap_or_else(|| limit.quota());
    let mut text = format!("{} by {}", rate(quota), key(limit.key()));
    let mut add = |part: String| text.push_str(&part);
    add(burst(quota));
    if limit.cost().get() != 1 {
        add(format!(" cost {}", limit.cost()));
    }
    if let Some(name) = limit.name() {
        add(format!(" as {name}"));
    }
    if set.is_some() {
        add(format!(", in place of {}{}", rate(limit.quota()), burst(limit.quota())));
    }
    match limit.counts() {
        None => {}
        Some(Counts::BeforeChecks) => add(", counted before checks".to_owned()),
        Some(Counts::AfterChecks) => add(", counted after checks".to_owned()),
    }
    match limit.outage() {
        OnOutage::Local => {}
        OnOutage::Deny => add(", deny on outage".to_owned()),
        OnOutage::Allow => add(", allow on outage".to_owned()),
    }
    if limit.is_shadow() {
        add(" (shadow)".to_owned());
    }
    text
}

fn rate(quota: Quota) -> String {
    format!("{}/{}", quota.count(), window(quota.window().as_secs()))
}

/// Returns the burst, where it is not the whole quota.
fn burst(quota: Quota) -> String {
    if quota.burst() == quota.count() { String::new() } else { format!(" burst {}", quota.burst()) }
}

/// Returns the name of the value by which a limit counts.
pub(super) fn key(key: LimitKey) -> String {
    match key {
        LimitKey::User => "user".to_owned(),
        LimitKey::Address => "ip".to_owned(),
        LimitKey::ApiKey => "api_key".to_owned(),
        LimitKey::Global => "global".to_owned(),
        LimitKey::Header(name) => format!("header {name}"),
        LimitKey::Path(name) => format!("path {name}"),
        LimitKey::Custom { name, .. } => name.to_owned(),
    }
}

/// The position of a rule, which decides whether the rule needs parentheses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    InAll,
    InAny,
    InNot,
}

fn rule(rule: &Rule, place: Place) -> String {
    match rule {
        Rule::Authenticated => "any caller".to_owned(),
        Rule::Role(role) => self::role(role),
        Rule::Scope(scope) => format!("scope {scope}"),
        Rule::Check(check) => format!("check {}", check.name()),
        Rule::Not(inner) => format!("not {}", self::rule(inner, Place::InNot)),
        Rule::All(rules) => list(rules, " and ", Place::InAll, place),
        Rule::Any(rules) => list(rules, " or ", Place::InAny, place),
    }
}

fn list(rules: &[Rule], joint: &str, inside: Place, place: Place) -> String {
    match rules {
        [] => "nobody".to_owned(),
        [only] => rule(only, place),
        several => {
            let text = several.iter().map(|member| rule(member, inside)).collect::<Vec<_>>().join(joint);
            if place == Place::Top || place == inside { text } else { format!("({text})") }
        }
    }
}

fn role(role: &RoleRule) -> String {
    if role.implied_by().is_empty() {
        return format!("role {}", role.name());
    }
    format!("role {} (or {})", role.name(), role.implied_by().join(", "))
}

fn duration(seconds: u64) -> String {
    match seconds {
        60 => "1 min".to_owned(),
        s if s % 86_400 == 0 => format!("{} d", s / 86_400),
        s if s % 3_600 == 0 => format!("{} h", s / 3_600),
        s if s % 60 == 0 => format!("{} min", s / 60),
        s => format!("{s} s"),
    }
}

fn window(seconds: u64) -> String {
    match seconds {
        1 => "sec".to_owned(),
        60 => "min".to_owned(),
        3_600 => "hour".to_owned(),
        86_400 => "day".to_owned(),
        other => duration(other),
    }
}
