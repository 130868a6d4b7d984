use csv::StringRecord;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    account::grant::{GrantError, LIKE_A_FRESH_ID, check_new},
    auth::Auth,
    names::is_email_address,
    names::is_misleading,
    store::{NewAccount, login_key},
};

/// The columns, in any order. An unknown column is refused: a misspelled `roles` would leave all users without roles.
const COLUMNS: [&str; 8] = ["id", "username", "email", "hash", "roles", "scopes", "verified", "active"];
const NEEDED: [&str; 2] = ["email", "hash"];

/// The separator of roles, and of scopes, in their cell.
const SEPARATOR: char = ';';

/// The position of each column.
pub(super) struct Columns {
    places: [Option<usize>; COLUMNS.len()],
    count: usize,
}

impl Columns {
    pub(super) fn read(names: &StringRecord) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        let place = |column: &str| names.iter().position(|name| name.trim() == column);
        for name in names.iter().map(str::trim) {
            if !COLUMNS.contains(&name) {
                faults.push(format!("there is no column `{}`: the columns are {}", shown(name), COLUMNS.join(", ")));
            } else if names.iter().filter(|other| other.trim() == name).count() > 1 {
                faults.push(format!("the column `{name}` stands there twice"));
            }
        }
        faults.extend(
            NEEDED
                .iter()
                .filter(|column| place(column).is_none())
                .map(|name| format!("the column `{name}` is missing")),
        );
        faults.dedup();
        if faults.is_empty() { Ok(Self { places: COLUMNS.map(place), count: names.len() }) } else { Err(faults) }
    }

    fn cell<'a>(&self, row: &'a StringRecord, column: &str) -> &'a str {
        let place =
            COLUMNS.iter().position(|known| *known == column).and_then(|at| self.places.get(at).copied().flatten());
        place.and_then(|place| row.get(place)).unwrap_or_default()
    }
}

/// Returns the account of a row, or all faults that the row has without regard to other rows.
pub(super) fn account(
    columns: &Columns,
    row: &StringRecord,
    auth: &Auth,
    is_role: &dyn Fn(&str) -> bool,
) -> Result<NewAccount, Vec<String>> {
    if row.len() != columns.count {
        return Err(vec![format!("it has {} cells, and the first line has {}", row.len(), columns.count)]);
    }
    let cell = |column| columns.cell(row, column);
    let (id, email) = (cell("id"), cell("email"));
    let username = if cell("username").is_empty() { email } else { cell("username") };
    let hash = SecretString::from(cell("hash"));
    let mut new = NewAccount::new(username, email, hash);
    new.id = (!id.is_empty()).then(|| id.to_owned());
    (new.roles, new.scopes) = (names_in(cell("roles")), names_in(cell("scopes")));

    let mut faults = faults(&new, auth);
    if !new.roles.iter().all(|role| is_role(role)) {
        faults.push("`roles` has a role that the application does not know".to_owned());
    }
    match answer(cell("verified"), false) {
        Some(verified) => new.email_verified_at = verified.then(|| auth.clock().unix()),
        None => faults.push("`verified` is neither true nor false".to_owned()),
    }
    match answer(cell("active"), true) {
        Some(active) => new.active = active,
        None => faults.push("`active` is neither true nor false".to_owned()),
    }
    if faults.is_empty() { Ok(new) } else { Err(faults) }
}

fn faults(new: &NewAccount, auth: &Auth) -> Vec<String> {
    let mut faults = Vec::new();
    if new.id.as_deref().is_some_and(|id| !is_id(id)) {
        faults.push("`id` must be 1 to 128 printable ASCII characters without spaces".to_owned());
    }
    if !is_email_address(&new.email) {
        faults
            .push("`email` is no e-mail address in ASCII; write an international domain in its `xn--` form".to_owned());
    } else if !is_username(&new.username, &new.email) {
        faults.push(
            "`username` must be 1 to 150 characters, without control characters, direction controls, characters \
             without width and white space around it, and may have an `@` in any spelling only as the account's own address"
                .to_owned(),
        );
    }
    if let Err(unreadable) = auth.passwords().check_stored(new.password_hash.expose_secret()) {
        faults.push(format!("`hash` cannot be verified: {unreadable}; write `!` for a password that has to be reset"));
    }
    let id = new.id.as_deref().unwrap_or(LIKE_A_FRESH_ID);
    faults.extend(check_new(auth, id, &new.roles, &new.scopes).err().map(|error| unquoted(&error)));
    faults
}

/// Returns the text of a fault without the name that was read: a hash may be in the wrong column.
fn unquoted(error: &GrantError) -> String {
    match error {
        GrantError::Role(_) => {
            "`roles` has a name that is empty, longer than 255 bytes, or has white space around it or \
                                a control character in it"
                .to_owned()
        }
        GrantError::Scope(_) => "`scopes` has a name that is no scope (RFC 6749, section 3.3)".to_owned(),
        GrantError::Twice(_) => "`roles` or `scopes` has a name twice".to_owned(),
        other => other.to_string(),
    }
}

/// Returns whether the text can be the subject of tokens and appear in log lines.
fn is_id(id: &str) -> bool {
    id.len() <= 128 && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Returns whether the name is allowed. The rule is wider than at registration, since these names exist. An address as
/// user name must be the account's own; otherwise the account would receive another user's sign-ins.
///
/// The stores compare keys, so the rule looks at the key: `ａlice＠example.org` is no address, and its key is one.
fn is_username(name: &str, email: &str) -> bool {
    (1..=150).contains(&name.chars().count())
        && name.trim() == name
        && !name.contains(is_misleading)
        && (!login_key(name).contains('@') || login_key(name) == login_key(email))
}

fn names_in(cell: &str) -> Vec<String> {
    if cell.is_empty() { Vec::new() } else { cell.split(SEPARATOR).map(|name| name.trim().to_owned()).collect() }
}

/// Reads a truth value in any form that databases export.
fn answer(cell: &str, default: bool) -> Option<bool> {
    match cell.to_ascii_lowercase().as_str() {
        "" => Some(default),
        "true" | "t" | "1" | "yes" => Some(true),
        "false" | "f" | "0" | "no" => Some(false),
        _ => None,
    }
}

/// Hides a text that is no column name: if the file has no line of names, the first line is a row.
fn shown(name: &str) -> &str {
    let is_name = name.len() <= 20 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_name { name } else { "…" }
}
