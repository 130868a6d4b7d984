//! The path of the runtime crate in generated code.

use std::rc::Rc;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};

/// The path in a handler's expansion, which has it many times. To write single tokens is cheaper than to write a
/// stream, because the compiler joins streams.
#[derive(Clone, Debug)]
pub(crate) struct Runtime(Rc<[TokenTree]>);

impl From<TokenStream> for Runtime {
    fn from(path: TokenStream) -> Self {
        Self(path.into_iter().collect())
    }
}

impl ToTokens for Runtime {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(self.0.iter());
    }
}

/// Returns the path that the user named by `crate = path`, or the usual path.
pub(crate) fn runtime_path(named: Option<impl ToTokens>) -> TokenStream {
    named.map_or_else(|| quote!(::auth_runtime), ToTokens::into_token_stream)
}
