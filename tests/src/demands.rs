use auth_runtime::{
    HasPolicy, Policy,
    policy::{Access, CspDirective, CspOverride, Limit, LimitKey, OnOutage, Protection, Rule, Via},
};

/// Returns the demands of a policy in one line that a test can compare: `role(admin|root), via(bearer); 10/60s by
/// user`.
pub fn demands<P: HasPolicy>() -> String {
    let policy: Policy = P::POLICY;
    let access = match policy.access() {
        Access::Public { reason: None, .. } => "public".to_owned(),
        Access::Public { reason: Some(reason), .. } => format!("public because {reason}"),
        Access::Protected(protection) => protected(protection),
        other => format!("{other:?}"),
    };
    let limits = policy.limits().iter().map(limit);
    let bytes = policy.max_body_bytes().map(|bytes| format!("body of {bytes}"));
    let time = policy.max_body_time().map(|time| format!("body in {}s", time.as_secs()));
    let csp = policy.csp().map(csp);
    [access].into_iter().chain(limits).chain(bytes).chain(time).chain(csp).collect::<Vec<_>>().join("; ")
}

fn csp(csp: &CspOverride) -> String {
    let directive = |directive: &CspDirective| format!("{} {}", directive.name(), directive.sources().join(" "));
    let directives = csp.directives().iter().map(directive).collect::<Vec<_>>().join("|");
    let reason = csp.reason().map(|reason| format!(" because {reason}")).unwrap_or_default();
    format!("csp({directives}{reason})")
}

fn protected(protection: &Protection) -> String {
    let mut text = rule(protection.rule());
    if protection.via() != Via::ANY {
        text += &format!(", via({})", protection.via().names().collect::<Vec<_>>().join("|"));
    }
    if let Some(age) = protection.max_login_age() {
        text += &format!(", fresh({})", age.as_secs());
    }
    if let Some(because) = protection.csrf_exemption() {
        text += &format!(", csrf_exempt({because})");
    }
    text
}

fn rule(of: &Rule) -> String {
    let list = |rules: &[Rule]| rules.iter().map(rule).collect::<Vec<_>>().join(", ");
    match of {
        Rule::Authenticated => "authenticated".to_owned(),
        Rule::Role(role) => {
            let names = [role.name()].into_iter().chain(role.implied_by().iter().copied());
            format!("role({})", names.collect::<Vec<_>>().join("|"))
        }
        Rule::Scope(scope) => format!("scope({scope})"),
        Rule::Check(check) => format!("check({})", check.name()),
        Rule::All(rules) => format!("all({})", list(rules)),
        Rule::Any(rules) => format!("any({})", list(rules)),
        Rule::Not(inner) => format!("not({})", rule(inner)),
        other => format!("{other:?}"),
    }
}

fn limit(limit: &Limit) -> String {
    let quota = limit.quota();
    let mut text = format!("{}/{}s by {}", quota.count(), quota.window().as_secs(), key(limit.key()));
    if quota.burst() != quota.count() {
        text += &format!(" burst {}", quota.burst());
    }
    if limit.cost().get() != 1 {
        text += &format!(" cost {}", limit.cost());
    }
    if let Some(name) = limit.name() {
        text += &format!(" named {name}");
    }
    if let Some(counts) = limit.counts() {
        text += &format!(" counts {counts:?}");
    }
    if limit.outage() != OnOutage::Local {
        text += &format!(" on outage {:?}", limit.outage()).to_lowercase();
    }
    if limit.is_shadow() {
        text += " shadow";
    }
    text
}

fn key(key: LimitKey) -> String {
    match key {
        LimitKey::User => "user".to_owned(),
        LimitKey::Address => "ip".to_owned(),
        LimitKey::ApiKey => "api_key".to_owned(),
        LimitKey::Global => "global".to_owned(),
        LimitKey::Header(name) => format!("header {name}"),
        LimitKey::Path(name) => format!("path {name}"),
        LimitKey::Custom { name, .. } => name.to_owned(),
        other => format!("{other:?}"),
    }
}
