//! The guide's table of quotas names what the code has.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    account::{AccountRoutes, Part},
    auth::{Auth, HasAccounts, HasAuth, limits_by_account},
    limit::PreparedLimit,
    store::Accounts,
};

const GUIDE: &str = include_str!("../../../docs/guide/accounts.md");

#[derive(Clone)]
struct App;

impl HasAuth for App {
    fn auth(&self) -> Auth {
        unreachable!("only the routes are read")
    }
}

impl HasAccounts for App {
    fn accounts(&self) -> Accounts {
        unreachable!("only the routes are read")
    }
}

/// A row of the table: the default, what counts, and the endpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    default: String,
    counts_by: String,
    endpoints: BTreeSet<String>,
}

/// Returns the rows of the guide's table by name.
fn table() -> BTreeMap<String, Row> {
    let rows = GUIDE.split("| name | default | counts by | endpoints |\n").nth(1).expect("the table of quotas");
    let rows = rows.lines().skip(1).take_while(|line| line.starts_with('|'));
    let unquoted = |text: &str| text.trim_matches('`').to_owned();
    let row = |line: &str| {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
        let [name, default, counts_by, endpoints] = cells.try_into().expect("four cells");
        let endpoints = endpoints.split(", ").map(unquoted).collect();
        (unquoted(&name), Row { default, counts_by, endpoints })
    };
    rows.map(row).collect()
}

/// Returns the limits of the endpoints, as the access matrix tells them.
fn limits_of_endpoints() -> BTreeMap<String, Row> {
    let routes = AccountRoutes::new().with(Part::EmailChange).with(Part::AccountDeletion);
    let matrix = routes.into_router::<App>().access_matrix();
    let mut limits = BTreeMap::new();
    for row in matrix.rows() {
        let Some(path) = row.path.strip_prefix("/auth") else { continue };
        let is_alone = matrix.rows().iter().filter(|other| other.path == row.path).count() == 1;
        let endpoint = if is_alone { path.to_owned() } else { format!("{} {path}", row.method) };
        for limit in row.limits.split("; ").flat_map(|part| part.split(", ")) {
            let Some((rate, (key, name))) =
                limit.split_once(" by ").and_then(|(rate, rest)| Some((rate, rest.split_once(" as ")?)))
            else {
                continue;
            };
            let counts_by = if key == "ip" { "address" } else { key };
            let row = limits.entry(name.to_owned()).or_insert_with(|| Row {
                default: rate.replace("/min", " a minute"),
                counts_by: counts_by.to_owned(),
                endpoints: BTreeSet::new(),
            });
            row.endpoints.insert(endpoint.clone());
        }
    }
    limits
}

fn default_of(limit: &PreparedLimit) -> String {
    let quota = limit.limit().quota();
    let (count, minutes) = (quota.count().get(), quota.window().as_secs() / 60);
    match quota.burst().get() {
        burst if burst == count => format!("{count} in {minutes} minutes"),
        burst => format!("{count} in {minutes} minutes, {burst} at once"),
    }
}

#[test]
fn the_guide_names_each_limit_with_its_quota_and_its_endpoints() {
    let mut table = table();
    for limit in limits_by_account::ALL {
        let name = limit.limit().name().unwrap();
        let row = table.remove(name).unwrap_or_else(|| panic!("the guide lacks `{name}`"));
        assert_eq!(row.default, default_of(limit), "{name}");
    }
    let mut limits = limits_of_endpoints();
    // What the application recognises by itself counts, too.
    limits.get_mut("login").unwrap().endpoints.insert("SignIn".to_owned());
    assert_eq!(table, limits);
}
