use auth_runtime::{error::Failure, prelude::*, validate::Invalid};
use axum::{
    extract::State,
    http::Method,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    club::Club,
    endpoints::{Endpoints, Visitor},
    pages::{self, View},
    routes::Role,
};

/// An account in the list, as the endpoints of administration answer it.
#[derive(Deserialize)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) roles: Vec<String>,
    pub(crate) active: bool,
    /// Whether the person has not used the invitation yet.
    pub(crate) pending: bool,
}

/// A page of the list.
#[derive(Default, Deserialize)]
pub(crate) struct People {
    pub(crate) accounts: Vec<Person>,
    /// The `after` of the next page.
    pub(crate) next: Option<String>,
}

#[derive(Default, Deserialize)]
pub(crate) struct Search {
    /// A part of the e-mail address.
    #[serde(default)]
    pub(crate) search: String,
    after: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Invitation {
    email: String,
    role: String,
}

#[derive(Deserialize)]
pub(crate) struct NewRole {
    role: String,
}

#[derive(Deserialize)]
pub(crate) struct Active {
    active: bool,
}

/// What the handlers of this page need.
#[derive(axum::extract::FromRequestParts)]
#[from_request(state(crate::App))]
pub(crate) struct Desk {
    view: View,
    visitor: Visitor,
    #[from_request(via(State))]
    endpoints: Endpoints,
    #[from_request(via(State))]
    club: Club,
}

#[protected(via(session))]
pub(crate) async fn people(desk: Desk, Query(search): Query<Search>) -> Result<Response, Failure> {
    desk.page(&search, None).await
}

/// Invites a person. The endpoint refuses a role that the caller does not have.
#[protected(via(session))]
#[body(max = 16 KiB, within = 10 s)]
pub(crate) async fn invite(desk: Desk, Form(sent): Form<Invitation>) -> Result<Response, Failure> {
    let body = json!({ "email": sent.email, "roles": [sent.role] });
    desk.change(Method::POST, "/auth/admin/invitations", body).await
}

/// Replaces a person's role. The endpoint refuses a role that the caller does not have, and an account that has one.
#[protected(via(session))]
#[body(max = 16 KiB, within = 10 s)]
pub(crate) async fn set_role(
    desk: Desk,
    Path(id): Path<String>,
    Form(sent): Form<NewRole>,
) -> Result<Response, Failure> {
    desk.change(Method::PUT, &account(&id, "roles"), json!({ "roles": [sent.role] })).await
}

/// Deactivates a person, which ends their sessions, or activates them again. More than the rule of the group:
/// administrators alone.
#[protected(via(session))]
#[require_role(Role::Admin)]
#[body(max = 16 KiB, within = 10 s)]
pub(crate) async fn set_active(
    desk: Desk,
    Path(id): Path<String>,
    Form(sent): Form<Active>,
) -> Result<Response, Failure> {
    desk.change(Method::PUT, &account(&id, "active"), json!({ "active": sent.active })).await
}

/// Returns the path of an endpoint. The identifier comes from the address, so it is encoded.
fn account(id: &str, member: &str) -> String {
    let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
    format!("/auth/admin/accounts/{id}/{member}")
}

impl Search {
    /// Returns the path of the endpoint, with the filters that are set: it refuses an empty one.
    fn endpoint(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("search", Some(&self.search)), ("after", self.after.as_ref())] {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                query.append_pair(name, value);
            }
        }
        format!("/auth/admin/accounts?{}", query.finish())
    }
}

impl Desk {
    /// Makes a change, and shows the list with it. A change that was refused shows the list with the reason.
    async fn change(self, method: Method, path: &str, body: Value) -> Result<Response, Failure> {
        match self.endpoints.call(&self.visitor, method, path, body).await {
            Ok(_) => Ok(Redirect::to("/admin").into_response()),
            Err(refused) => self.page(&Search::default(), Some(refused)).await,
        }
    }

    async fn page(self, search: &Search, refused: Option<Invalid>) -> Result<Response, Failure> {
        let (people, refused) =
            match self.endpoints.call(&self.visitor, Method::GET, &search.endpoint(), Value::Null).await {
                Ok(answer) => (serde_json::from_value(answer.document)?, refused),
                Err(unlisted) => (People::default(), Some(refused.unwrap_or(unlisted))),
            };
        let members = self.club.by_user().await?;
        let content = pages::people(&self.view, search, &people, &members, refused.as_ref());
        let page = self.view.page("People", content);
        Ok(match refused {
            Some(refused) => (refused.problem().status(), page).into_response(),
            None => page.into_response(),
        })
    }
}
