use proc_macro2::TokenStream;
use quote::quote;

use super::{limit::limit, rule::rule};
use crate::model::{Access, Credential, Handler, Policy, Protection, Rule};

/// The policy as a constant expression.
pub(super) fn constant(handler: &Handler, policy: &Policy) -> TokenStream {
    let runtime = &handler.runtime;
    let plain = handler.name.to_string();
    let plain = plain.trim_start_matches("r#");
    let name = quote!(::core::concat!(::core::module_path!(), "::", #plain));
    let access = match &policy.access {
        Access::Public { because } => {
            let because = because.as_ref().map(|because| quote!(.because(#because)));
            quote!(#runtime::Policy::public(#name) #because)
        }
        Access::Protected(protection) => {
            let narrowing = narrowing(protection, runtime);
            quote!(#runtime::Policy::protected(#name) #narrowing)
        }
    };
    let limits = policy.limits.iter().map(|one| limit(one, runtime));
    let limits = (!policy.limits.is_empty()).then(|| quote!(.limits(&[#(#limits),*])));
    let generic = (!handler.generics.is_empty()).then(|| quote!(.generic::<Self>()));
    quote!(#access #limits #generic)
}

fn narrowing(protection: &Protection, runtime: &TokenStream) -> TokenStream {
    let via = via(&protection.via, runtime);
    let fresh = protection.fresh.map(|fresh| {
        let seconds = fresh.get();
        quote!(.fresh(#seconds))
    });
    let rule = match &protection.rule {
        Rule::Authenticated => None,
        wanted => {
            let wanted = rule(wanted, runtime);
            Some(quote!(.rule(#wanted)))
        }
    };
    let csrf_exempt = protection.csrf_exempt.as_ref().map(|because| quote!(.csrf_exempt(#because)));
    quote!(#via #fresh #rule #csrf_exempt)
}

fn via(credentials: &[Credential], runtime: &TokenStream) -> Option<TokenStream> {
    let kind = |credential: &Credential| match credential {
        Credential::Bearer => quote!(#runtime::policy::Via::BEARER),
        Credential::Session => quote!(#runtime::policy::Via::SESSION),
        Credential::ApiKey => quote!(#runtime::policy::Via::API_KEY),
    };
    let (first, rest) = credentials.split_first()?;
    let (first, rest) = (kind(first), rest.iter().map(kind));
    Some(quote!(.via(#first #(.or(#rest))*)))
}
