use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::model::{Counts, Key, Limit, OnOutage};
use crate::runtime::Runtime;

/// Writes the limit as a constant expression.
pub(super) fn limit(limit: &Limit, runtime: &Runtime) -> TokenStream {
    let (count, window) = (limit.count.get(), limit.window.get());
    let key = key(&limit.key, runtime);
    let quota = match limit.burst {
        burst if burst == limit.count => quote!(in_seconds(#count, #window, #key)),
        burst => {
            let burst = burst.get();
            quote!(new(#runtime::policy::Quota::in_seconds(#count, #window).with_burst(#burst), #key))
        }
    };
    let name = limit.name.as_ref().map(|name| quote!(.with_name(#name)));
    let cost = (limit.cost.get() != 1).then(|| {
        let cost = limit.cost.get();
        quote!(.with_cost(#cost))
    });
    let counts = limit.counts.map(|counts| match counts {
        Counts::BeforeChecks => quote!(.with_counts(#runtime::policy::Counts::BeforeChecks)),
        Counts::AfterChecks => quote!(.with_counts(#runtime::policy::Counts::AfterChecks)),
    });
    let outage = match limit.on_outage {
        OnOutage::Local => None,
        OnOutage::Deny => Some(quote!(.with_outage(#runtime::policy::OnOutage::Deny))),
        OnOutage::Allow => Some(quote!(.with_outage(#runtime::policy::OnOutage::Allow))),
    };
    let shadow = limit.shadow.then(|| quote!(.with_shadow(true)));
    quote!(#runtime::policy::Limit::#quota #name #cost #counts #outage #shadow)
}

fn key(key: &Key, runtime: &Runtime) -> TokenStream {
    let kind = quote!(#runtime::policy::LimitKey);
    match key {
        Key::User => quote!(#kind::User),
        Key::Address => quote!(#kind::Address),
        Key::ApiKey => quote!(#kind::ApiKey),
        Key::Global => quote!(#kind::Global),
        Key::Header(name) => quote!(#kind::Header(#name)),
        Key::Path(name) => quote!(#kind::Path(#name)),
        Key::Custom { path, spelled } => {
            let span = path.clone().into_iter().last().map_or_else(Span::call_site, |token| token.span());
            let private = quote!(#runtime::__private);
            // On a value that is no key function, the trait's method says so.
            let key =
                quote_spanned!(Span::call_site().located_at(span)=> #private::KeyOf(#path).of(__auth_runtime_parts));
            quote! {
                #kind::custom(#spelled, |__auth_runtime_parts| {
                    use #private::GivesKey as _;
                    #key
                })
            }
        }
    }
}
