use auth_runtime::{
    HasPolicy, Policy,
    account::{AccountRoutes, Part},
    policy::{Rule, Via},
    prelude::*,
};
use axum::{
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    middleware::from_fn,
    response::{Html, IntoResponse},
};

use crate::{
    App, admin, dues, events, outbox,
    pages::{self, View},
    register, sign_in,
};

/// Who does what in the club. Each role may also do what the ones above it here may.
#[derive(Role, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Member,
    #[role(implies = Member)]
    Organiser,
    #[role(implies = Organiser)]
    Treasurer,
    #[role(implies = Treasurer)]
    Admin,
}

/// The rule for everything below `/admin`. A handler there asks for more if it wants to, never for less.
pub(crate) struct Organisers;

impl HasPolicy for Organisers {
    const POLICY: Policy = Policy::protected("club::organisers")
        .with_via(Via::SESSION)
        .with_rule(Rule::Role(Role::Organiser.requirement()));
    type Checks = ();
}

/// Returns all pages. A developer's machine also shows the mails.
pub(crate) fn routes(is_development: bool) -> GuardedRouter<App> {
    let pages = GuardedRouter::new()
        .route("/", get(home))
        .route("/sign-in", get(sign_in::form))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/register", post(register::register))
        .route("/register/{invitation}", get(register::form))
        .route("/events", get(events::list).post(events::add))
        .route("/dues", get(dues::list))
        .route("/dues/{member}", post(dues::pay))
        .merge(administration());
    let pages = if is_development { pages.route("/outbox", get(outbox::outbox)) } else { pages };
    pages
        .route_layer(from_fn(pages::refusals))
        .route("/page.css", get(style))
        .merge(AccountRoutes::new().only([Part::BrowserSession]).into_router())
}

fn administration() -> GuardedRouter<App> {
    GuardedRouter::new()
        .route("/admin", get(admin::people))
        .route("/admin/invitations", post(admin::invite))
        .route("/admin/people/{id}/role", post(admin::set_role))
        .route("/admin/people/{id}/active", post(admin::set_active))
        .narrowed_by::<Organisers>()
}

#[public(because = "visitors read what the club is")]
async fn home(view: View) -> Html<String> {
    view.page("The club", pages::home(&view))
}

/// Browsers ask again before they use a stored file.
#[public(because = "it shows no data of a user")]
async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "no-cache")], include_str!("pages/page.css"))
}
