use auth_runtime::{error::Failure, prelude::*};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
    response::{Html, IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, html};

use crate::{App, routes::Role};

/// What every page has: who reads it, if the reader is signed in.
pub(crate) struct View {
    who: Option<Reader>,
}

struct Reader {
    identity: Identity,
    name: String,
}

impl FromRequestParts<App> for View {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let identity = <Identity as OptionalFromRequestParts<App>>::from_request_parts(parts, app).await;
        let Some(identity) = identity.map_err(IntoResponse::into_response)? else { return Ok(Self { who: None }) };
        let name = app.club.name(identity.subject()).await.map_err(|error| Failure::from(error).into_response())?;
        Ok(Self { who: Some(Reader { identity, name: name.unwrap_or_default() }) })
    }
}

impl View {
    pub(crate) const fn is_signed_in(&self) -> bool {
        self.who.is_some()
    }

    /// Returns whether the reader holds the role. A page leaves out useless links; the guard of a handler decides.
    pub(crate) fn holds(&self, role: Role) -> bool {
        self.who.as_ref().is_some_and(|reader| reader.identity.holds(role))
    }

    /// Returns whether the account is the reader's own.
    pub(crate) fn is(&self, user: &str) -> bool {
        self.who.as_ref().is_some_and(|reader| reader.identity.subject() == user)
    }

    pub(crate) fn page(&self, title: &str, content: Markup) -> Html<String> {
        let links = html! {
            @if let Some(reader) = &self.who {
                @for (role, path, label) in LINKS {
                    @if self.holds(role) { a href=(path) { (label) } }
                }
                strong id="who" { (reader.name) }
                form action="/sign-out" method="post" { button { "Sign out" } }
            } @else {
                a href="/sign-in" { "Sign in" }
            }
        };
        page(title, links, content)
    }
}

/// The pages beside the first one, each with the role that its guard asks for.
const LINKS: [(Role, &str, &str); 3] =
    [(Role::Member, "/events", "Events"), (Role::Treasurer, "/dues", "Dues"), (Role::Organiser, "/admin", "People")];

/// Writes a page. It has no script.
pub(super) fn page(title: &str, links: Markup, content: Markup) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href="/page.css";
            }
            body {
                header {
                    a href="/" { "Club" }
                    (links)
                }
                main {
                    h1 { (title) }
                    (content)
                }
            }
        }
    };
    Html(page.into_string())
}
