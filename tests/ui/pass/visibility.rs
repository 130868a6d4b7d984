#![deny(warnings, unreachable_pub, unused_qualifications)]

use auth_runtime::{Auth, GuardedRouter, routing::get};
use auth_tests::demands;
use axum::extract::FromRef;

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
}

mod handlers {
    use auth_runtime::{Role, authorize, check, protected, public, require_role};

    #[derive(Role)]
    enum Private {
        Admin,
    }

    pub(crate) mod roles {
        #[derive(auth_runtime::Role)]
        pub(in crate::handlers) enum Restricted {
            Member,
            #[role(implies = Member)]
            Admin,
        }
    }

    #[check]
    async fn owns_post() -> bool {
        true
    }

    pub(crate) mod checks {
        #[auth_runtime::check]
        pub(in crate::handlers) async fn owns_note() -> bool {
            true
        }
    }

    #[protected]
    pub(crate) async fn in_crate() {}

    #[require_role(Private::Admin)]
    pub(super) async fn in_parent() {}

    #[authorize(check(owns_post) || check(checks::owns_note) || role(roles::Restricted::Member))]
    pub(crate) async fn in_path() {}

    #[public]
    async fn private() {}

    pub(crate) fn routes() -> auth_runtime::GuardedRouter<super::App> {
        auth_runtime::GuardedRouter::new().route("/private", auth_runtime::routing::get(private))
    }
}

fn main() {
    #[auth_runtime::protected]
    async fn in_a_function() {}

    let _app: GuardedRouter<App> = handlers::routes()
        .route("/a", get(handlers::in_crate))
        .route("/b", get(handlers::in_parent))
        .route("/c", get(handlers::in_path))
        .route("/d", get(in_a_function));
    assert_eq!(demands::<__in_a_function_policy>(), "authenticated");
    assert_eq!(
        demands::<handlers::__in_path_policy>(),
        "any(check(owns_post), check(checks::owns_note), role(member|admin))"
    );
}
