use core::{
    any::type_name,
    num::{NonZeroU32, NonZeroU64},
    time::Duration,
};

use super::{
    Access, CheckPath, CspOverride, IssuerName, Limit, Protection, Rule, Via,
    number::{in_seconds, positive},
};

/// A type that represents one handler's policy.
///
/// The attributes write the implementation. By hand it is three lines, and the handler takes a `Guard` of the type as
/// its first argument:
///
/// ```
/// use auth_runtime::{HasPolicy, Policy, policy::Rule};
///
/// struct ReadReports;
/// impl HasPolicy for ReadReports {
///     const POLICY: Policy = Policy::protected("reports::read").with_rule(Rule::scope("reports:read"));
///     type Checks = ();
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no policy",
    label = "not a policy",
    note = "declare the policy with an attribute on the handler, such as `#[protected]`, or implement `HasPolicy`"
)]
pub trait HasPolicy: Send + Sync + 'static {
    /// The handler's requirements.
    const POLICY: Policy;
    /// The checks that the rule refers to by index: `()` for no check, else `(First, (Second, ()))`.
    type Checks;
}

/// All requirements on a request before its handler runs.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    handler: &'static str,
    /// The name of the policy's type, which includes the type arguments of a generic handler.
    instance: Option<fn() -> &'static str>,
    access: Access,
    limits: &'static [Limit],
    pub(super) max_body_bytes: Option<NonZeroU64>,
    /// Seconds.
    pub(super) max_body_time: Option<NonZeroU32>,
    check_paths: &'static [CheckPath],
    csp: Option<&'static CspOverride>,
    named: &'static [&'static Policy],
}

impl Policy {
    /// Creates a policy that admits every caller. `handler` names the handler in the matrix, in events and in limit
    /// keys.
    pub const fn public(handler: &'static str) -> Self {
        Self::new(handler, Access::Public { reason: None })
    }

    /// Creates a policy that admits every authenticated caller, unless a [rule](Self::with_rule) requires more.
    pub const fn protected(handler: &'static str) -> Self {
        Self::new(handler, Access::Protected(Protection::ANY_CALLER))
    }

    const fn new(handler: &'static str, access: Access) -> Self {
        Self {
            handler,
            instance: None,
            access,
            limits: &[],
            max_body_bytes: None,
            max_body_time: None,
            check_paths: &[],
            csp: None,
            named: &[],
        }
    }

    /// Sets the reason why a public handler is public, for the access matrix.
    ///
    /// # Panics
    /// Panics on a protected policy, and when `reason` is blank. In a constant, the panic is a compile error.
    #[must_use]
    #[doc(alias = "because")]
    #[track_caller]
    pub const fn with_reason(mut self, reason: &'static str) -> Self {
        assert!(matches!(self.access, Access::Public { .. }), "only a public policy says why it is public");
        assert!(!reason.trim_ascii().is_empty(), "the reason is blank: say why every caller may call, or leave it out");
        self.access = Access::Public { reason: Some(reason) };
        self
    }

    /// Accepts only these kinds of credential.
    ///
    /// # Panics
    /// Panics on a public policy. Panics also when the policy has a CSRF exemption and `via` does not accept sessions.
    /// In a constant, the panic is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn with_via(mut self, via: Via) -> Self {
        let protection = self.expect_protection().with_via(via);
        assert!(protection.is_consistent(), "only where a session's cookie is accepted is there something to exempt");
        self.access = Access::Protected(protection);
        self
    }

    /// Admits only callers for whom one of these issuers vouches.
    ///
    /// # Panics
    /// Panics on a public policy and on an empty list. In a constant, the panic is a compile error.
    #[must_use]
    #[doc(alias = "issuer")]
    #[track_caller]
    pub const fn with_issuers(mut self, issuers: &'static [IssuerName]) -> Self {
        assert!(!issuers.is_empty(), "a policy without issuers admits no caller: name one, or leave them out");
        self.access = Access::Protected(self.expect_protection().with_issuers(issuers));
        self
    }

    /// Sets the maximum age of the caller's login. By default, any age is accepted.
    ///
    /// # Panics
    /// Panics on a public policy. Panics also unless `age` is a whole number of seconds, from 1 to `u32::MAX`. In a
    /// constant, the panic is a compile error.
    #[must_use]
    #[doc(alias = "fresh")]
    #[track_caller]
    pub const fn with_max_login_age(self, age: Duration) -> Self {
        self.with_max_login_seconds(in_seconds(age).get())
    }

    /// Does the same as [`with_max_login_age`](Self::with_max_login_age). The attributes call it, because a number
    /// costs less time to compile than a `Duration`.
    #[doc(hidden)]
    #[must_use]
    #[track_caller]
    pub const fn with_max_login_seconds(mut self, seconds: u32) -> Self {
        self.access = Access::Protected(self.expect_protection().with_max_login_age(positive(seconds)));
        self
    }

    /// Sets the rule that must hold for the caller.
    ///
    /// # Panics
    /// Panics on a public policy. In a constant, the panic is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn with_rule(mut self, rule: Rule) -> Self {
        self.access = Access::Protected(self.expect_protection().with_rule(rule));
        self
    }

    /// Accepts a session's cookie even in requests that other sites cause. `reason` states why that does no harm: the
    /// handler changes nothing, or requires its own proof. Bearer tokens and API keys need no exemption, because
    /// browsers do not attach them automatically.
    ///
    /// # Panics
    /// Panics without a reason, on a public policy, and when sessions are not accepted. In a constant, the panic is a
    /// compile error.
    #[must_use]
    #[track_caller]
    pub const fn with_csrf_exemption(mut self, reason: &'static str) -> Self {
        assert!(!reason.trim_ascii().is_empty(), "the reason is blank: say why the exemption does no harm");
        let protection = self.expect_protection().with_csrf_exemption(reason);
        assert!(protection.is_consistent(), "only where a session's cookie is accepted is there something to exempt");
        self.access = Access::Protected(protection);
        self
    }

    /// Sets the limits on how often the handler may be called.
    #[must_use]
    pub const fn with_limits(mut self, limits: &'static [Limit]) -> Self {
        self.limits = limits;
        self
    }

    /// Sets what the handler changes in the service's Content Security Policy. It needs
    /// [`web::SecurityHeaders`](crate::web::SecurityHeaders) around the router: without that layer, the guard answers
    /// 500.
    ///
    /// # Panics
    /// Panics when a source needs a reason and has no reason. A source needs one if it lets injected code run, or lets
    /// all pages show this one in a frame. In a constant, the panic is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn with_csp(mut self, csp: &'static CspOverride) -> Self {
        assert!(csp.reason().is_some() || !csp.needs_reason(), "a source that opens the page to others needs a reason");
        self.csp = Some(csp);
        self
    }

    /// Shows the parameters of the generic type `P` after the handler's name in the access matrix. `P` is the type that
    /// represents this policy.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_parameters_of<P>(mut self) -> Self {
        self.instance = Some(type_name::<P>);
        self
    }

    /// Sets the requirements of the rule's checks on the handler's route. The router compares them with the route.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_check_paths(mut self, paths: &'static [CheckPath]) -> Self {
        self.check_paths = paths;
        self
    }

    /// Names the policies that the guard asks before this one, for the access matrix. The type of the checks makes the
    /// guard ask them.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_named(mut self, policies: &'static [&'static Policy]) -> Self {
        self.named = policies;
        self
    }

    /// Returns the handler's name: its module path and function name.
    pub const fn handler(&self) -> &'static str {
        self.handler
    }

    /// Returns who may call.
    pub const fn access(&self) -> &Access {
        &self.access
    }

    /// Returns whether the session's cookie counts also in requests that other sites cause.
    pub(crate) const fn is_csrf_exempt(&self) -> bool {
        match &self.access {
            Access::Protected(protection) => protection.csrf_exemption().is_some(),
            Access::Public { .. } => false,
        }
    }

    /// Returns the limits on how often the handler may be called.
    pub const fn limits(&self) -> &'static [Limit] {
        self.limits
    }

    /// Returns what the handler changes in the service's Content Security Policy.
    pub const fn csp(&self) -> Option<&'static CspOverride> {
        self.csp
    }

    /// Returns the handler's name with the type arguments of a generic handler: `app::list<app::Note>`.
    pub(crate) fn full_name(&self) -> String {
        let instance = self.instance.map_or("", |name| parameters(name()));
        format!("{}{instance}", self.handler)
    }

    /// Returns whether a type with this name is the handler's function. Its path may lead through other functions.
    pub(crate) fn is_of_function(&self, type_name: &str) -> bool {
        let path = type_name.split_once('<').map_or(type_name, |(path, _)| path);
        let Some((module, function)) = self.handler.rsplit_once("::") else {
            return false;
        };
        let below = path.strip_prefix(module).and_then(|below| below.strip_prefix("::"));
        below.is_some_and(|below| below.rsplit("::").next() == Some(function))
    }

    /// Returns the policies that an attribute names, and that hold besides.
    pub(crate) const fn named(&self) -> &'static [&'static Policy] {
        self.named
    }

    pub(crate) const fn check_paths(&self) -> &'static [CheckPath] {
        self.check_paths
    }

    #[track_caller]
    const fn expect_protection(&self) -> Protection {
        match self.access {
            Access::Protected(protection) => protection,
            #[expect(clippy::panic, reason = "evaluated when the policy constant is compiled")]
            Access::Public { .. } => panic!("a public policy demands nothing of its caller"),
        }
    }
}

/// Returns the last angle brackets of a type's name, with their content. The path before them may have brackets of its
/// own.
fn parameters(type_name: &str) -> &str {
    let mut depth = 0_u32;
    for (at, sign) in type_name.char_indices().rev() {
        match sign {
            '>' if !type_name.get(..at).is_some_and(|before| before.ends_with('-')) => depth = depth.saturating_add(1),
            '<' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return type_name.get(at..).filter(|_| sign == '<').unwrap_or_default();
        }
    }
    ""
}

#[cfg(test)]
mod tests;
