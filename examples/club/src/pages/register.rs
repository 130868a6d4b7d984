use auth_runtime::{
    account::OwnPath,
    secrecy::{ExposeSecret, SecretString},
    validate::Invalid,
};
use maud::{Markup, html};

use super::fields::{input, trouble};

/// Returns the form of an invited person. The server judges all fields at once, so the browser leaves them alone.
pub(crate) fn register(invitation: &SecretString, sent: Option<&Invalid>) -> Markup {
    html! {
        (trouble(sent.map(|sent| sent.problem().title())))
        form id="register" class="tall" action="/register" method="post" novalidate {
            input type="hidden" name="invitation" value=(invitation.expose_secret());
            (input(sent, "email", "E-mail address", "email"))
            (input(sent, "password", "Password", "password"))
            (input(sent, "display_name", "Name", "text"))
            (input(sent, "member_since", "Member since", "number"))
            button { "Open the account" }
        }
    }
}

/// The form goes to an endpoint of the framework, which leads back to `back`, or here with the code of its refusal.
pub(crate) fn sign_in(message: &str, back: Option<&OwnPath>) -> Markup {
    html! {
        (trouble((!message.is_empty()).then_some(message)))
        form id="sign-in" class="tall" action="/auth/session" method="post" {
            @if let Some(back) = back { input type="hidden" name="return_to" value=(back.as_str()); }
            label { "E-mail address" input name="username" type="email" autocomplete="username" required; }
            label { "Password" input name="password" type="password" autocomplete="current-password" required; }
            button { "Sign in" }
        }
    }
}
