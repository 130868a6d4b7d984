use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::{csp::csp, limit::limit, rule::rule};
use crate::model::{Access, Body, Check, Credential, Handler, Issuer, Named, Policy, Protection, Rule};
use crate::runtime::Runtime;

/// Writes the policy as a constant expression.
pub(super) fn constant(handler: &Handler, policy: &Policy) -> TokenStream {
    let runtime = &handler.runtime;
    let plain = handler.name.unraw().to_string();
    let name = quote!(::core::concat!(::core::module_path!(), "::", #plain));
    let access = match &policy.access {
        Access::Public { because } => {
            let because = because.as_ref().map(|because| quote!(.with_reason(#because)));
            quote!(#runtime::Policy::public(#name) #because)
        }
        Access::Protected(protection) => {
            let narrowing = narrowing(protection, runtime);
            quote!(#runtime::Policy::protected(#name) #narrowing)
        }
    };
    let limits = policy.limits.iter().map(|one| limit(one, runtime));
    let limits = (!policy.limits.is_empty()).then(|| quote!(.with_limits(&[#(#limits),*])));
    let body = policy.body.map(|Body { max, within }| {
        let max = max.map(core::num::NonZeroU64::get).map(|bytes| quote!(.with_max_body_bytes(#bytes)));
        let within = within.map(core::num::NonZeroU32::get).map(|seconds| quote!(.with_max_body_seconds(#seconds)));
        quote!(#max #within)
    });
    let csp = policy.csp.as_ref().map(|one| csp(one, runtime));
    let generic = (!handler.generics.is_empty()).then(|| quote!(.with_parameters_of::<Self>()));
    quote!(#access #limits #body #csp #generic)
}

fn narrowing(protection: &Protection, runtime: &Runtime) -> TokenStream {
    let via = via(&protection.via, runtime);
    let issuers = issuers(&protection.issuers, runtime);
    let fresh = protection.fresh.map(|fresh| {
        let seconds = fresh.get();
        quote!(.with_max_login_seconds(#seconds))
    });
    let rule = match &protection.rule {
        Rule::Authenticated => None,
        wanted => {
            let wanted = rule(wanted, runtime);
            Some(quote!(.with_rule(#wanted)))
        }
    };
    let csrf_exempt = protection.csrf_exempt.as_ref().map(|because| quote!(.with_csrf_exemption(#because)));
    let check_paths = check_paths(&protection.checks, runtime);
    let named = named(&protection.named, runtime);
    quote!(#via #issuers #fresh #rule #csrf_exempt #check_paths #named)
}

/// Writes the requirements of the checks on the route. It reads them through the checks' types, because a check that is
/// written by hand does not state them.
fn check_paths(checks: &[Check], runtime: &Runtime) -> Option<TokenStream> {
    let private = quote!(#runtime::__private);
    let paths = checks.iter().map(|Check { path, spelled }| {
        quote!(#private::CheckPath { name: #spelled, arguments: #private::Probe::<(#path,)>::CHECK_PATHS })
    });
    (!checks.is_empty()).then(|| {
        quote! {
            .with_check_paths({
                use #private::Blanket as _;
                &[#(#paths),*]
            })
        }
    })
}

fn named(named: &[Named], runtime: &Runtime) -> Option<TokenStream> {
    let policies = named.iter().map(|Named { path, .. }| quote!(&<#path as #runtime::HasPolicy>::POLICY));
    (!named.is_empty()).then(|| quote!(.with_named(&[#(#policies),*])))
}

fn via(credentials: &[Credential], runtime: &Runtime) -> Option<TokenStream> {
    let kind = |credential: &Credential| match credential {
        Credential::Bearer => quote!(#runtime::policy::Via::BEARER),
        Credential::Session => quote!(#runtime::policy::Via::SESSION),
        Credential::ApiKey => quote!(#runtime::policy::Via::API_KEY),
    };
    let (first, rest) = credentials.split_first()?;
    let (first, rest) = (kind(first), rest.iter().map(kind));
    Some(quote!(.with_via(#first #(.or(#rest))*)))
}

fn issuers(issuers: &[Issuer], runtime: &Runtime) -> Option<TokenStream> {
    let names = issuers.iter().map(|Issuer { path }| {
        let span = path.clone().into_iter().last().map_or_else(Span::call_site, |token| token.span());
        // `#[derive(Issuer)]` writes the method. On other types, the trait's method says that they are no issuers.
        let name = quote_spanned!(Span::call_site().located_at(span)=> #path.issuer_name());
        quote!({ use #runtime::__private::NameOfIssuer as _; #name })
    });
    (!issuers.is_empty()).then(|| quote!(.with_issuers(&[#(#names),*])))
}
