use auth_runtime::validate::Invalid;
use maud::{Markup, html};

use super::{
    View,
    fields::{input, trouble},
};
use crate::{
    club::{Event, Member},
    outbox::Mail,
    routes::Role,
};

/// Returns the first page.
pub(crate) fn home(view: &View) -> Markup {
    html! {
        p { "We meet, and each of us came by an invitation." }
        @if !view.is_signed_in() { p { "Members " a href="/sign-in" { "sign in" } "." } }
    }
}

/// Returns the events, and a form for those who organise them. `sent` is an event that was refused.
pub(crate) fn events(view: &View, events: &[Event], sent: Option<&Invalid>) -> Markup {
    html! {
        @if events.is_empty() { p { "There is no event yet." } }
        ul id="events" {
            @for event in events { li { time { (event.day) } " " (event.title) } }
        }
        @if view.holds(Role::Organiser) {
            (trouble(sent.map(|sent| sent.problem().title())))
            form id="event" action="/events" method="post" novalidate {
                (input(sent, "day", "Day", "date"))
                (input(sent, "title", "What", "text"))
                button { "Announce" }
            }
        }
    }
}

/// Returns the payments.
pub(crate) fn dues(members: &[Member]) -> Markup {
    html! {
        ul id="dues" {
            @for member in members {
                li {
                    (member.display_name) ", member since " (member.member_since) ": "
                    @if member.paid { "paid" } @else {
                        form action=(format!("/dues/{}", member.user)) method="post" { button { "Has paid" } }
                    }
                }
            }
        }
    }
}

/// Returns the mails of a developer's machine.
pub(crate) fn outbox(mails: &[Mail]) -> Markup {
    html! {
        ul id="outbox" {
            @for mail in mails { li { (mail.to) ": " a href=(mail.link) { "Open the account" } } }
        }
    }
}
