use auth_runtime::validate::Invalid;
use maud::{Markup, html};

use super::fields::{input, text, trouble};

/// Returns the form of a new member. The server judges all fields at once, so the browser leaves them alone
/// (`novalidate`).
pub(crate) fn join(sent: Option<&Invalid>) -> Markup {
    html! {
        (trouble(sent.map(|sent| sent.problem().title()), None))
        form id="join" action="/join" method="post" novalidate {
            (input(sent, "username", "User name", "text"))
            (input(sent, "email", "E-mail address", "email"))
            (input(sent, "password", "Password", "password"))
            (input(sent, "website", "Web site", "url"))
            (text(sent, "about", "About you"))
            button { "Open the account" }
        }
    }
}
