use axum::http::StatusCode;
use serde::{Deserialize, Serialize, Serializer};

use crate::{
    account::{
        NewUser,
        answer::{error_response::ErrorResponse, report::OrReport as _},
        policies,
    },
    clock::{UnixTime, rfc3339},
    error::{FieldError, Problem},
    extract::{Json, Path, Query},
    guard::Guard,
    store::{Account, AccountQuery, Profile},
};

use super::{
    administrator::Administrator,
    change::Change,
    creation::{demand_mail, with_a_name_twice},
    problems::answer,
};

/// The parameters of a list. Unknown ones are refused: with a misspelled filter, the list would show too many accounts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    search: Option<String>,
    after: Option<String>,
    #[serde(default = "default_limit")]
    limit: u32,
    active: Option<bool>,
    superuser: Option<bool>,
    pending: Option<bool>,
    role: Option<String>,
}

const fn default_limit() -> u32 {
    50
}

/// An account, as an administrator sees it. The hash is not part of it.
#[derive(Serialize)]
pub(super) struct View {
    #[serde(flatten)]
    profile: Profile,
    /// Whether the account waits for its owner: an invitation was not accepted, or a registration not finished.
    pending: bool,
    /// Until when the account is locked after too many wrong passwords; `null` if it is not.
    #[serde(serialize_with = "rfc3339_or_null")]
    locked_until: Option<UnixTime>,
}

impl View {
    fn of(account: &Account, locked_until: Option<UnixTime>) -> Self {
        Self { profile: account.profile(), pending: account.pending_until.is_some(), locked_until }
    }
}

fn rfc3339_or_null<S: Serializer>(time: &Option<UnixTime>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => rfc3339(time, serializer),
        None => serializer.serialize_none(),
    }
}

#[derive(Serialize)]
pub(super) struct Page {
    accounts: Vec<View>,
    /// The `after` of the next page; `null` on the last one.
    next: Option<String>,
}

/// `GET /accounts`: lists accounts, by page, in the order of their identifiers.
pub(super) async fn list(
    _: Guard<policies::ListAccounts>,
    administrator: Administrator,
    Query(filter): Query<Filter>,
) -> Result<Json<Page>, ErrorResponse> {
    let query = query(filter)?;
    let administration = &administrator.administration;
    let accounts = administration.list(&query).await.or_report()?;
    let locks = administration.locked_until(accounts.iter().map(|account| &account.id)).await.or_report()?;
    let is_full = u32::try_from(accounts.len()).is_ok_and(|count| count >= query.limit);
    let next = accounts.last().filter(|_| is_full).map(|account| account.id.clone());
    let views = accounts.iter().zip(locks).map(|(account, locked_until)| View::of(account, locked_until));
    Ok(Json(Page { accounts: views.collect(), next }))
}

fn query(filter: Filter) -> Result<AccountQuery, Problem> {
    const MOST: u32 = AccountQuery::MOST;
    if !(1..=MOST).contains(&filter.limit) {
        let fault = FieldError::new("/limit", format!("must be 1 to {MOST}")).with_code("range");
        let fault = fault.with_param("min", 1).with_param("max", MOST);
        let title = "The accounts cannot be listed like this.";
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-query", title);
        return Err(problem.with_errors(vec![fault]));
    }
    let mut query = AccountQuery::new(filter.limit);
    query.search = filter.search;
    query.after = filter.after;
    query.active = filter.active;
    query.superuser = filter.superuser;
    query.pending = filter.pending;
    query.role = filter.role;
    Ok(query)
}

/// `GET /accounts/{id}`: returns one account.
pub(super) async fn show(
    _: Guard<policies::ShowAccount>,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Json<View>, ErrorResponse> {
    let administration = &administrator.administration;
    let account = administration.find(&id).await.map_err(|error| answer(error, ""))?;
    let locks = administration.locked_until([&account.id]).await.or_report()?;
    Ok(Json(View::of(&account, locks.into_iter().next().flatten())))
}

/// The person for whom an account is created, and what the account has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    email: String,
    username: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    scopes: Vec<String>,
}

/// `POST /accounts`: creates an account for a person, and sends the person a token that sets a password.
pub(super) async fn create(
    _: Guard<policies::CreateAccount>,
    administrator: Administrator,
    Json(Wanted { email, username, roles, scopes }): Json<Wanted>,
) -> Result<(StatusCode, Json<View>), ErrorResponse> {
    demand_mail(&administrator)?;
    let change = Change::of_new(&administrator, "create").of_member(with_a_name_twice(&roles, &scopes));
    change.demand(administrator.may_grant_roles(&roles))?;
    change.demand(administrator.may_grant_scopes(&scopes))?;
    administrator.may_exist(&roles, &[]).map_err(|error| change.failed(error))?;
    let mut user = NewUser::new(email);
    (user.username, user.roles, user.scopes) = (username, roles, scopes);
    let created = change.create(move |administration| async move {
        let created = administration.create(user).await?;
        Ok((created.account.id.clone(), created.account))
    });
    Ok((StatusCode::CREATED, Json(View::of(&created.await?, None))))
}
