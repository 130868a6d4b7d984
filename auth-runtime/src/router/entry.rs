use crate::{
    auth::{Auth, WELL_KNOWN},
    limit::Quotas,
    policy::Policy,
};

use super::{
    callers, contradiction, describe, grouped,
    matrix::MatrixRow,
    method_router::{Declared, Methods},
    parameters,
};

/// A handler, service or router that was added to a router.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    path: String,
    openness: Openness,
    /// The policies that the handler names, and those of the routers around it, the innermost first.
    groups: Vec<&'static Policy>,
    /// The engine of the state, once the router has its state.
    auth: Option<Auth>,
}

#[derive(Clone, Debug)]
pub(super) enum Openness {
    Guarded(Declared),
    Service { reason: &'static str },
    Unguarded { reason: &'static str },
}

impl Entry {
    pub(super) const FALLBACK: &'static str = "(fallback)";

    pub(super) fn guarded(path: &str, handler: Declared) -> Self {
        let groups = handler.policy.named().to_vec();
        Self { path: path.to_owned(), openness: Openness::Guarded(handler), groups, auth: None }
    }

    pub(super) fn open(path: &str, openness: Openness) -> Self {
        Self { path: path.to_owned(), openness, groups: Vec::new(), auth: None }
    }

    /// Returns whether the entry answers the requests that no route of this router matches.
    pub(super) fn is_fallback(&self) -> bool {
        match self.openness {
            Openness::Guarded(_) => self.path == Self::FALLBACK,
            Openness::Service { .. } => self.path == "/",
            Openness::Unguarded { .. } => false,
        }
    }

    /// Returns the methods that the entry may answer. A router of others may have any, a service is for reading.
    #[cfg(feature = "web")]
    pub(super) fn methods(&self) -> Vec<&'static str> {
        match &self.openness {
            Openness::Guarded(Declared { methods: Methods::These(names), .. }) => names.clone(),
            Openness::Guarded(Declared { methods: Methods::Any, .. }) | Openness::Unguarded { .. } => {
                vec!["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
            }
            Openness::Service { .. } => vec!["GET", "HEAD"],
        }
    }

    /// Returns the path and the methods of a handler that answers only these.
    pub(super) fn own_methods(&self) -> Option<(&str, &[&'static str])> {
        match &self.openness {
            Openness::Guarded(Declared { methods: Methods::These(names), .. }) => Some((&self.path, names)),
            _ => None,
        }
    }

    /// Returns the name of the handler, or the path of an entry without a handler.
    pub(super) fn name(&self) -> String {
        self.policy().map_or_else(|| self.path.clone(), Policy::full_name)
    }

    /// Returns the path of a handler that has a path of its own: no fallback, no service and no other router.
    #[cfg(feature = "web")]
    pub(super) fn own_path(&self) -> Option<&str> {
        let is_route = matches!(self.openness, Openness::Guarded(_)) && !self.path.ends_with(Self::FALLBACK);
        is_route.then_some(&*self.path)
    }

    #[cfg(feature = "web")]
    pub(super) fn is_unguarded(&self) -> bool {
        matches!(self.openness, Openness::Unguarded { .. })
    }

    /// Returns whether the entry serves the metadata of protected resources.
    pub(super) fn is_metadata(&self) -> bool {
        self.path.starts_with(WELL_KNOWN)
    }

    pub(super) fn below(mut self, prefix: &str) -> Self {
        let prefix = prefix.trim_end_matches('/');
        self.path = match self.path.as_str() {
            "/" if !prefix.is_empty() => prefix.to_owned(),
            path if path.starts_with('/') => format!("{prefix}{path}"),
            path => format!("{prefix}/{path}"),
        };
        self
    }

    /// Adds the policy of a router around the entry.
    pub(super) fn narrow(&mut self, group: &'static Policy) {
        self.groups.push(group);
    }

    /// Returns whether the entry may answer requests that no route matches. Only a handler with a path of its own never
    /// does.
    pub(super) fn may_have_fallback(&self) -> bool {
        !matches!(self.openness, Openness::Guarded(_)) || self.path.ends_with(Self::FALLBACK)
    }

    /// Returns what makes the handler contradict the policies around it, with its name.
    pub(super) fn contradiction(&self) -> Option<String> {
        contradiction::of(self.policy(), &self.groups).map(|fault| format!("{} {fault}", self.name()))
    }

    fn policy(&self) -> Option<&'static Policy> {
        match &self.openness {
            Openness::Guarded(handler) => Some(handler.policy),
            Openness::Service { .. } | Openness::Unguarded { .. } => None,
        }
    }

    /// Returns the handler's own policy and those around it.
    pub(super) fn policies(&self) -> impl Iterator<Item = &'static Policy> {
        self.policy().into_iter().chain(self.groups.iter().copied())
    }

    /// Reports mistakes in the policies that the compiler cannot find.
    pub(super) fn tell_of_mistakes(&self) {
        for policy in self.policies() {
            parameters::tell_of_missing(&self.path, policy);
            callers::tell_of_constant_rule(&self.path, policy);
        }
    }

    /// Keeps the engine for the matrix, and reports, once, what the policies ask of it and it does not have.
    pub(super) fn meet(&mut self, auth: &Auth) {
        self.auth.get_or_insert_with(|| auth.clone());
        self.tell_of_kinds(auth);
    }

    /// Reports, once, a policy that asks for callers whom `auth` does not recognise.
    fn tell_of_kinds(&mut self, auth: &Auth) {
        if let Openness::Guarded(handler) = &mut self.openness
            && !handler.has_met_auth
        {
            handler.has_met_auth = true;
            callers::tell_of_kinds(&self.path, handler.policy, auth);
            self.groups.iter().for_each(|group| callers::tell_of_kinds(&self.path, group, auth));
        }
    }

    /// Returns the issuers for which the policies ask and that `auth` does not know, with the policy's name.
    pub(super) fn unknown_issuers(&self, auth: &Auth) -> Option<String> {
        let unknown: Vec<_> = self.policies().filter_map(|policy| callers::unknown_issuers(policy, auth)).collect();
        (!unknown.is_empty()).then(|| unknown.join("; "))
    }

    /// Returns the row of the matrix, where the router has these policies for all its routes, too.
    pub(super) fn row(&self, pending: &[&'static Policy]) -> MatrixRow {
        let mut row = self.own_row();
        let groups = [&*self.groups, pending].concat();
        if !groups.is_empty() {
            grouped::narrow(&mut row, self.policy(), &groups, self.methods_of_row());
        }
        row.limits = describe::limits(self.policy().into_iter().chain(groups), self.quotas());
        row
    }

    /// Returns the quotas that the engine sets in place of those of the policies.
    fn quotas(&self) -> Option<&Quotas> {
        self.auth.as_ref()?.limiter().quotas()
    }

    fn methods_of_row(&self) -> &Methods {
        match &self.openness {
            Openness::Guarded(handler) => &handler.methods,
            Openness::Service { .. } | Openness::Unguarded { .. } => &Methods::Any,
        }
    }

    fn own_row(&self) -> MatrixRow {
        let path = self.path.clone();
        match &self.openness {
            Openness::Guarded(Declared { methods, policy, has_layers, .. }) => MatrixRow {
                method: methods.to_string(),
                path,
                access: describe::access(policy),
                narrowed_by: Vec::new(),
                issuers: describe::issuers(policy),
                via: describe::via(policy),
                csrf: describe::csrf(policy, methods),
                limits: String::new(),
                body: describe::body(policy),
                csp: describe::csp(policy),
                reason: describe::reason(policy),
                handler: policy.full_name(),
                layers: *has_layers,
            },
            Openness::Service { reason } => MatrixRow::open(path, "everyone (service)", reason),
            Openness::Unguarded { reason } => MatrixRow::open(path, "UNGUARDED", reason),
        }
    }
}

impl MatrixRow {
    fn open(path: String, access: &str, reason: &str) -> Self {
        Self {
            method: Methods::Any.to_string(),
            path,
            access: access.to_owned(),
            narrowed_by: Vec::new(),
            issuers: Vec::new(),
            via: "-".to_owned(),
            csrf: "-".to_owned(),
            limits: String::new(),
            body: String::new(),
            csp: String::new(),
            reason: reason.to_owned(),
            handler: String::new(),
            layers: false,
        }
    }
}

/// Returns the issuers for which the policies of all entries ask and that `auth` does not know, in one sentence.
pub(super) fn unknown_issuers(entries: &[Entry], auth: &Auth) -> Option<String> {
    let unknown: Vec<_> = entries.iter().filter_map(|entry| entry.unknown_issuers(auth)).collect();
    (!unknown.is_empty()).then(|| {
        format!(
            "handlers ask for issuers that `Auth` does not know: {}; name them on the builder by `.known_issuer(…)` or \
            `.own_issuer_name(…)`",
            unknown.join("; ")
        )
    })
}
