use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::{
    account::{
        answer::{error_response::ErrorResponse, report::OrReport as _},
        policies,
    },
    error::{FieldError, Problem},
    extract::{Json, Path, Query},
    guard::Guard,
    store::{Account, AccountQuery, Profile},
};

use super::{administrator::Administrator, problems::answer};

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
}

impl View {
    fn of(account: &Account) -> Self {
        Self { profile: account.profile(), pending: account.pending_until.is_some() }
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
    let accounts = administrator.administration.list(&query).await.or_report()?;
    let is_full = u32::try_from(accounts.len()).is_ok_and(|count| count >= query.limit);
    let next = accounts.last().filter(|_| is_full).map(|account| account.id.clone());
    Ok(Json(Page { accounts: accounts.iter().map(View::of).collect(), next }))
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
    let account = administrator.administration.find(&id).await.map_err(|error| answer(error, ""))?;
    Ok(Json(View::of(&account)))
}
