use maud::{Markup, html};

use super::{View, picture::image};
use crate::shelf::Picture;

/// Returns the newest pictures, or where to join.
pub(crate) fn home(view: &View, pictures: &[Picture]) -> Markup {
    html! {
        @if view.who.is_none() {
            p { "Members show pictures to each other. " a href="/join" { "Join" } " to see them." }
        } @else if pictures.is_empty() {
            p { "There is no picture yet. " a href="/pictures" { "Show the first one." } }
        }
        ul class="pictures" {
            @for picture in pictures {
                li {
                    a href=(format!("/pictures/{}", picture.name)) { (image(picture)) }
                    " " (picture.shown_name) " by " (picture.owner_name)
                }
            }
        }
    }
}

/// The script sends this form as JSON, and shows a refusal on this page.
pub(crate) fn sign_in() -> Markup {
    html! {
        p id="trouble" class="trouble" role="alert" hidden {}
        form id="sign-in" {
            label { "User name or e-mail address" input name="username" autocomplete="username" required; }
            label { "Password" input name="password" type="password" autocomplete="current-password" required; }
            button { "Sign in" }
        }
    }
}
