use std::collections::HashMap;

use auth_runtime::validate::Invalid;
use maud::{Markup, html};

use super::{
    View,
    fields::{input, trouble},
    refusals::sign_in_first,
};
use crate::{
    admin::{People, Person, Search},
    club::Member,
    endpoints::STALE,
    routes::Role,
};

/// Returns the accounts, with what can be done to them. `refused` is the reason why a change was not made.
pub(crate) fn people(
    view: &View,
    search: &Search,
    people: &People,
    members: &HashMap<String, Member>,
    refused: Option<&Invalid>,
) -> Markup {
    let more = people.next.as_ref().map(|after| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("search", &search.search).append_pair("after", after);
        format!("/admin?{}", query.finish())
    });
    html! {
        (trouble(refused.map(|refused| refused.problem().title())))
        @for error in refused.iter().flat_map(|refused| refused.problem().errors()) {
            p class="fault" { (error.message) }
        }
        @if refused.is_some_and(|refused| refused.problem().code() == STALE) { (sign_in_first("/admin")) }
        form id="search" action="/admin" {
            label { "Part of an address" input name="search" value=(search.search); }
            button { "Search" }
        }
        ul id="people" {
            @for person in &people.accounts { (row(view, person, members.get(&person.id))) }
        }
        @if let Some(more) = more { p { a href=(more) { "More" } } }
        h2 { "Invite" }
        form id="invite" action="/admin/invitations" method="post" novalidate {
            (input(None, "email", "E-mail address", "email"))
            label { "Role" (roles(&[])) }
            button { "Invite" }
        }
    }
}

fn row(view: &View, person: &Person, member: Option<&Member>) -> Markup {
    let page = format!("/admin/people/{}", person.id);
    html! {
        li {
            @if let Some(member) = member { strong { (member.display_name) } " " }
            (person.email) " "
            @if person.pending { "(invited) " } @else if !person.active { "(deactivated) " }
            form action=(format!("{page}/role")) method="post" {
                label { "Role" (roles(&person.roles)) }
                button { "Give" }
            }
            @if view.holds(Role::Admin) && !person.pending && !view.is(&person.id) {
                form action=(format!("{page}/active")) method="post" {
                    input type="hidden" name="active" value=(!person.active);
                    button { @if person.active { "Deactivate" } @else { "Activate" } }
                }
            }
        }
    }
}

fn roles(held: &[String]) -> Markup {
    html! {
        select name="role" {
            @for name in Role::NAMES {
                option value=(name) selected[held.iter().any(|held| held == name)] { (name) }
            }
        }
    }
}
