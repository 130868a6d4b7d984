//! Compares the parameters of a route with those that its handler reads.
//!
//! A plain `axum::Router` around this one may supply more parameters by `nest`. A missing parameter therefore causes an
//! event, not a panic.

use tracing::Level;

use crate::policy::{LimitKey, Policy};

/// The target for subscribers to the router's events.
pub(super) const TARGET: &str = "auth_runtime::router";

/// Reports every path parameter that the handler's limits and checks read and `route` does not have.
pub(super) fn tell_of_missing(route: &str, policy: &Policy) {
    let parameters = parameters(route);
    for limit in policy.limits() {
        if let LimitKey::Path(name) = limit.key()
            && !parameters.contains(&name)
        {
            tracing::event!(
                target: TARGET, Level::WARN, http.route = route, policy = policy.full_name(), parameter = name,
                error = "a limit counts by a path parameter that the route does not have, and so by the client's address: \
                name one of the route's, unless a router around this one supplies it",
            );
        }
    }
    for check in policy.check_paths() {
        for misfit in check.arguments.iter().flatten().filter_map(|misfit| misfit(&parameters)) {
            let error = format!(
                "the `Path` of the check `{}` {misfit}, unless a router around this one adds to it",
                check.name
            );
            tracing::event!(
                target: TARGET, Level::WARN, http.route = route, policy = policy.full_name(), check = check.name, error,
            );
        }
    }
}

/// Returns the names in the braces of a route, `{id}` or `{*rest}`. Doubled braces are text.
fn parameters(route: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = route;
    while let Some((_, after)) = rest.split_once('{') {
        if let Some(text) = after.strip_prefix('{') {
            rest = text;
            continue;
        }
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        names.push(name.strip_prefix('*').unwrap_or(name));
        rest = after;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::parameters;

    #[test]
    fn parameters_stand_in_braces() {
        for (route, expected) in [
            ("/", &[] as &[&str]),
            ("/a/b", &[]),
            ("/{id}", &["id"]),
            ("/{tenant}/notes/{id}.json", &["tenant", "id"]),
            ("/files/{*rest}", &["rest"]),
            ("/{{id}}/{{{id}", &["id"]),
            ("/{org}/(fallback)", &["org"]),
        ] {
            assert_eq!(parameters(route), expected, "{route}");
        }
    }
}
