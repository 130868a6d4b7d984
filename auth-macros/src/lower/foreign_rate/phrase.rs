use super::amount::{Bound, Ratio, Time, WholeRate, time_of};
use super::words::{Word, words};

/// What a text says of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phrase {
    /// `10 per minute`
    Rate(Ratio, Time),
    /// `10/60`
    NoUnit(Ratio, Ratio),
    /// `10 min`: ten in a minute, or a time of ten minutes
    Either(Ratio, Time),
    /// `10`
    Count(Ratio),
    /// `minute`, `from_secs(60)`
    Time(Time),
}

/// Reads one rate or a part of one.
pub(super) fn phrase(text: &str) -> Option<Phrase> {
    let words = words(text)?;
    if let Some(time) = time_in(&words).filter(|_| !matches!(words.as_slice(), [Word::Number(_), ..])) {
        return Some(Phrase::Time(time));
    }
    match words.as_slice() {
        [Word::Number(count)] | [Word::Number(count), Word::Joiner] => Some(Phrase::Count(*count)),
        [Word::Number(count), Word::Joiner, Word::Number(time)] => Some(Phrase::NoUnit(*count, *time)),
        [Word::Number(Ratio::ONE), Word::Unit(unit)] => Some(Phrase::Rate(Ratio::ONE, *unit)),
        [Word::Number(number), Word::Unit(unit)] => Some(Phrase::Either(*number, *unit)),
        [Word::Number(count), Word::Joiner, Word::Number(amount), Word::Joiner, Word::Unit(unit)] => {
            Some(Phrase::Rate(*count, unit.scaled(*amount)?))
        }
        [Word::Number(count), Word::Joiner, Word::Every, time @ ..]
        | [Word::Number(count), Word::Joiner | Word::Every, time @ ..] => Some(Phrase::Rate(*count, time_in(time)?)),
        [Word::Joiner, Word::Unit(unit), Word::Number(count)]
        | [Word::Unit(unit), Word::Joiner, Word::Number(count)] => Some(Phrase::Rate(*count, *unit)),
        [Word::Every, time @ ..] => Some(Phrase::Rate(Ratio::ONE, time_in(time)?)),
        _ => None,
    }
}

/// Reads a time: `60 sec`, `1h30m`, `Duration::from_secs(60)`, `"minute"`.
pub(super) fn time(text: &str) -> Option<Time> {
    time_in(&words(text)?)
}

/// Reads a number alone.
pub(super) fn number(text: &str) -> Option<Ratio> {
    match words(text)?.as_slice() {
        [Word::Number(number)] => Some(*number),
        _ => None,
    }
}

fn time_in(words: &[Word]) -> Option<Time> {
    match words {
        [Word::Unit(unit)] => Some(*unit),
        [Word::Unit(unit), Word::Number(amount)] => unit.scaled(*amount),
        _ => words.chunks(2).map(pair).reduce(|sum, next| sum?.plus(next?)).flatten(),
    }
}

fn pair(words: &[Word]) -> Option<Time> {
    match words {
        [Word::Number(amount), Word::Unit(unit)] => unit.scaled(*amount),
        _ => None,
    }
}

/// Reads several rates in one text: `5/minute; 100/hour`. Returns them if the text holds nothing else.
pub(super) fn rates(text: &str) -> Option<Vec<WholeRate>> {
    let text = text.replace("||", "|").replace("&&", "&").replace(" and ", ";");
    let separated = text.split([';', ',', '|', '&', '+']).map(str::trim).filter(|part| !part.is_empty());
    separated.map(rate).collect()
}

fn rate(text: &str) -> Option<WholeRate> {
    match phrase(text)? {
        Phrase::Rate(count, time) => WholeRate::new(count, time),
        Phrase::NoUnit(..) | Phrase::Either(..) | Phrase::Count(_) | Phrase::Time(_) => None,
    }
}

/// Reads the count and the minutes in `throttle:60,1`.
pub(super) fn throttle(text: &str) -> Option<WholeRate> {
    let (count, minutes) = text.strip_prefix("throttle:").unwrap_or(text).split_once(',')?;
    WholeRate::new(number(count)?, time_of("min", Bound::Longest)?.scaled(number(minutes)?)?)
}
