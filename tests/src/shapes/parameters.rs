use super::{
    dice::Dice,
    policy::Admits,
    vocabulary::{BODIES, PARTS},
};

const MOST: usize = 14;

/// Draws the extractors of a handler, each as it is written between the parentheses.
///
/// `is_read` leaves out parameters that an attribute which reads all parameters cannot bear: absent ones.
pub(super) fn drawn(dice: &mut Dice, admits: Admits, is_read: bool) -> Vec<String> {
    let count = dice.below(MOST + 1);
    let mut types: Vec<&str> = (0..count).map(|_| dice.one_of(&PARTS)).collect();
    if let Some(first) = types.first_mut()
        && admits != Admits::Everyone
        && dice.in_hundred(40)
    {
        *first = "Identity";
    }
    let mut parameters: Vec<String> =
        types.iter().enumerate().map(|(place, ty)| parameter(dice, place, ty, is_read)).collect();
    if parameters.len() > 1 && dice.in_hundred(50) {
        parameters[1] = "Path(_id): Path<u64>".to_owned();
    }
    dice.shuffle(&mut parameters);
    if let Some(last) = parameters.last_mut()
        && dice.in_hundred(50)
    {
        *last = format!("_body: {}", dice.one_of(&BODIES));
    }
    parameters
}

fn parameter(dice: &mut Dice, place: usize, ty: &str, is_read: bool) -> String {
    match dice.below(12) {
        0 | 1 => format!("_: {ty}"),
        2 if ty.starts_with("State<") => format!("State(_state_{place}): {ty}"),
        3 if ty.starts_with('(') => format!("(_one_{place}, _): {ty}"),
        4 => format!("#[cfg(all())] _part_{place}: {ty}"),
        5 if !is_read => format!("#[cfg(any())] _part_{place}: {ty}"),
        6 => format!("#[allow(unused)] part_{place}: {ty}"),
        7 => format!("#[allow(unused_mut, unused_variables)] mut part_{place}: {ty}"),
        _ => format!("_part_{place}: {ty}"),
    }
}
