/// The longest window in seconds. A longer one is a typing error: counters are not meant to outlive a year.
pub(in crate::lower) const LONGEST: u32 = 366 * 86_400;

/// A positive number or zero as typed, without rounding: `1.5` is 3/2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ratio {
    over: u64,
    under: u64,
}

/// A time: an amount of one of our units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::lower) struct Time {
    amount: Ratio,
    unit: &'static str,
}

/// The length of a month: the longest one for a window, and the shortest one for the age of a login. So a help is never
/// looser than the user's words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::lower) enum Bound {
    Longest,
    Shortest,
}

/// A count per time, in whole numbers and our units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WholeRate {
    count: u64,
    amount: u64,
    unit: &'static str,
    /// The count before it was extended to a whole number, where the extension would admit more at once.
    burst: Option<u64>,
}

/// Words for times, our unit, how often it is contained at most and at least, and by what that is divided.
const WORDS: &[(&[&str], &str, u64, u64, u64)] = &[
    (&["s", "sec", "secs", "second", "seconds"], "sec", 1, 1, 1),
    (&["m", "min", "mins", "minute", "minutes"], "min", 1, 1, 1),
    (&["h", "hr", "hrs", "hour", "hours", "hourly"], "hour", 1, 1, 1),
    (&["d", "day", "days", "daily"], "day", 1, 1, 1),
    (&["ms", "msec", "msecs", "milli", "millis", "millisecond", "milliseconds"], "sec", 1, 1, 1000),
    (&["w", "wk", "wks", "week", "weeks", "weekly"], "day", 7, 7, 1),
    (&["fortnight", "fortnights"], "day", 14, 14, 1),
    (&["month", "months", "monthly"], "day", 31, 28, 1),
    (&["quarter", "quarters", "quarterly"], "day", 92, 90, 1),
    (&["y", "yr", "yrs", "year", "years", "yearly", "annum"], "day", 366, 365, 1),
];

/// Returns the time that a word means here or elsewhere. The word is in lower case.
pub(in crate::lower) fn time_of(word: &str, bound: Bound) -> Option<Time> {
    let (_, unit, most, least, under) = WORDS.iter().find(|(words, ..)| words.contains(&word))?;
    let over = if bound == Bound::Longest { *most } else { *least };
    Some(Time { amount: Ratio { over, under: *under }, unit })
}

impl Ratio {
    pub(super) const ONE: Self = Self { over: 1, under: 1 };

    /// Reads `10`, `1_000` and `0.5`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.replace('_', "");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let under = 10_u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        let over = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { over, under }.reduced())
    }

    pub(super) fn times(self, other: Self) -> Option<Self> {
        let (over, under) = (self.over.checked_mul(other.over)?, self.under.checked_mul(other.under)?);
        Some(Self { over, under }.reduced())
    }

    /// Returns the number if it is whole.
    pub(super) fn whole(self) -> Option<u64> {
        (self.under == 1).then_some(self.over)
    }

    fn floor(self) -> u64 {
        self.over / self.under
    }

    fn reduced(self) -> Self {
        let (mut a, mut b) = (self.over, self.under);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Self { over: self.over / a.max(1), under: self.under / a.max(1) }
    }
}

impl Time {
    /// Returns the product of the time and the amount.
    pub(in crate::lower) fn times(self, amount: u64) -> Option<Self> {
        self.scaled(Ratio { over: amount, under: 1 })
    }

    pub(super) fn scaled(self, amount: Ratio) -> Option<Self> {
        Some(Self { amount: self.amount.times(amount)?, ..self })
    }

    /// Returns the sum of two times, in seconds.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let (one, other) = (self.in_seconds()?, other.in_seconds()?);
        let over = one.over.checked_mul(other.under)?.checked_add(other.over.checked_mul(one.under)?)?;
        let sum = Ratio { over, under: one.under.checked_mul(other.under)? };
        Some(Self { amount: sum.reduced(), unit: "sec" }.in_largest_unit())
    }

    /// Returns a time of whole minutes, hours or days in them, and any other as it is.
    pub(super) fn in_largest_unit(self) -> Self {
        let whole = |unit| {
            let amount = self.in_seconds()?.times(Ratio { over: 1, under: seconds_in(unit) })?;
            (amount.under == 1 && amount.over > 0).then_some(Self { amount, unit })
        };
        ["day", "hour", "min"].into_iter().find_map(whole).unwrap_or(self)
    }

    fn in_seconds(self) -> Option<Ratio> {
        self.amount.times(Ratio { over: seconds_in(self.unit), under: 1 })
    }

    /// Returns the time in whole units, in seconds if need be.
    pub(super) fn in_whole_units(self) -> Option<Self> {
        match self.amount.whole() {
            Some(_) => Some(self),
            None => Some(Self { amount: self.in_seconds()?, unit: "sec" }),
        }
    }

    /// Returns the text with which the time is written, if it can be written.
    pub(in crate::lower) fn text(self) -> Option<String> {
        let time = self.in_whole_units()?;
        let (amount, unit) = (time.amount.whole()?, time.unit);
        let seconds = amount.checked_mul(seconds_in(unit))?;
        is_possible(seconds).then(|| written(amount, unit))
    }
}

impl WholeRate {
    /// Returns the rate of `count` per `time` in whole numbers. It is the same rate, and admits no more at once.
    pub(super) fn new(count: Ratio, time: Time) -> Option<Self> {
        let time = time.in_whole_units()?;
        let most = count.floor().max(1);
        let scaled = count.times(Ratio { over: time.amount.under, under: 1 })?;
        let (count, amount) = (scaled.over, time.amount.over.checked_mul(scaled.under)?);
        let rate = Self { count, amount, unit: time.unit, burst: (count > most).then_some(most) };
        (count > 0 && count <= u32::MAX.into() && is_possible(rate.seconds())).then_some(rate)
    }

    fn seconds(self) -> u64 {
        self.amount.saturating_mul(seconds_in(self.unit))
    }

    /// Returns the rate alone.
    pub(super) fn text(self) -> String {
        format!("{}/{}", self.count, written(self.amount, self.unit))
    }

    /// Returns the rate, and the burst that it needs.
    pub(super) fn with_burst(self) -> String {
        self.burst.map_or_else(|| self.text(), |burst| format!("{}, burst = {burst}", self.text()))
    }

    /// Returns whether this rate always refuses before `other` would, counted by one key.
    pub(super) fn hides(self, other: Self) -> bool {
        let burst = |rate: Self| rate.burst.unwrap_or(rate.count);
        let product = |a: u64, b: u64| u128::from(a) * u128::from(b);
        burst(self) <= burst(other) && product(self.count, other.seconds()) <= product(other.count, self.seconds())
    }
}

fn written(amount: u64, unit: &str) -> String {
    match (amount, unit) {
        (1, _) => unit.to_owned(),
        (_, "day" | "hour") => format!("{amount} {unit}s"),
        _ => format!("{amount} {unit}"),
    }
}

fn is_possible(seconds: u64) -> bool {
    (1..=LONGEST.into()).contains(&seconds)
}

fn seconds_in(unit: &str) -> u64 {
    match unit {
        "min" => 60,
        "hour" => 3600,
        "day" => 86_400,
        _ => 1,
    }
}
