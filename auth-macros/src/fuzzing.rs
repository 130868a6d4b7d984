//! What the fuzzer calls, and a test that calls it with inputs that were found.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::attribute::Attribute;
use crate::harness::{errors, expand, is_guarded};

/// Reads the bytes as an attribute: its name on the first line, its arguments behind it. The handler is guarded, or
/// there is an error.
pub(crate) fn attribute(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    let Some((name, arguments)) = text.split_once('\n') else { return };
    let Ok(name) = syn::parse_str::<Ident>(name) else { return };
    if Attribute::from_name(&name).is_some() {
        expanded(&name, arguments);
    }
}

/// Reads the bytes as the arguments of `#[rate_limit]`.
pub(crate) fn rate_limit(bytes: &[u8]) {
    if let Ok(text) = core::str::from_utf8(bytes) {
        expanded(&Ident::new("rate_limit", Span::call_site()), text);
    }
}

/// Reads the bytes as an enum or a struct with one of the derives.
pub(crate) fn derive(bytes: &[u8]) {
    let Some(item) = tokens(bytes) else { return };
    for derive in [crate::role::derive, crate::issuer::derive, crate::upload::derive] {
        assert_eq!(derive(item.clone()).to_string(), derive(item.clone()).to_string());
    }
}

fn expanded(name: &Ident, arguments: &str) {
    let Some(arguments) = tokens(arguments.as_bytes()) else { return };
    let access = (name != "public" && name != "protected").then(|| quote!(#[protected]));
    let expansion = expand(quote!(#[#name(#arguments)] #access async fn handler(_: String) {}));
    assert!(!errors(expansion.clone()).is_empty() || is_guarded(expansion));
}

/// Returns the tokens of a text that is not deeply nested: the compiler bounds the depth of what it reads.
fn tokens(bytes: &[u8]) -> Option<TokenStream> {
    const DEEPEST: usize = 64;
    let opens =
        bytes.iter().filter(|byte| matches!(byte, b'(' | b'[' | b'{' | b'<' | b'!' | b'&' | b'-' | b'*')).count();
    core::str::from_utf8(bytes).ok().filter(|_| opens <= DEEPEST)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    type Target = (&'static str, fn(&[u8]));

    /// The package lacks this folder, and this repository has it.
    #[test]
    fn inputs_that_were_found_hold() {
        let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/inputs");
        let targets: [Target; 3] = [("attribute", attribute), ("derive", derive), ("rate_limit", rate_limit)];
        for (name, target) in targets.into_iter().filter(|_| all.exists()) {
            let inputs: Vec<_> = fs::read_dir(all.join(name)).unwrap().collect();
            assert!(!inputs.is_empty(), "{name} has no inputs");
            for input in inputs {
                target(&fs::read(input.unwrap().path()).unwrap());
            }
        }
    }
}
