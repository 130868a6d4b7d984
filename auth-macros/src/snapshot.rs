//! Pinned expansions. `SNAPSHOTS=overwrite cargo test -p auth-macros` writes them again, for review.

use std::{env, fs, path::Path};

use proc_macro2::TokenStream;

/// Formats the expansion like handwritten code.
pub(crate) fn pretty(expansion: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(expansion).expect("an expansion is a list of items"))
}

/// Asserts that the expansion equals the one pinned in `src/<path>`.
pub(crate) fn assert_pinned(path: &str, expansion: TokenStream) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path);
    let expansion = pretty(expansion);
    if env::var_os("SNAPSHOTS").is_some_and(|mode| mode == "overwrite") {
        fs::write(&file, &expansion).expect("the snapshot can be written");
    }
    let pinned = fs::read_to_string(&file).unwrap_or_default();
    assert!(pinned == expansion, "the expansion is not the one in {path}:\n{expansion}");
}
