use auth_runtime::prelude::*;
use axum::{extract::State, http::StatusCode};
use serde::Deserialize;

use crate::{
    App,
    notes::{Note, Notes, NotesError},
};

#[derive(Role)]
pub(crate) enum Role {
    Member,
    #[role(implies = Member)]
    Admin,
}

pub(crate) fn routes() -> GuardedRouter<App> {
    GuardedRouter::new()
        .route("/health", get(health))
        .route("/notes", get(list_notes).post(add_note))
        .route("/notes/{id}", get(read_note).delete(delete_note))
        .route("/admin/notes", get(all_notes))
        .merge(auth_runtime::health::routes())
        .merge(account::routes())
}

#[public(because = "load balancer probe")]
async fn health() -> &'static str {
    "ok"
}

#[protected]
async fn list_notes(who: Identity, State(notes): State<Notes>) -> Result<Json<Vec<Note>>, NotesError> {
    Ok(Json(notes.of(who.subject()).await?))
}

#[derive(Deserialize)]
struct NewNote {
    text: String,
}

#[protected]
#[rate_limit(5/min, by = user)]
#[body(max = 64 KiB)]
async fn add_note(
    who: Identity,
    State(notes): State<Notes>,
    Json(note): Json<NewNote>,
) -> Result<(StatusCode, Json<Note>), NotesError> {
    Ok((StatusCode::CREATED, Json(notes.add(who.subject(), &note.text).await?)))
}

/// Passes if the caller owns the note.
#[check]
async fn owns_note(who: Identity, Path(id): Path<i64>, State(notes): State<Notes>) -> Result<bool, NotesError> {
    Ok(notes.owner(id).await?.is_some_and(|owner| owner == who.subject()))
}

#[authorize(role(Role::Admin) || check(owns_note))]
async fn read_note(Path(id): Path<i64>, State(notes): State<Notes>) -> Result<Json<Note>, NotesError> {
    Ok(Json(notes.read(id).await?))
}

#[authorize(check(owns_note))]
async fn delete_note(Path(id): Path<i64>, State(notes): State<Notes>) -> Result<StatusCode, NotesError> {
    notes.delete(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[require_role(Role::Admin)]
async fn all_notes(State(notes): State<Notes>) -> Result<Json<Vec<Note>>, NotesError> {
    Ok(Json(notes.all().await?))
}
