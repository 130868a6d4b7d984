//! The path of the runtime crate in generated code.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// Returns the path that the user named by `crate = path`, or the usual path.
pub(crate) fn runtime_path(named: Option<impl ToTokens>) -> TokenStream {
    named.map_or_else(|| quote!(::auth_runtime), ToTokens::into_token_stream)
}
