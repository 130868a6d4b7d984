use sqlx::{PgConnection, SqlStr};

use super::error::PostgresLimitsError;
use crate::limit::{Charge, counter::counter};

/// The charges of one request, as the arguments of the server's function.
#[derive(Clone)]
pub(super) struct Question {
    counters: Vec<Vec<u8>>,
    /// In nanoseconds. `None` is a price that the full bucket cannot pay; it may need more than 63 bits.
    prices: Vec<Option<i64>>,
    tolerances: Vec<i64>,
    shadows: Vec<bool>,
}

impl Question {
    pub(super) fn new(charges: &[Charge<'_>]) -> Self {
        let limits = || charges.iter().map(Charge::limit);
        let tolerance = |nanos: u128| i64::try_from(nanos).unwrap_or(i64::MAX);
        Self {
            counters: charges.iter().map(|charge| counter(charge).to_vec()).collect(),
            prices: limits().map(|limit| i64::try_from(limit.price()).ok()).collect(),
            tolerances: limits().map(|limit| tolerance(limit.rate().tolerance().as_nanos())).collect(),
            shadows: limits().map(|limit| limit.is_shadow()).collect(),
        }
    }

    /// Asks the server in one round trip.
    pub(super) async fn ask(&self, statement: SqlStr, connection: &mut PgConnection) -> Result<Vec<i64>, sqlx::Error> {
        sqlx::query_scalar(statement)
            .bind(&self.counters)
            .bind(&self.prices)
            .bind(&self.tolerances)
            .bind(&self.shadows)
            .fetch_one(connection)
            .await
    }
}

/// The server's answer to a question.
pub(super) struct Answered {
    /// Whether the server has charged the limits.
    pub(super) admitted: bool,
    /// The debt of each counter before the charge, in nanoseconds.
    pub(super) debts: Vec<u64>,
}

impl Answered {
    pub(super) fn read(numbers: &[i64]) -> Result<Self, PostgresLimitsError> {
        let [admitted @ (0 | 1), debts @ ..] = numbers else { return Err(PostgresLimitsError::Unintelligible) };
        let debts: Result<_, _> = debts.iter().map(|debt| u64::try_from(*debt)).collect();
        let debts = debts.map_err(|_| PostgresLimitsError::Unintelligible)?;
        Ok(Self { admitted: *admitted == 1, debts })
    }
}
