use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Counts, Key, Limit, OnOutage};

/// Writes the limit as a constant expression.
pub(super) fn limit(limit: &Limit, runtime: &TokenStream) -> TokenStream {
    let (count, window) = (limit.count.get(), limit.window.get());
    let key = key(&limit.key, runtime);
    let quota = match limit.burst {
        burst if burst == limit.count => quote!(per(#count, #window, #key)),
        burst => {
            let burst = burst.get();
            quote!(new(#runtime::policy::Quota::new(#count, #window).burst(#burst), #key))
        }
    };
    let name = limit.name.as_ref().map(|name| quote!(.named(#name)));
    let cost = (limit.cost.get() != 1).then(|| {
        let cost = limit.cost.get();
        quote!(.cost(#cost))
    });
    let counts = limit.counts.map(|counts| match counts {
        Counts::BeforeChecks => quote!(.counts(#runtime::policy::Counts::BeforeChecks)),
        Counts::AfterChecks => quote!(.counts(#runtime::policy::Counts::AfterChecks)),
    });
    let on_outage = match limit.on_outage {
        OnOutage::Local => None,
        OnOutage::Deny => Some(quote!(.on_outage(#runtime::policy::OnOutage::Deny))),
        OnOutage::Allow => Some(quote!(.on_outage(#runtime::policy::OnOutage::Allow))),
    };
    let shadow = limit.shadow.then(|| quote!(.shadow()));
    quote!(#runtime::policy::Limit::#quota #name #cost #counts #on_outage #shadow)
}

fn key(key: &Key, runtime: &TokenStream) -> TokenStream {
    let kind = quote!(#runtime::policy::LimitKey);
    match key {
        Key::User => quote!(#kind::User),
        Key::Address => quote!(#kind::Address),
        Key::ApiKey => quote!(#kind::ApiKey),
        Key::Global => quote!(#kind::Global),
        Key::Header(name) => quote!(#kind::Header(#name)),
        Key::Path(name) => quote!(#kind::Path(#name)),
        Key::Custom { path, spelled } => quote!(#kind::Custom { name: #spelled, key: #path }),
    }
}
