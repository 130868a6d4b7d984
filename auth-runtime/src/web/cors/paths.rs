use std::sync::Arc;

use axum::{
    extract::Request,
    http::{HeaderValue, Method},
};

/// The methods of each path, as preflight requests are answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Paths(Arc<matchit::Router<HeaderValue>>);

impl Paths {
    /// axum has taken these paths already. A path that is refused here gets the methods of all routes.
    pub(super) fn of(paths: &[(String, Vec<Method>)]) -> Self {
        let mut router = matchit::Router::new();
        for (path, methods) in paths {
            let names: Vec<_> = methods.iter().map(Method::as_str).collect();
            if let Ok(value) = HeaderValue::try_from(names.join(",")) {
                let _taken = router.insert(path, value);
            }
        }
        Self(Arc::new(router))
    }

    /// Returns the methods at the request's path, if it is one of these.
    pub(super) fn methods_at(&self, request: &Request) -> Option<&HeaderValue> {
        self.0.at(request.uri().path()).ok().map(|found| found.value)
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn a_path_is_found_as_axum_finds_it() {
        let own = |path: &str, method| (path.to_owned(), vec![method]);
        let paths = Paths::of(&[
            own("/notes", Method::GET),
            own("/notes/{id}", Method::DELETE),
            own("/notes/new", Method::PUT),
            own("/files/{*path}", Method::POST),
            own("malformed{", Method::PATCH),
        ]);
        let at = |path: &str| {
            let request = Request::builder().uri(path).body(Body::empty()).unwrap();
            paths.methods_at(&request).map(|methods| methods.to_str().unwrap().to_owned())
        };
        assert_eq!(at("/notes?x=1").as_deref(), Some("GET"));
        assert_eq!(at("/notes/7").as_deref(), Some("DELETE"));
        assert_eq!(at("/notes/new").as_deref(), Some("PUT"));
        assert_eq!(at("/files/a/b").as_deref(), Some("POST"));
        for other in ["/", "/notes/", "/notes/7/x", "/files/", "/Notes"] {
            assert_eq!(at(other), None, "{other}");
        }
        assert_eq!(Paths::default().methods_at(&Request::new(Body::empty())), None);
    }
}
