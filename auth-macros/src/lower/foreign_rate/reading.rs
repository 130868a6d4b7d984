use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;

use super::amount::{Bound, Ratio, Time, WholeRate, time_of};
use super::names::{BURSTS, COUNTS, KEYS, TIMES};
use super::phrase::{Phrase, number, phrase, rates, throttle, time};
use super::words::{Word, parts, plain, whole_number, words};
use crate::attribute::Attribute;
use crate::lower::{key, options};
use crate::syntax::{Argument, Rate, flat, spelled, split};

const ANY_UNIT: &str = "or another unit of time: `sec`, `hour`, `day`";
const MINUTES: &str = "or `min` in place of `sec`, if minutes are meant";
const NEVER_REACHED: &str = "a rate that another one always reaches first is left out";
const MILLISECONDS: &str = "read as milliseconds";
const INTERVAL: &str = "as in tower_governor, where `per_second(2)` is one request every 2 seconds";

/// The meaning of the arguments of one attribute, in our words or in those of other frameworks.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) rates: Vec<WholeRate>,
    pub(super) count: Option<Ratio>,
    time: Option<Time>,
    pub(super) key: Option<String>,
    /// The options in our words.
    pub(super) options: Vec<String>,
    pub(super) why: Option<&'static str>,
    /// Two rates between which only the user can choose.
    pub(super) choice: Option<[WholeRate; 2]>,
    /// A burst in another word.
    pub(super) burst: Option<u64>,
    /// The rate that tower_governor means by `per_second`: one request in that number of seconds.
    interval: Option<WholeRate>,
    /// A time without a unit that could be seconds as well as minutes.
    short: Option<Ratio>,
}

impl Reading {
    /// Takes an argument that is in our words. Returns `None` if it is not.
    pub(super) fn ours(&mut self, argument: &Argument) -> Option<()> {
        let name = match argument {
            Argument::Word(name) | Argument::Set { name, .. } | Argument::Call { name, .. } => name,
            _ => return self.our_rate(argument),
        };
        options::is_known(Attribute::RateLimit, name).then_some(())?;
        self.options.push(written(argument));
        Some(())
    }

    fn our_rate(&mut self, argument: &Argument) -> Option<()> {
        let tokens = flat(argument.to_token_stream());
        let rate = Rate::read(&tokens)?;
        time_of(&rate.window.unit.word.to_lowercase(), Bound::Longest)?.text()?;
        self.foreign_text(&plain(&tokens))
    }

    /// Returns how much is known of rates.
    pub(super) fn extent(&self) -> (usize, [bool; 4]) {
        let rest = [self.count.is_some(), self.time.is_some(), self.choice.is_some(), self.burst.is_some()];
        (self.rates.len(), rest)
    }

    pub(super) fn foreign(&mut self, argument: &Argument) -> Option<()> {
        let tokens = flat(argument.to_token_stream());
        match argument {
            Argument::Set { name, value, .. } if name == "header" || name == "path" => match value.as_slice() {
                [text @ TokenTree::Literal(_)] => self.key.replace(format!("{name}({})", text)).is_none().then_some(()),
                _ => None,
            },
            Argument::Set { name, value, .. } => self.named(name, value),
            Argument::Call { name, .. } if key::is_kind(name) => self.set_key(&tokens),
            Argument::Word(name) if key::is_kind(name) => self.set_key(&tokens),
            Argument::Word(name) if let Some(kind) = key::kind_behind(&name.to_string()) => {
                self.key.replace(kind.to_owned()).is_none().then_some(())
            }
            Argument::Call { name, arguments } => {
                let value = flat(arguments.stream());
                self.named(name, &value).or_else(|| self.foreign_text(&plain(&tokens)))
            }
            _ => match tokens.as_slice() {
                [TokenTree::Ident(name), colon, value @ ..] if colon.to_string() == ":" && !value.is_empty() => {
                    self.named(name, value).or_else(|| self.foreign_text(&plain(&tokens)))
                }
                [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => self.all(group.stream()),
                tokens => self.foreign_text(&plain(tokens)),
            },
        }
    }

    /// Takes the parts of `{ limit: 3, ttl: 60000 }`.
    fn all(&mut self, parts: TokenStream) -> Option<()> {
        split(parts).into_iter().try_for_each(|part| self.foreign(&Argument::read(part)))
    }

    fn named(&mut self, name: &Ident, value: &[TokenTree]) -> Option<()> {
        let name = name.to_string();
        let parts = parts(&name);
        let (squashed, text) = (parts.concat(), plain(value));
        let unit = parts.last().and_then(|last| time_of(last, Bound::Longest));
        let before_unit = parts.get(..parts.len().saturating_sub(1)).map(<[_]>::concat).unwrap_or_default();
        match (words(&name).as_deref(), value) {
            (Some([Word::Joiner, Word::Unit(unit)] | [Word::Unit(unit)]), _) if !name.ends_with('s') => {
                let amount = number(&text)?;
                if matches!(squashed.as_str(), "persecond" | "permillisecond") {
                    self.interval = WholeRate::new(Ratio::ONE, unit.scaled(amount)?);
                }
                self.rates.push(WholeRate::new(amount, *unit)?);
                Some(())
            }
            (Some([Word::Joiner, Word::Unit(unit)] | [Word::Unit(unit)]), _) => {
                self.set_time(unit.scaled(number(&text)?)?)
            }
            (_, [TokenTree::Group(group)]) if group.delimiter() == Delimiter::Brace => self.all(group.stream()),
            _ if BURSTS.contains(&squashed.as_str()) => self.set_burst(whole_number(value)?),
            _ if squashed == "throttle" => self.add(vec![throttle(&text)?]),
            _ if unit.is_some() && TIMES.contains(&before_unit.as_str()) => {
                self.set_time(unit?.scaled(number(&text)?)?.in_largest_unit())
            }
            _ if TIMES.contains(&squashed.as_str()) && self.named_time(&squashed, &text).is_some() => Some(()),
            _ if KEYS.contains(&squashed.as_str()) => self.set_key(value),
            _ if COUNTS.contains(&squashed.as_str()) => match number(&text) {
                Some(count) => self.set_count(count),
                None => self.foreign_text(&text),
            },
            _ => None,
        }
    }

    fn named_time(&mut self, name: &str, text: &str) -> Option<()> {
        if let Some(time) = time(text) {
            return self.set_time(time);
        }
        let amount = number(text)?;
        if name == "ttl" && amount.whole().is_some_and(|amount| amount > 0 && amount % 1000 == 0) {
            self.why = Some(MILLISECONDS);
            return self.set_time(time_of("ms", Bound::Longest)?.scaled(amount)?.in_largest_unit());
        }
        self.set_time_without_unit(amount)
    }

    fn foreign_text(&mut self, text: &str) -> Option<()> {
        if text.starts_with("throttle:") {
            return self.add(vec![throttle(text)?]);
        }
        if let Some((rate, key)) = text.rsplit_once('/').or_else(|| text.rsplit_once(" per "))
            && let Some(kind) = key::kind(key)
        {
            self.key.replace(kind.to_owned()).is_none().then_some(())?;
            return self.foreign_text(rate);
        }
        if let Some(time) = time(text).filter(|_| self.count.is_some()) {
            return self.set_time(time);
        }
        match phrase(text) {
            Some(Phrase::Rate(count, time)) => self.add(vec![WholeRate::new(count, time)?]),
            Some(Phrase::Either(number, unit)) => {
                self.set_choice(WholeRate::new(number, unit)?, WholeRate::new(Ratio::ONE, unit.scaled(number)?)?)
            }
            Some(Phrase::NoUnit(count, time)) => self.set_count(count).and_then(|()| self.set_time_without_unit(time)),
            Some(Phrase::Count(time)) if self.count.is_some() => self.set_time_without_unit(time),
            Some(Phrase::Count(count)) => self.set_count(count),
            Some(Phrase::Time(time)) => self.set_time(time),
            None => self.add(rates(text)?),
        }
    }

    fn add(&mut self, rates: Vec<WholeRate>) -> Option<()> {
        self.rates.extend(&rates);
        (!rates.is_empty()).then_some(())
    }

    fn set_count(&mut self, count: Ratio) -> Option<()> {
        self.count.replace(count).is_none().then_some(())
    }

    fn set_time(&mut self, time: Time) -> Option<()> {
        self.time.replace(time).is_none().then_some(())
    }

    fn set_burst(&mut self, burst: u64) -> Option<()> {
        u32::try_from(burst).ok()?;
        self.burst.replace(burst).is_none().then_some(())
    }

    fn set_choice(&mut self, one: WholeRate, other: WholeRate) -> Option<()> {
        self.choice.replace([one, other]).is_none().then_some(())
    }

    /// Takes an amount of seconds or minutes. Less than 60 may be either: `60, 1` is 60 a minute in Laravel.
    fn set_time_without_unit(&mut self, amount: Ratio) -> Option<()> {
        self.short = Some(amount).filter(|amount| amount.whole().is_none_or(|amount| amount < 60));
        self.why = Some(MINUTES);
        self.set_time(time_of("sec", Bound::Longest)?.scaled(amount)?)
    }

    fn set_key(&mut self, value: &[TokenTree]) -> Option<()> {
        self.key.replace(key::meant(value)?).is_none().then_some(())
    }

    /// Joins count and time to a rate, and drops the rates that another one hides.
    pub(super) fn assembled(mut self) -> Option<Self> {
        let minute = time_of("min", Bound::Longest)?;
        match (self.count, self.time) {
            _ if self.choice.is_some() => return Some(self),
            (None, None) => {}
            (Some(count), Some(time)) => match self.short {
                Some(amount) => {
                    self.set_choice(WholeRate::new(count, time)?, WholeRate::new(count, minute.scaled(amount)?)?)?;
                }
                None => self.rates.push(WholeRate::new(count, time)?),
            },
            (Some(count), None) if self.rates.is_empty() => {
                self.rates.push(WholeRate::new(count, minute)?);
                self.why = Some(ANY_UNIT);
            }
            (None, Some(time)) if self.rates.is_empty() => self.rates.push(WholeRate::new(Ratio::read("10")?, time)?),
            _ => return None,
        }
        if self.choice.is_some() {
            return Some(self);
        }
        if let Some(burst) = self.burst {
            self.options.push(format!("burst = {burst}"));
            if let Some(interval) = self.interval.filter(|interval| self.rates != [*interval]) {
                (self.rates, self.why) = (vec![interval], Some(INTERVAL));
            }
        }
        let (mut kept, all) = (Vec::<WholeRate>::new(), self.rates.len());
        for rate in self.rates {
            if !kept.iter().any(|earlier| earlier.hides(rate)) {
                kept.retain(|earlier| !rate.hides(*earlier));
                kept.push(rate);
            }
        }
        if kept.len() < all {
            self.why = Some(NEVER_REACHED);
        }
        self.rates = kept;
        (!self.rates.is_empty()).then_some(self)
    }
}

/// Returns the argument as users write it.
pub(in crate::lower) fn written(argument: &Argument) -> String {
    match argument {
        Argument::Set { name, value, .. } => format!("{name} = {}", spelled(value.iter().cloned().collect())),
        argument => spelled(argument.to_token_stream()),
    }
}
