/// The seconds of a day.
pub(super) const A_DAY: i64 = 86_400;

/// A day in UTC, in the Gregorian calendar.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Date {
    /// 0 to 9999.
    pub(super) year: i32,
    /// 1 to 12.
    pub(super) month: i32,
    /// 1 to 31.
    pub(super) day: i32,
}

/// The days from 0000-03-01 to 1970-01-01.
const EPOCH: i32 = 719_468;

/// 400 years, after which the calendar repeats itself.
const DAYS_OF_400_YEARS: i32 = 146_097;

impl Date {
    /// Returns the day that many seconds after the epoch, or `None` outside the years 0 to 9999.
    ///
    /// A year is counted from its March, so that the leap day is its last day and all months before it have one
    /// pattern.
    #[expect(clippy::arithmetic_side_effects, reason = "the range of the years keeps all numbers below four million")]
    pub(super) fn of(seconds: i64) -> Option<Self> {
        const YEARS_0_TO_9999: core::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;
        if !YEARS_0_TO_9999.contains(&seconds) {
            return None;
        }
        let days = i32::try_from(seconds.div_euclid(A_DAY)).ok()? + EPOCH;
        let day = days.rem_euclid(DAYS_OF_400_YEARS);
        // A leap day ends every fourth year but the hundredth, and the four-hundredth.
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        // Five months from March on have 153 days, and so have five from August on.
        let month = (5 * day + 2) / 153;
        let year_from_march = year + days.div_euclid(DAYS_OF_400_YEARS) * 400;
        Some(Self {
            year: if month < 10 { year_from_march } else { year_from_march + 1 },
            month: if month < 10 { month + 3 } else { month - 9 },
            day: day - (153 * month + 2) / 5 + 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::OffsetDateTime;

    use super::*;

    /// Returns the day as the crate `time` computes it.
    fn oracle(seconds: i64) -> Option<Date> {
        let date = OffsetDateTime::from_unix_timestamp(seconds).ok().filter(|date| date.year() >= 0)?;
        Some(Date { year: date.year(), month: u8::from(date.month()).into(), day: date.day().into() })
    }

    #[test]
    fn every_day_of_the_years_0_to_9999_is_that_of_the_calendar() {
        let (first, last) = (-62_167_219_200, 253_402_300_799);
        for seconds in (first..=last).step_by(86_400) {
            assert_eq!(Date::of(seconds), oracle(seconds), "{seconds}");
        }
        assert_eq!(Date::of(last), Some(Date { year: 9_999, month: 12, day: 31 }));
    }

    #[test]
    fn a_year_without_four_digits_has_no_date() {
        for seconds in [i64::MIN, -62_167_219_201, 253_402_300_800, i64::MAX] {
            assert_eq!(Date::of(seconds), None, "{seconds}");
        }
    }

    proptest! {
        #[test]
        fn every_second_of_a_day_has_its_date(seconds in -62_167_219_200..=253_402_300_799_i64) {
            prop_assert_eq!(Date::of(seconds), oracle(seconds));
        }
    }
}
