use axum::http::Method;

use super::entry::Entry;

/// The methods that routes have, for the answers to preflight requests.
#[derive(Clone, Debug, Default)]
pub struct RouteMethods {
    /// The methods of all routes, each once.
    all: Vec<Method>,
    /// The methods of each path. It is empty where a router without policies may answer at any path.
    of_paths: Vec<(String, Vec<Method>)>,
}

impl RouteMethods {
    pub(super) fn of(entries: &[Entry]) -> Self {
        let mut routes = Self::default();
        for entry in entries {
            let methods: Vec<_> =
                entry.methods().into_iter().filter_map(|name| Method::from_bytes(name.as_bytes()).ok()).collect();
            add(&mut routes.all, &methods);
            if let Some(path) = entry.own_path() {
                match routes.of_paths.iter_mut().find(|(known, _)| known == path) {
                    Some((_, known)) => add(known, &methods),
                    None => routes.of_paths.push((path.to_owned(), methods)),
                }
            }
        }
        // axum joins the methods of a path, so another router may have more of them.
        if entries.iter().any(Entry::is_unguarded) {
            routes.of_paths.clear();
        }
        routes
    }

    pub(crate) fn all(&self) -> &[Method] {
        &self.all
    }

    pub(crate) fn of_paths(&self) -> &[(String, Vec<Method>)] {
        &self.of_paths
    }
}

fn add(methods: &mut Vec<Method>, more: &[Method]) {
    for method in more {
        if !methods.contains(method) {
            methods.push(method.clone());
        }
    }
}
