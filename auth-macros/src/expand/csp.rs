use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Csp, CspDirective};
use crate::runtime::Runtime;

/// Writes the change of the Content Security Policy as a call on the policy.
pub(super) fn csp(csp: &Csp, runtime: &Runtime) -> TokenStream {
    let directives = csp
        .directives
        .iter()
        .map(|CspDirective { name, sources }| quote!(#runtime::policy::CspDirective::new(#name, &[#(#sources),*])));
    let because = csp.because.as_ref().map(|because| quote!(.with_reason(#because)));
    quote!(.with_csp(&#runtime::policy::CspOverride::new(&[#(#directives),*]) #because))
}
