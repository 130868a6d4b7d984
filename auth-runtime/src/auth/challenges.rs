use core::{fmt::Write as _, time::Duration};

use axum::http::HeaderValue;

use crate::{
    error::{Challenge, ChallengeError},
    policy::Rule,
};

/// What a refusal demands of the client.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Demand<'a> {
    /// Any credential.
    Credential,
    /// One credential that is well-formed.
    WellFormed,
    /// A credential that is valid.
    Valid,
    /// A login that is not older than this.
    RecentLogin(Duration),
    /// A credential that carries these scopes, too.
    Scopes(&'a [&'static str]),
}

impl Demand<'_> {
    /// Returns the parameters for the error, in the words of RFC 6750 and RFC 9470.
    const fn error(&self) -> &'static str {
        match self {
            Self::Credential => "",
            Self::WellFormed => r#", error="invalid_request""#,
            Self::Valid => r#", error="invalid_token", error_description="The credential is invalid or has expired.""#,
            Self::RecentLogin(_) => {
                r#", error="insufficient_user_authentication", error_description="A more recent login is needed.""#
            }
            Self::Scopes(_) => r#", error="insufficient_scope""#,
        }
    }

    /// Returns whether a credential of another scheme could meet the demand.
    const fn is_for_every_scheme(&self) -> bool {
        matches!(self, Self::Credential | Self::Valid | Self::RecentLogin(_))
    }
}

/// The challenges that refusals carry, written once for each protected resource.
#[derive(Debug)]
pub(crate) struct Challenges {
    /// The declared resources, the longest path first.
    resources: Vec<(String, Bearer)>,
    /// The challenge outside of them.
    elsewhere: Bearer,
    /// The challenges of the application's schemes.
    others: Vec<HeaderValue>,
}

impl Challenges {
    /// Writes the challenges. A resource is the beginning of a path, and the URL of its metadata.
    ///
    /// # Errors
    /// Returns an error when the realm or a URL cannot stand in a challenge.
    pub(super) fn new<'a>(
        realm: &str,
        resources: impl Iterator<Item = (&'a str, &'a str)>,
        others: &[Challenge],
    ) -> Result<Self, ChallengeError> {
        let bearer = |(path, metadata)| Ok((str::to_owned(path), Bearer::new(realm, Some(metadata))?));
        let mut resources: Vec<_> = resources.map(bearer).collect::<Result<_, _>>()?;
        resources.sort_by_key(|(path, _)| core::cmp::Reverse(path.len()));
        let others = others.iter().filter_map(Challenge::to_header_value).collect();
        Ok(Self { resources, elsewhere: Bearer::new(realm, None)?, others })
    }

    /// Returns the challenge of bearer tokens. `path` finds the path of the request, if a resource has to be found.
    /// `rule` is the policy's: a client that has no valid credential learns from it which scopes to ask for.
    pub(crate) fn bearer<'r>(
        &self,
        path: impl FnOnce() -> &'r str,
        demand: Demand<'_>,
        rule: Option<&Rule>,
    ) -> HeaderValue {
        if self.resources.is_empty() {
            return self.elsewhere.value(demand, rule);
        }
        let path = path();
        let nearest = self.resources.iter().find(|(resource, _)| is_below(path, resource));
        nearest.map_or(&self.elsewhere, |(_, bearer)| bearer).value(demand, rule)
    }

    /// Returns the challenges of the application's schemes, where they could help.
    pub(crate) fn others(&self, demand: Demand<'_>) -> &[HeaderValue] {
        if demand.is_for_every_scheme() { &self.others } else { &[] }
    }
}

/// Returns whether the path is the resource or below it. The resource `/` is the whole service.
fn is_below(path: &str, resource: &str) -> bool {
    let resource = resource.trim_end_matches('/');
    path.strip_prefix(resource).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The challenge of bearer tokens. Its constant forms are ready, so that a flood of refused requests costs no writing.
#[derive(Debug)]
struct Bearer {
    /// The scheme and the realm.
    start: String,
    /// `resource_metadata`, if there is metadata.
    end: String,
    credential: HeaderValue,
    well_formed: HeaderValue,
    valid: HeaderValue,
}

impl Bearer {
    fn new(realm: &str, metadata: Option<&str>) -> Result<Self, ChallengeError> {
        let challenge = Challenge::new("Bearer")?.with("realm", realm)?;
        let start = challenge.to_string();
        let end = match metadata {
            Some(url) => challenge.with("resource_metadata", url)?.to_string().split_off(start.len()),
            None => String::new(),
        };
        // Printable ASCII always makes a value.
        let value = |demand: Demand<'_>| {
            HeaderValue::try_from([&*start, demand.error(), &*end].concat())
                .unwrap_or(const { HeaderValue::from_static("Bearer") })
        };
        let [credential, well_formed, valid] = [Demand::Credential, Demand::WellFormed, Demand::Valid].map(value);
        Ok(Self { start, end, credential, well_formed, valid })
    }

    fn value(&self, demand: Demand<'_>, rule: Option<&Rule>) -> HeaderValue {
        let of_rule = || rule.map(Rule::scopes).unwrap_or_default();
        match demand {
            Demand::WellFormed => self.well_formed.clone(),
            Demand::Scopes(missing) => self.written(demand, missing),
            Demand::RecentLogin(_) => self.written(demand, &of_rule()),
            Demand::Credential | Demand::Valid => match (of_rule().as_slice(), demand) {
                ([], Demand::Credential) => self.credential.clone(),
                ([], _) => self.valid.clone(),
                (scopes, _) => self.written(demand, scopes),
            },
        }
    }

    fn written(&self, demand: Demand<'_>, scopes: &[&str]) -> HeaderValue {
        let length = scopes.iter().fold(192, |sum: usize, scope| sum.saturating_add(scope.len()));
        let mut text = String::with_capacity(self.start.len().saturating_add(self.end.len()).saturating_add(length));
        text.push_str(&self.start);
        text.push_str(demand.error());
        if let Demand::RecentLogin(max_age) = demand {
            let _ = write!(text, ", max_age={}", max_age.as_secs());
        }
        if !scopes.is_empty() {
            text.push_str(", scope=\"");
            for (at, scope) in scopes.iter().enumerate() {
                if at > 0 {
                    text.push(' ');
                }
                text.extend(scope.chars().filter(|char| is_quotable(*char)));
            }
            text.push('"');
        }
        text.push_str(&self.end);
        HeaderValue::try_from(text).unwrap_or_else(|_| self.credential.clone())
    }
}

/// Returns whether RFC 6750 allows the character in the parameter `scope`.
fn is_quotable(char: char) -> bool {
    matches!(char, ' '..='!' | '#'..='[' | ']'..='~')
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESOURCES: [(&str, &str); 3] =
        [("/", "https://a/root"), ("/mcp", "https://a/mcp"), ("/mcp/b", "https://a/b")];

    fn texts(challenges: &Challenges, path: &str, demand: Demand<'_>, rule: Option<&Rule>) -> Vec<String> {
        let bearer = challenges.bearer(|| path, demand, rule);
        let all = core::iter::once(&bearer).chain(challenges.others(demand));
        all.map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn the_nearest_resource_is_named() {
        let challenges = Challenges::new("api", RESOURCES.into_iter(), &[]).unwrap();
        for (path, metadata) in
            [("/", "root"), ("/mcpx", "root"), ("/mcp", "mcp"), ("/mcp/", "mcp"), ("/mcp/bc", "mcp"), ("/mcp/b/c", "b")]
        {
            let expected = format!(r#"Bearer realm="api", resource_metadata="https://a/{metadata}""#);
            assert_eq!(texts(&challenges, path, Demand::Credential, None), [expected], "{path}");
        }
        let challenges = Challenges::new("api", RESOURCES.into_iter().skip(1), &[]).unwrap();
        assert_eq!(texts(&challenges, "/other", Demand::Credential, None), [r#"Bearer realm="api""#]);
    }

    #[test]
    fn each_demand_has_its_parameters() {
        const RULE: Rule = Rule::All(&[Rule::scope("a:r"), Rule::Any(&[Rule::role("x"), Rule::scope("b\"\r\n")])]);
        let challenges = Challenges::new("api", RESOURCES.into_iter().take(1), &[]).unwrap();
        let end = r#", resource_metadata="https://a/root""#;
        for (demand, rule, between) in [
            (Demand::Credential, None, ""),
            (Demand::Credential, Some(&RULE), r#", scope="a:r b""#),
            (Demand::Credential, Some(&Rule::Not(&RULE)), ""),
            (Demand::WellFormed, Some(&RULE), r#", error="invalid_request""#),
            (
                Demand::Valid,
                Some(&RULE),
                r#", error="invalid_token", error_description="The credential is invalid or has expired.", scope="a:r b""#,
            ),
            (
                Demand::RecentLogin(Duration::from_secs(9)),
                None,
                r#", error="insufficient_user_authentication", error_description="A more recent login is needed.", max_age=9"#,
            ),
            (Demand::Scopes(&["c", "d"]), Some(&RULE), r#", error="insufficient_scope", scope="c d""#),
        ] {
            let expected = format!(r#"Bearer realm="api"{between}{end}"#);
            assert_eq!(texts(&challenges, "/x", demand, rule), [expected], "{demand:?}");
        }
    }

    #[test]
    fn other_schemes_stand_beside_where_they_could_help() {
        let others = [Challenge::new("Basic").unwrap().with("realm", "old").unwrap()];
        let challenges = Challenges::new("a\"b", core::iter::empty(), &others).unwrap();
        let both = [r#"Bearer realm="a\"b""#, r#"Basic realm="old""#];
        assert_eq!(texts(&challenges, "/", Demand::Credential, None), both);
        assert_eq!(texts(&challenges, "/", Demand::WellFormed, None).len(), 1);
        assert_eq!(texts(&challenges, "/", Demand::Scopes(&["a"]), None).len(), 1);
    }
}
