use core::hash::Hash;
use std::collections::HashSet;

use validator::ValidationError;

use super::text::hold;

/// Accepts a list in which no element is there twice, such as identifiers. The code is `unique`.
///
/// # Errors
/// Returns an error for any other list.
pub fn unique<T: Eq + Hash>(elements: &[T]) -> Result<(), ValidationError> {
    let mut known = HashSet::with_capacity(elements.len());
    hold(elements.iter().all(|element| known.insert(element)), "unique")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_may_be_there_once() {
        assert!(unique::<u8>(&[]).is_ok() && unique(&["a", "A"]).is_ok());
        assert!(unique(&[1, 2, 1]).is_err());
    }
}
