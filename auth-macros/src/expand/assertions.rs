use core::num::NonZeroU64;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{
    constants::{are_roles, are_scopes},
    named::fit_beside,
    rule::role_rule,
};
use crate::diag::{Code, panic_at, problem};
use crate::model::{Access, Check, Contingent, Credential, Handler, Policy, Probe, Role};
use crate::runtime::Runtime;

/// Writes assertions about facts that only the compiler knows: the types of parameters, the hierarchy of roles.
pub(super) fn assertions(handler: &Handler, policy: &Policy) -> TokenStream {
    let Handler { runtime, lints, probes, reader, .. } = handler;
    let most = policy.body.and_then(|body| body.max);
    let reader = reader.as_ref().map(|reader| reads_body(reader, most, lints, runtime));
    let access: TokenStream = match &policy.access {
        Access::Public { .. } => probes.iter().map(|probe| needs_no_identity(probe, lints, runtime)).collect(),
        Access::Protected(protection) => {
            let pairs = protection.apart.iter().map(|pair| are_apart(pair, lints, runtime));
            let without_cookie = if protection.accepts(Credential::Session) { &[] } else { probes.as_slice() };
            let tokens = without_cookie.iter().map(|probe| needs_no_cookie(probe, lints, runtime));
            let asked = if protection.accepts(Credential::Session) { &[] } else { protection.checks.as_slice() };
            let checks = asked.iter().map(|check| check_needs_no_cookie(check, lints, runtime));
            let named = fit_beside(&protection.named, lints, runtime);
            let roles = are_roles(&protection.rule, lints, runtime);
            let scopes = are_scopes(&protection.rule, lints, runtime);
            let by_roles = are_contingent(&protection.contingent, lints, runtime);
            pairs.chain(by_roles).chain(tokens).chain(checks).chain(scopes).chain(roles).chain(named).collect()
        }
    };
    quote!(#access #reader)
}

/// Asserts that the last parameter may read the body, which has bounds. Nothing is known about some types.
fn reads_body(probe: &Probe, most: Option<NonZeroU64>, lints: &[TokenStream], runtime: &Runtime) -> TokenStream {
    let problem = problem(&probe.ty, Code::BodyUnread, "`#[body]` bounds nothing: no argument reads the body")
        .advice("remove `#[body]`, or take the body as the last argument");
    let Probe { ty, .. } = probe;
    let refused = panic_at(ty, &problem.text());
    let asked = quote!(#runtime::__private::Probe::<#ty>);
    let fits = most.map(|most| holds_upload(probe, most.get(), &asked));
    quote! {
        #(#lints)*
        const _: () = {
            use #runtime::__private::Blanket as _;
            if #asked::LEAVES_BODY || (#asked::READS_PARTS && !#asked::READS_BODY) {
                #refused
            }
            #fits
        };
    }
}

/// Asserts that the body has room for a file that the upload takes. The form around the file needs some bytes, too.
fn holds_upload(Probe { ty, .. }: &Probe, most: u64, asked: &TokenStream) -> TokenStream {
    let message = "`#[body]` has no room for a file that the upload takes";
    let problem = problem(ty, Code::UploadAboveBody, message)
        .advice("raise `max` of `#[body]` above `max` of `#[upload]`, or lower that of `#[upload]`");
    let refused = panic_at(ty, &problem.text());
    quote! {
        if #asked::LARGEST_UPLOAD >= #most {
            #refused
        }
    }
}

/// Asserts that no parameter refuses callers without an identity, as `Identity` does, because `#[public]` admits them.
fn needs_no_identity(probe: &Probe, lints: &[TokenStream], runtime: &Runtime) -> TokenStream {
    let message = "a `#[public]` handler takes an identity, which not every caller has";
    let problem = problem(&probe.ty, Code::PublicTakesIdentity, message)
        .advice("take an `Option<..>` of it, or write `#[protected]`");
    refuses(probe, &quote!(NEEDS_IDENTITY), &problem.text(), lints, runtime)
}

/// Asserts that no parameter is made from a session's cookie, as `CsrfToken` is, because the handler accepts none.
fn needs_no_cookie(probe: &Probe, lints: &[TokenStream], runtime: &Runtime) -> TokenStream {
    let message = "a `CsrfToken` is made from a session's cookie, and `via` accepts no `session`";
    let problem = problem(&probe.ty, Code::TokenWithoutSession, message)
        .advice("accept `session` in `via`, or leave the argument out")
        .note("no other site can attach a bearer token or an API key, so their callers need no `CsrfToken`");
    refuses(probe, &quote!(MADE_OF_COOKIE), &problem.text(), lints, runtime)
}

/// Asserts that the check takes no `CsrfToken`, because no caller of the handler has one.
fn check_needs_no_cookie(check: &Check, lints: &[TokenStream], runtime: &Runtime) -> TokenStream {
    let Check { path, spelled } = check;
    let message = format!("the check `{spelled}` takes a `CsrfToken`, and `via` accepts no `session`");
    let text = problem(path, Code::TokenWithoutSession, message)
        .advice("accept `session` in `via`, or let the check take an `Option<CsrfToken>`")
        .text();
    let refused = panic_at(path, &text);
    quote! {
        #(#lints)*
        const _: () = {
            use #runtime::__private::Blanket as _;
            if #runtime::__private::Probe::<(#path,)>::CHECK_NEEDS_COOKIE {
                #refused
            }
        };
    }
}

/// Asserts that the constant is `false` for the parameter's type. An alias does not hide the type.
fn refuses(
    Probe { ty, cfgs }: &Probe,
    constant: &TokenStream,
    text: &str,
    lints: &[TokenStream],
    runtime: &Runtime,
) -> TokenStream {
    let refused = panic_at(ty, text);
    quote! {
        #(#cfgs)* #(#lints)*
        const _: () = {
            use #runtime::__private::Blanket as _;
            if #runtime::__private::Probe::<#ty>::#constant {
                #refused
            }
        };
    }
}

/// Asserts that no expression holds always or never by the hierarchy of roles. All are in one constant, the smaller
/// expressions first, so that the compiler reports one error.
fn are_contingent(all: &[Contingent], lints: &[TokenStream], runtime: &Runtime) -> Option<TokenStream> {
    let (first, rest) = all.split_first()?;
    let assertion = |Contingent { at, text, roles, rows }: &Contingent| {
        let roles = roles.iter().map(|role| role_rule(role, runtime));
        let refused = panic_at(at, text);
        quote!(if !#runtime::__private::is_reachable(&[#(#roles),*], &[#(#rows),*]) { #refused })
    };
    let (first, rest) = (assertion(first), rest.iter().map(assertion));
    Some(quote!(#(#lints)* const _: () = { #first #(#rest)* };))
}

/// Asserts that neither role implies the other. In a list of alternatives, a role that implies another one of the list
/// would admit no further caller.
fn are_apart((one, other): &(Role, Role), lints: &[TokenStream], runtime: &Runtime) -> TokenStream {
    let message = format!("one of `{}` and `{}` implies the other", one.spelled(), other.spelled());
    let place = match other {
        Role::Named(name) => name.to_token_stream(),
        Role::Path { path, .. } | Role::Constant { path, .. } => path.clone(),
    };
    let text = problem(&place, Code::RoleImplied, message)
        .advice("keep the implied role alone: it admits the holders of the other, too")
        .text();
    let (one, other) = (role_rule(one, runtime), role_rule(other, runtime));
    let refused = panic_at(&place, &text);
    quote!(#(#lints)* const _: () = if #one.overlaps(&#other) { #refused };)
}
