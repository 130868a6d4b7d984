use auth_runtime::{error::Failure, prelude::*};
use axum::{
    extract::State,
    response::{Html, Redirect},
};

use crate::{
    club::Club,
    pages::{self, View},
    routes::Role,
};

#[protected(via(session))]
#[require_role(Role::Treasurer)]
pub(crate) async fn list(view: View, State(club): State<Club>) -> Result<Html<String>, Failure> {
    Ok(view.page("Dues", pages::dues(&club.members().await?)))
}

#[protected(via(session))]
#[require_role(Role::Treasurer)]
#[rate_limit(60/min, by = user)]
pub(crate) async fn pay(Path(member): Path<String>, State(club): State<Club>) -> Result<Redirect, Failure> {
    club.pay(&member).await?;
    Ok(Redirect::to("/dues"))
}
