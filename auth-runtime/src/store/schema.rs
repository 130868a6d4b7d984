//! The rule by which a program may use a schema, for all databases.

use core::{error::Error, fmt};

use crate::error::StoreError;

/// A change of the schema.
pub(super) struct Migration {
    pub(super) version: i64,
    pub(super) name: &'static str,
    /// The oldest program that may run on the migrated schema: the highest version that it knows. A migration that only
    /// adds what earlier programs need not know repeats the number of the migration before it.
    pub(super) oldest: i64,
    pub(super) sql: &'static str,
}

/// Returns the highest version that this program knows.
pub(super) fn known(migrations: &[Migration]) -> i64 {
    migrations.last().map_or(0, |last| last.version)
}

/// Refuses a schema of a later release that excludes this program. `oldest` is what the migrations have recorded.
pub(super) fn admit(store: &'static str, current: i64, oldest: i64, known: i64) -> Result<(), StoreError> {
    if oldest > known { Err(StoreError::new(store, NewerSchema { current, oldest, known })) } else { Ok(()) }
}

/// The error for a database when a later release has changed its tables too much for this one.
#[derive(Debug)]
struct NewerSchema {
    current: i64,
    oldest: i64,
    known: i64,
}

impl fmt::Display for NewerSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { current, oldest, known } = self;
        write!(
            f,
            "the database's tables are of version {current}, for programs that know version {oldest} or later; this \
             program knows versions up to {known}: run a newer release"
        )
    }
}

impl Error for NewerSchema {}

#[cfg(test)]
pub(super) mod tests {
    use super::Migration;

    /// Checks the list of a database's migrations.
    pub(in crate::store) fn are_in_order(migrations: &[Migration]) {
        let versions: Vec<i64> = migrations.iter().map(|migration| migration.version).collect();
        assert_eq!(versions, (1..=i64::try_from(versions.len()).unwrap()).collect::<Vec<_>>());
        assert!(migrations.is_sorted_by_key(|migration| migration.oldest), "an excluded program stays excluded");
        assert!(migrations.iter().all(|migration| migration.oldest <= migration.version));
        for migration in migrations {
            let created = migration.sql.lines().filter(|line| line.starts_with("CREATE"));
            for line in created {
                let words = ["CREATE", "OR", "REPLACE", "UNIQUE", "UNLOGGED", "TABLE", "INDEX", "FUNCTION", "TRIGGER"];
                let name = line.split(' ').find(|word| !words.contains(word));
                assert!(name.is_some_and(|name| name.starts_with("auth_")), "{line}");
            }
        }
    }
}
