use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use crate::attribute::Attribute;
use crate::harness::{assert_problems, expand, is_guarded, policy_of, problems};
use crate::snapshot::assert_pinned;

mod properties;

fn pinned(name: &str, item: TokenStream) {
    assert_pinned(&format!("driver/snapshots/{name}.rs"), expand(item));
}

#[test]
fn public_handlers() {
    pinned(
        "public",
        quote! {
            /// Whether the service is up.
            #[public(because = "load balancer probe")]
            #[rate_limit(100/sec)]
            pub async fn health(who: Option<Identity>, #[cfg(feature = "x")] db: State<Db>) -> &'static str { "ok" }
        },
    );
}

#[test]
fn protected_handlers() {
    pinned(
        "protected",
        quote! {
            #[protected(via(session, bearer), fresh = 5 min)]
            #[allow(clippy::unused_async)]
            pub(crate) async fn me(user: CurrentUser<Account>) -> Json<Profile> { user.profile() }
        },
    );
}

#[test]
fn constants_and_named_policies() {
    pinned(
        "constants",
        quote! {
            #[authorize(policy(CanEdit) && (role(ADMIN) || scope(scopes::WRITE)))]
            async fn edit() {}
        },
    );
}

#[test]
fn exemptions() {
    pinned(
        "csrf_exempt",
        quote! {
            #[csrf_exempt(because = "signed by the payment provider")]
            #[require_scope("payments:write")]
            async fn paid() {}
        },
    );
}

#[test]
fn bounds_of_the_body() {
    pinned(
        "body",
        quote! {
            #[body(max = "2 MiB", within = 10 s)]
            #[public]
            async fn upload(State(files): State<Files>, body: Multipart) {}
        },
    );
}

#[test]
fn content_security_policies() {
    pinned(
        "csp",
        quote! {
            #[csp(img-src(self, "https://images.example.com", "data:"), script_src(nonce, unsafe-eval), frame_ancestors(none), sandbox, because = "the charts compile their templates")]
            #[public]
            async fn charts() {}
        },
    );
}

#[test]
fn roles_scopes_and_limits() {
    pinned(
        "publish",
        quote! {
            #[require_role(Role::Moderator)]
            #[require_scope("posts:write", "posts:read")]
            #[rate_limit(10/min, by = user, burst = 3)]
            #[rate_limit(2/5 min, by = header("X-Tenant"), cost = 2, name = "publish", on_outage = deny, shadow)]
            async fn publish(who: Identity, State(db): State<Db>, Valid(Json(post)): Valid<Json<NewPost>>) -> Result<Json<Post>, Error> {
                db.save(who, post).await
            }
        },
    );
}

#[test]
fn expressions_and_checks() {
    pinned(
        "authorize",
        quote! {
            #[authorize(role(Role::Admin, "root") || (scope("posts:write") && check(posts::owns_post) && !check(is_frozen)))]
            async fn edit<T: Store>(db: State<T>) where T: Clone {}
        },
    );
}

#[test]
fn mistakes_leave_a_handler_that_admits_no_caller() {
    pinned(
        "mistakes",
        quote! {
            #[require_role(admin)]
            #[rate_limit(0/mni)]
            async fn publish(who: Identity) -> &'static str { "done" }
        },
    );
}

#[test]
fn the_runtime_may_have_another_name() {
    let expansion = expand(quote!(
        #[protected]
        #[rate_limit(1/min, crate = my::rt)]
        async fn f() {}
    ))
    .to_string();
    assert!(!expansion.contains("auth_runtime"), "{expansion}");
    assert!(expansion.contains("my :: rt :: Guard"), "{expansion}");
}

#[test]
fn all_mistakes_of_a_handler_are_reported_at_once() {
    assert_problems(
        quote!(
            #[public(becuse = "x")]
            #[rate_limit(1/mni, burst = 0)]
            #[rate_limit(1/min, by = usr)]
            fn f(&self) {}
        ),
        &[
            ("AUTH030", "`becuse`"),
            ("AUTH061", "`mni`"),
            ("AUTH066", "burst of zero"),
            ("AUTH069", "`usr`"),
            ("AUTH002", "not `async`"),
            ("AUTH003", "`self`"),
        ],
    );
}

#[test]
fn a_sync_handler_is_made_async_so_that_nothing_else_fails() {
    let expansion = expand(quote!(
        #[protected]
        pub fn f() {}
    ));
    assert!(is_guarded(expansion.clone()) && expansion.to_string().contains("pub async fn f"), "{expansion}");
}

#[test]
fn an_attribute_that_comes_after_the_policy_is_refused() {
    let guarded = quote!(
        #[require_role("a")]
        async fn f(_: ::auth_runtime::Guard<__f_policy>, a: u8) {}
    );
    assert_problems(guarded, &[("AUTH027", "`f` already has a policy, and `#[require_role]` was not part of it")]);
}

#[test]
fn an_attribute_that_comes_after_a_mistake_adds_nothing() {
    let once = expand(quote!(
        #[rate_limit(1 / min)]
        async fn f() {}
    ));
    assert_problems(
        quote!(
            #[require_role("a")]
            async fn f(_: ::auth_runtime::Guard<::auth_runtime::__private::Refused>, a: u8) {}
        ),
        &[],
    );
    assert!(once.to_string().contains("Guard < :: auth_runtime :: __private :: Refused >"), "{once}");
}

#[test]
fn raw_names_lose_their_prefix_only_where_they_must() {
    let expansion = expand(quote!(
        #[protected]
        async fn r#match() {}
    ))
    .to_string();
    assert!(expansion.contains("__match_policy") && expansion.contains("async fn r#match"), "{expansion}");
    assert!(expansion.contains("\"match\""), "{expansion}");
}

#[test]
fn fragments_of_macros_are_read_as_what_they_hold() {
    let group = |tokens| TokenTree::Group(Group::new(Delimiter::None, tokens));
    let (vis, count, name, path, body) =
        (group(quote!(pub)), group(quote!(10)), group(quote!("a")), group(quote!(Role::Admin)), group(quote!({ 1 })));
    let either = group(quote!(role("x") || role("y")));
    let passed = group(quote!(require_role(#name, #path)));
    let expansion = expand(quote! {
        #[#passed] #[rate_limit(#count/min)] #[authorize(#either && scope(#name))] #vis async fn f() -> u8 #body
    });
    assert!(problems(quote!(#expansion)).is_empty() && is_guarded(expansion.clone()), "{expansion}");
    let policy = policy_of(expansion);
    assert!(policy.contains("Any (& [:: auth_runtime :: policy :: Rule :: role (\"x\")"), "{policy}");
}

#[test]
fn a_marker_written_by_hand_admits_no_caller() {
    assert_problems(
        quote!(
            #[policy(something)]
            async fn f() {}
        ),
        &[("AUTH033", "not written by hand")],
    );
    let empty = expand(quote!(
        #[policy()]
        async fn f() {}
    ));
    assert!(is_guarded(empty.clone()) && empty.to_string().contains("Refused"), "{empty}");
}

/// Behind a limit without access, another attribute may be one of this crate under another name.
#[test]
fn a_limit_alone_waits_behind_other_attributes() {
    let limited = quote!(
        #[other]
        async fn f(id: Path<u8>) {}
    );
    let waiting = crate::collect::collect(Attribute::RateLimit, quote!(1 / min), limited);
    let text = waiting.to_string();
    assert!(
        text.contains("Refused") && text.contains("policy (waiting ,") && !text.contains("compile_error"),
        "{text}"
    );
    assert_problems(waiting.clone(), &[("AUTH020", "a limit alone does not say who may call")]);
    let renamed = crate::collect::collect(Attribute::RequireRole, quote!("a"), waiting);
    assert_problems(renamed.clone(), &[("AUTH027", "the attributes above did not see `#[require_role]`")]);
    let text = renamed.to_string();
    assert!(text.contains("Refused") && !text.contains("policy (waiting"), "{text}");
}

#[test]
fn a_waiting_marker_written_by_hand_is_refused() {
    assert_problems(
        quote!(
            #[policy(waiting, public())]
            async fn f() {}
        ),
        &[("AUTH033", "not written by hand")],
    );
}

#[test]
fn arguments_behind_an_equals_sign_are_told_in_parentheses() {
    for (written, line) in [
        (quote!(rate_limit = "10/min", protected()), "write `#[rate_limit(10/min)]`"),
        (quote!(protected = true), "write `#[protected]`"),
        (quote!(public = "a probe"), "write `#[public(because = \"a probe\")]`"),
        (quote!(require_role = "admin"), "write `#[require_role(\"admin\")]`"),
        (quote!(require_role = "admin, user"), "write `#[require_role(\"admin\", \"user\")]`"),
        (quote!(require_scope = "a|b"), "write `#[authorize(scope(\"a\") || scope(\"b\"))]`"),
        (quote!(require_scope = "a b"), "write it as in `#[require_scope(\"orders:write\")]`"),
        (quote!(authorize = "admin"), "write `#[authorize(role(\"admin\"))]`"),
        (quote!(csrf_exempt = "signed", protected()), "write `#[csrf_exempt(because = \"signed\")]`"),
        (quote!(rate_limit = "soon", protected()), "write it as in `#[rate_limit(10/min)]`"),
    ] {
        let item = crate::syntax::item(quote!(
            async fn f() {}
        ));
        let expansion = crate::driver::finish(written.clone(), item);
        assert!(is_guarded(expansion.clone()), "{written}");
        let texts = crate::harness::errors(expansion);
        assert!(matches!(texts.as_slice(), [text] if text.contains("AUTH156") && text.contains(line)), "{texts:?}");
    }
}
