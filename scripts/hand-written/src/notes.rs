use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};

use crate::{
    caller::{Admin, Caller},
    database::{Database, on},
    problem::{Answer, Problem},
};

#[derive(Serialize, sqlx::FromRow)]
pub(crate) struct Note {
    id: i64,
    owner: String,
    text: String,
}

#[derive(Deserialize)]
pub(crate) struct NewNote {
    text: String,
}

pub(crate) async fn list(caller: Caller, State(database): State<Database>) -> Answer<Json<Vec<Note>>> {
    let of = "SELECT id, owner, text FROM notes WHERE owner = $1 ORDER BY id";
    Ok(Json(on!(&database, pool => sqlx::query_as(of).bind(&caller.id).fetch_all(pool))?))
}

pub(crate) async fn all(_: Admin, State(database): State<Database>) -> Answer<Json<Vec<Note>>> {
    let all = "SELECT id, owner, text FROM notes ORDER BY id";
    Ok(Json(on!(&database, pool => sqlx::query_as(all).fetch_all(pool))?))
}

pub(crate) async fn add(
    caller: Caller,
    State(database): State<Database>,
    Json(note): Json<NewNote>,
) -> Answer<(StatusCode, Json<Note>)> {
    let add = "INSERT INTO notes (owner, text) VALUES ($1, $2) RETURNING id, owner, text";
    let note = on!(&database, pool => sqlx::query_as(add).bind(&caller.id).bind(&note.text).fetch_one(pool))?;
    Ok((StatusCode::CREATED, Json(note)))
}

pub(crate) async fn read(caller: Caller, State(database): State<Database>, Path(id): Path<i64>) -> Answer<Json<Note>> {
    let read = "SELECT id, owner, text FROM notes WHERE id = $1";
    let note: Option<Note> = on!(&database, pool => sqlx::query_as(read).bind(id).fetch_optional(pool))?;
    match note {
        Some(note) if caller.is_admin() || note.owner == caller.id => Ok(Json(note)),
        None if caller.is_admin() => Err(Problem::NO_NOTE),
        _ => Err(Problem::FORBIDDEN),
    }
}

pub(crate) async fn delete(
    caller: Caller,
    State(database): State<Database>,
    Path(id): Path<i64>,
) -> Answer<StatusCode> {
    let delete = "DELETE FROM notes WHERE id = $1 AND owner = $2 RETURNING id";
    let deleted: Option<i64> =
        on!(&database, pool => sqlx::query_scalar(delete).bind(id).bind(&caller.id).fetch_optional(pool))?;
    if deleted.is_some() { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::FORBIDDEN) }
}
