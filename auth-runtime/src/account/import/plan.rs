use core::fmt;
use std::{io, sync::Arc};

use crate::{
    auth::Auth,
    error::StoreError,
    store::{Account, Accounts, NewAccount, login_key},
};

use super::{
    super::context::{AccountContext, NoAccountsError},
    error::{ImportError, RowError},
    row::{Columns, account},
    seen::Seen,
};

/// Reads another system's accounts from CSV, and checks every row before it writes the first.
///
/// The first line names the columns, in any order:
///
/// | column | meaning |
/// |---|---|
/// | `email`, `hash` | required |
/// | `id` | optional identifier |
/// | `username` | optional; the address by default |
/// | `roles`, `scopes` | optional; several names are separated by `;` |
/// | `verified`, `active` | optional: `true`, `t`, `1`, `yes`, or `false`, `f`, `0`, `no`; default: `false`, `true` |
///
/// A row is already in the store if one account there has the row's user name, address and, if given, identifier. This
/// account stays as it is.
///
/// ```no_run
/// # async fn example(auth: auth_runtime::Auth) -> Result<(), Box<dyn std::error::Error>> {
/// use auth_runtime::account::Importer;
///
/// let plan = Importer::new(&auth)?.check(std::fs::File::open("users.csv")?).await?;
/// println!("{} accounts to create, {} are there", plan.to_create(), plan.already_there());
/// plan.write().await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Importer {
    context: AccountContext,
    is_role: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

impl Importer {
    /// Creates an importer into the accounts that the engine was built with.
    ///
    /// # Errors
    /// Returns [`NoAccountsError`] when the engine was built without accounts.
    pub fn new(auth: &Auth) -> Result<Self, NoAccountsError> {
        Ok(Self { context: AccountContext::of(auth)?, is_role: Arc::new(|_| true) })
    }

    /// Refuses rows with roles that the application does not know. By default every name is accepted.
    #[must_use]
    pub fn with_known_roles(mut self, is_known: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.is_role = Arc::new(is_known);
        self
    }

    /// Reads every row, compares it with the others and with the store, and writes nothing. For a dry run, drop the
    /// plan.
    ///
    /// # Errors
    /// Returns [`ImportError`] with all faults of the file, by line, or when the store fails.
    pub async fn check(&self, csv: impl io::Read) -> Result<ImportPlan, ImportError> {
        let (rows, mut faults) = self.read(csv)?;
        let mut plan = ImportPlan { accounts: self.context.accounts.clone(), rows: Vec::new(), already_there: 0 };
        for (line, new) in rows {
            match self.compare(&new).await.map_err(ImportError::Store)? {
                Found::Nothing => plan.rows.push((line, new)),
                Found::Itself => plan.already_there = plan.already_there.saturating_add(1),
                Found::Others(messages) => faults.extend(at(line, messages)),
            }
        }
        faults.sort_by_key(|fault| fault.line);
        if faults.is_empty() { Ok(plan) } else { Err(ImportError::Rows(faults)) }
    }

    /// Returns the rows that are valid without the store, and the faults of the others.
    fn read(&self, csv: impl io::Read) -> Result<(Vec<Row>, Vec<RowError>), ImportError> {
        // A row of another length is a fault of this row, and not of the file.
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(csv);
        let columns = Columns::read(reader.headers().map_err(|error| ImportError::Csv(error.into()))?)
            .map_err(ImportError::Columns)?;
        let (mut rows, mut faults, mut seen) = (Vec::new(), Vec::new(), Seen::default());
        for row in reader.records() {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    faults.push(not_utf8(error)?);
                    continue;
                }
            };
            let line = row.position().map_or(0, csv::Position::line);
            match account(&columns, &row, &self.context.auth, &*self.is_role) {
                Ok(new) => {
                    faults.extend(at(line, seen.faults(line, &new)));
                    rows.push((line, new));
                }
                Err(messages) => faults.extend(at(line, messages)),
            }
        }
        Ok((rows, faults))
    }

    async fn compare(&self, new: &NewAccount) -> Result<Found, StoreError> {
        let store = self.context.accounts.accounts();
        let by_id = match &new.id {
            Some(id) => store.find(id).await?,
            None => None,
        };
        let (by_username, by_email) =
            (store.find_by_login(&new.username).await?, store.find_by_login(&new.email).await?);
        let is_itself = |found: &Account| is_same(found, new);
        if by_id.as_ref().or(by_username.as_ref()).is_some_and(is_itself) {
            return Ok(Found::Itself);
        }
        let taken = [("id", by_id), ("username", by_username), ("email", by_email)];
        let taken: Vec<String> = taken
            .iter()
            .filter(|(_, found)| found.is_some())
            .map(|(column, _)| format!("`{column}` is that of another account in the store"))
            .collect();
        Ok(if taken.is_empty() { Found::Nothing } else { Found::Others(taken) })
    }
}

impl fmt::Debug for Importer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Importer").finish_non_exhaustive()
    }
}

fn not_utf8(error: csv::Error) -> Result<RowError, ImportError> {
    match error.kind() {
        csv::ErrorKind::Utf8 { pos, .. } => {
            Ok(RowError { line: pos.as_ref().map_or(0, csv::Position::line), message: "it is not UTF-8".to_owned() })
        }
        _ => Err(ImportError::Csv(error.into())),
    }
}

/// An account, and its line in the file.
type Row = (u64, NewAccount);

/// The result of looking a row up in the store.
enum Found {
    Nothing,
    /// An earlier run has created this account.
    Itself,
    Others(Vec<String>),
}

/// Returns whether the account in the store is the row's. The password, roles and other members may have changed since.
fn is_same(found: &Account, new: &NewAccount) -> bool {
    new.id.as_ref().is_none_or(|id| *id == found.id)
        && login_key(&found.username) == login_key(&new.username)
        && login_key(&found.email) == login_key(&new.email)
}

fn at(line: u64, messages: Vec<String>) -> impl Iterator<Item = RowError> {
    messages.into_iter().map(move |message| RowError { line, message })
}

/// Rows that have passed all checks. Dropping the plan writes nothing.
#[must_use]
pub struct ImportPlan {
    accounts: Accounts,
    rows: Vec<Row>,
    already_there: usize,
}

impl ImportPlan {
    /// Returns how many accounts [`write`](Self::write) will create.
    pub fn to_create(&self) -> usize {
        self.rows.len()
    }

    /// Returns how many rows are already in the store.
    pub fn already_there(&self) -> usize {
        self.already_there
    }

    /// Creates the accounts one after the other, and returns how many. Each account is created completely or not at
    /// all.
    ///
    /// # Errors
    /// Returns [`ImportError::Stopped`] at the first account that cannot be stored: the store fails, or a user has
    /// registered its name in the meantime. The accounts before it stay, and a new check of the same file leaves them
    /// out.
    pub async fn write(self) -> Result<usize, ImportError> {
        let mut created: usize = 0;
        for (line, new) in self.rows {
            let stored = self.accounts.accounts().create(new).await;
            stored.map_err(|error| ImportError::Stopped { created, line, error })?;
            created = created.saturating_add(1);
        }
        Ok(created)
    }
}

impl fmt::Debug for ImportPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportPlan")
            .field("to_create", &self.rows.len())
            .field("already_there", &self.already_there)
            .finish_non_exhaustive()
    }
}
