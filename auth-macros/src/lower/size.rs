//! Sizes: `2 MiB`, in bytes.

mod units;

use core::num::NonZeroU64;

use proc_macro2::TokenTree;
use syn::Lit;

use crate::diag::{Code, Problem, nearest, problem};
use crate::syntax::{TimeSpan, flat, stream};

use units::{UNITS, text};

/// The words of others, in lower case. Where they mean either unit, ours is the smaller one: a help is never looser
/// than the user's bound.
const WORDS: &[(&[&str], u64)] = &[
    (&["b", "byte", "bytes"], 1),
    (&["k", "kb", "kbyte", "kbytes", "kilobyte", "kilobytes"], 1_000),
    (&["m", "mb", "mbyte", "mbytes", "megabyte", "megabytes", "meg"], 1_000_000),
    (&["g", "gb", "gbyte", "gbytes", "gigabyte", "gigabytes"], 1_000_000_000),
    (&["t", "tb", "terabyte", "terabytes"], 1_000_000_000_000),
    (&["ki", "kib", "kibibyte", "kibibytes"], 1 << 10),
    (&["mi", "mib", "mebibyte", "mebibytes"], 1 << 20),
    (&["gi", "gib", "gibibyte", "gibibytes"], 1 << 30),
    (&["ti", "tib", "tebibyte", "tebibytes"], 1 << 40),
];

const NOTE: &str = "units are `B`, `kB`, `MB`, `GB`, and `KiB`, `MiB`, `GiB` of 1024";

/// Returns the bytes in `2 MiB`, or `None` if there is no number.
pub(crate) fn bytes(size: &TimeSpan, value: &[TokenTree]) -> Option<Result<NonZeroU64, Problem>> {
    let amount = size.amount.as_ref()?;
    let word = size.unit.word.as_str();
    let Some((_, unit)) = UNITS.iter().find(|(name, _)| *name == word) else {
        return Some(Err(unknown_unit(size, value)));
    };
    let Some(bytes) = amount.base10_digits().parse::<u64>().ok().and_then(|amount| amount.checked_mul(*unit)) else {
        return Some(Err(too_large(size)));
    };
    Some(NonZeroU64::new(bytes).ok_or_else(|| zero(size)))
}

fn unknown_unit(size: &TimeSpan, value: &[TokenTree]) -> Problem {
    let word = &size.unit.word;
    let message = format_args!("unknown unit of size `{word}`");
    if let Some(meant) = meant(value) {
        return problem(size, Code::UnknownSizeUnit, message).write(meant).note(NOTE);
    }
    let names: Vec<&str> = UNITS.iter().map(|(name, _)| *name).collect();
    let near = nearest(word, &names);
    match &size.amount {
        Some(both) if !both.suffix().is_empty() => {
            let near = near.map(|near| format!("{} {near}", both.base10_digits()));
            problem(size, Code::UnknownSizeUnit, message).did_you_mean(near.as_deref()).note(NOTE)
        }
        _ => problem(&size.unit.at, Code::UnknownSizeUnit, message).did_you_mean(near).note(NOTE),
    }
}

fn too_large(size: &TimeSpan) -> Problem {
    problem(size, Code::NumberTooLarge, "a size of more than 64 bits can count")
        .advice("give the largest body that the handler needs, as in `max = 2 MiB`")
}

fn zero(size: &TimeSpan) -> Problem {
    problem(size, Code::BodyZero, "a size of zero admits no body")
        .advice("to take no body, leave out the argument that reads it, and `#[body]`")
}

/// Returns the size in our form that a value says in the forms of others: `2097152`, `2 * 1024 * 1024`, `"2mb"`,
/// `1.5 MiB`. A number alone counts bytes.
pub(crate) fn meant(value: &[TokenTree]) -> Option<String> {
    let (bytes, _) = read(value)?;
    Some(text(bytes))
}

/// Returns whether the value is a number with a unit of size.
pub(super) fn has_unit(value: &[TokenTree]) -> bool {
    read(value).is_some_and(|(_, has_unit)| has_unit)
}

/// Returns the bytes, at least one, and whether a unit is there.
fn read(value: &[TokenTree]) -> Option<(u64, bool)> {
    let words = match flat(stream(value)).as_slice() {
        [TokenTree::Literal(literal)] if let Lit::Str(text) = Lit::new(literal.clone()) => text.value(),
        tokens => tokens.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
    };
    let (mut over, mut under, mut has_unit) = (1_u128, 1_u128, false);
    for factor in words.split('*') {
        let factor = factor.trim().replace('_', "");
        let end = factor.find(|char: char| !char.is_ascii_digit() && char != '.').unwrap_or(factor.len());
        let (number, word) = factor.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        over = over.checked_mul(format!("{whole}{fraction}").parse().ok()?)?;
        under = under.checked_mul(10_u128.checked_pow(fraction.len().try_into().ok()?)?)?;
        if let Some(size) = size_of(word.trim())? {
            over = over.checked_mul(size.into())?;
            has_unit = true;
        }
    }
    let bytes = u64::try_from(over / under).ok().filter(|bytes| *bytes > 0)?;
    (over % under == 0).then_some((bytes, has_unit))
}

/// Returns the size of a unit, `Some(None)` for no unit, and `None` for an unknown word.
fn size_of(word: &str) -> Option<Option<u64>> {
    const TYPES: [&str; 7] = ["", "u32", "u64", "usize", "i32", "i64", "isize"];
    if TYPES.contains(&word) {
        return Some(None);
    }
    if let Some((_, size)) = UNITS.iter().find(|(name, _)| *name == word) {
        return Some(Some(*size));
    }
    let word = word.to_lowercase();
    WORDS.iter().find(|(words, _)| words.contains(&word.as_str())).map(|(_, size)| Some(*size))
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use super::*;
    use crate::syntax::flat;

    fn read(tokens: TokenStream) -> Option<String> {
        meant(&flat(tokens))
    }

    #[test]
    fn a_size_is_read_in_the_forms_of_others() {
        for (tokens, meant) in [
            (quote!(2097152), Some("2 MiB")),
            (quote!(2_000_000usize), Some("2 MB")),
            (quote!(2 * 1024 * 1024), Some("2 MiB")),
            (quote!("2mb"), Some("2 MB")),
            (quote!("2 MiB"), Some("2 MiB")),
            (quote!(10mib), Some("10 MiB")),
            (quote!(2M), Some("2 MB")),
            (quote!(1.5 MiB), Some("1536 KiB")),
            (quote!("0.5 kB"), Some("500 B")),
            (quote!(1 TB), Some("1000 GB")),
            (quote!(1500), Some("1500 B")),
            (quote!(0), None),
            (quote!(0.5 B), None),
            (quote!(big), None),
            (quote!(-1), None),
            (quote!(2 parsecs), None),
            (quote!(99999999999999999999 GiB), None),
            (quote!(), None),
            (quote!("*"), None),
        ] {
            assert_eq!(read(tokens.clone()).as_deref(), meant, "{tokens}");
        }
    }

    #[test]
    fn a_number_alone_has_no_unit() {
        assert!(has_unit(&flat(quote!(2 MiB))) && has_unit(&flat(quote!("2mb"))));
        assert!(!has_unit(&flat(quote!(10))) && !has_unit(&flat(quote!(10 / min))));
    }
}
