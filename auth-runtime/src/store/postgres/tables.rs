//! The demands on tables that are there already. A fault is reported at the start, before a table is used.

use core::{error::Error, fmt};

use sqlx::{PgTransaction, Row};

use super::error::failed;
use crate::error::StoreError;

/// All tables of the migrations.
const TABLES: [&str; 13] = [
    "auth_accounts",
    "auth_api_keys",
    "auth_attempts",
    "auth_known_clients",
    "auth_limits",
    "auth_logins",
    "auth_migrations",
    "auth_one_time_tokens",
    "auth_retired_names",
    "auth_revocation_position",
    "auth_revocations",
    "auth_session_tokens",
    "auth_sessions",
];

/// Refuses tables that another role has made, and tables with rows that are hidden from this role.
pub(super) async fn check(transaction: &mut PgTransaction<'_>) -> Result<(), StoreError> {
    // Trusted are this role, the roles that it is a member of, superusers, and the owners of the schema and of the
    // database. A superuser counts as a member of all roles, which says nothing here.
    const FAULT: &str = "SELECT * FROM (
            SELECT name, owner.rolname::text AS owner, pg_catalog.row_security_active(class.oid) AS is_hidden,
                class.relowner <> me.oid AND NOT owner.rolsuper AND class.relowner <> schema.nspowner
                    AND class.relowner <> database.datdba
                    AND (me.rolsuper OR NOT pg_catalog.pg_has_role(me.oid, class.relowner, 'USAGE'::text)) AS is_strange
            FROM pg_catalog.unnest($1::text[]) AS name
                JOIN pg_catalog.pg_class AS class ON class.oid = pg_catalog.to_regclass(name)
                JOIN pg_catalog.pg_namespace AS schema ON schema.oid = class.relnamespace
                JOIN pg_catalog.pg_roles AS owner ON owner.oid = class.relowner
                JOIN pg_catalog.pg_roles AS me ON me.rolname = current_user
                JOIN pg_catalog.pg_database AS database ON database.datname = pg_catalog.current_database()
        ) AS found WHERE is_strange OR is_hidden LIMIT 1";
    let fault = sqlx::query(FAULT).bind(TABLES.as_slice()).fetch_optional(&mut **transaction).await.map_err(failed)?;
    let Some(fault) = fault else { return Ok(()) };
    let read = || -> Result<UnfitTable, sqlx::Error> {
        let name = fault.try_get("name")?;
        Ok(if fault.try_get("is_strange")? {
            UnfitTable::Strange { name, owner: fault.try_get("owner")? }
        } else {
            UnfitTable::Hidden { name }
        })
    };
    Err(StoreError::new("postgres", read().map_err(failed)?))
}

/// The reason why a table cannot be used.
#[derive(Debug)]
enum UnfitTable {
    /// Its owner can read and change what the service writes, and its triggers run as the service.
    Strange { name: String, owner: String },
    /// A statement finds no rows and tells no error. A process would learn of no revocation.
    Hidden { name: String },
}

impl fmt::Display for UnfitTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Strange { name, owner } => write!(
                f,
                "the table `{name}` belongs to the role `{owner}`, which is neither the role of this connection nor one \
                 that it is a member of, nor the owner of the schema or the database; if that is right, make this role a \
                 member of it"
            ),
            Self::Hidden { name } => write!(
                f,
                "row-level security hides rows of the table `{name}` from this role; turn it off for the table, or \
                 connect as the table's owner"
            ),
        }
    }
}

impl Error for UnfitTable {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::TABLES;
    use crate::store::postgres::migrate::MIGRATIONS;

    #[test]
    fn all_tables_of_the_migrations_are_checked() {
        let created = MIGRATIONS.iter().flat_map(|migration| migration.sql.split("TABLE ").skip(1));
        let names = created.filter_map(|rest| rest.split_whitespace().next()).filter(|name| name.starts_with("auth_"));
        assert_eq!(TABLES.into_iter().collect::<BTreeSet<_>>(), names.collect());
    }
}
