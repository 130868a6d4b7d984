use auth_runtime::{prelude::*, web::CspNonce};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
    response::{Html, IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, html};

use crate::App;

/// What every page has: the signed-in member, if there is one, and the nonce of the answer.
pub(crate) struct View {
    pub(crate) who: Option<CurrentUser<Account>>,
    nonce: CspNonce,
}

impl FromRequestParts<App> for View {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let nonce = <CspNonce as FromRequestParts<App>>::from_request_parts(parts, app).await;
        let who = <CurrentUser<Account> as OptionalFromRequestParts<App>>::from_request_parts(parts, app).await;
        Ok(Self { who: who.map_err(IntoResponse::into_response)?, nonce: nonce.map_err(IntoResponse::into_response)? })
    }
}

impl View {
    pub(crate) fn page(&self, title: &str, content: Markup) -> Html<String> {
        let links = html! {
            @if let Some(member) = &self.who {
                a href="/pictures" { "Show pictures" }
                strong id="who" { (member.username) }
                button id="sign-out" { "Sign out" }
            } @else {
                a href="/join" { "Join" }
                a href="/sign-in" { "Sign in" }
            }
        };
        page(&self.nonce, title, links, content)
    }
}

/// Writes a page. Its script runs by the nonce; a script that a text brings along does not.
pub(super) fn page(nonce: &CspNonce, title: &str, links: Markup, content: Markup) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href="/page.css";
                script nonce=(nonce) src="/page.js" defer {}
            }
            body {
                header {
                    a href="/" { "Gallery" }
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
