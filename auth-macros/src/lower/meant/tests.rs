use quote::quote;

use super::{Noun, condition};
use crate::syntax::flat;

fn meant(tokens: proc_macro2::TokenStream) -> String {
    condition(&flat(tokens), Noun::Role).map_or_else(|| "?".to_owned(), |meant| meant.alone())
}

/// Each pair is what people write elsewhere, and the same in our words.
#[test]
fn habits_from_elsewhere_are_understood() {
    let (mut found, mut expected) = (Vec::new(), Vec::new());
    for (foreign, ours) in [
        (quote!(hasRole("ADMIN")), r#"role("ADMIN")"#),
        (quote!(has_role("ADMIN")), r#"role("ADMIN")"#),
        (quote!(hasAnyRole("A", "B")), r#"role("A") || role("B")"#),
        (quote!(hasAllRoles("A", "B")), r#"role("A") && role("B")"#),
        (quote!(hasAuthority("SCOPE_read")), r#"scope("read")"#),
        (quote!(hasAuthority("ROLE_ADMIN")), r#"role("ADMIN")"#),
        (quote!(hasAnyAuthority("SCOPE_read", "ROLE_X")), r#"scope("read") || role("X")"#),
        (quote!("hasRole('ADMIN') and isAuthenticated()"), r#"role("ADMIN") && authenticated"#),
        (quote!("role:admin|editor"), r#"role("admin") || role("editor")"#),
        (quote!("orders:write"), r#"scope("orders:write")"#),
        (quote!(isAuthenticated()), "authenticated"),
        (quote!(["admin", "user"]), r#"role("admin") || role("user")"#),
        (quote!(Roles = "Admin,User"), r#"role("Admin") || role("User")"#),
        (quote!(Policy = "owns_post"), "check(owns_post)"),
        (quote!(scopes = ["a", "b"]), r#"scope("a", "b")"#),
        (quote!(role in ["a", "b"]), r#"role("a") || role("b")"#),
        (quote!("admin" in user.roles), r#"role("admin")"#),
        (quote!(user.roles.contains("admin")), r#"role("admin")"#),
        (quote!(user.role == Role::Admin), "role(Role::Admin)"),
        (quote!("admin" == role), r#"role("admin")"#),
        (quote!(user.is_admin()), r#"role("admin")"#),
        (quote!(|u| u.isSuperUser()), r#"role("super_user")"#),
        (quote!(is_superuser), r#"role("superuser")"#),
        (quote!(is_owner(id)), "check(is_owner)"),
        (quote!(@authz.owns_post(id)), "check(owns_post)"),
        (quote!(posts::owns_post(id)), "check(posts::owns_post)"),
        (quote!(check("owns")), "check(owns)"),
        (quote!(check(owns())), "check(owns)"),
        (quote!(check(a, b)), "check(a) && check(b)"),
        (quote!(any("a", "b")), r#"role("a") || role("b")"#),
        (quote!(all(role("a"), scope("b"))), r#"role("a") && scope("b")"#),
        (quote!(role("a") or (role("b") and role("c"))), r#"role("a") || (role("b") && role("c"))"#),
        (quote!(can("posts.edit")), r#"scope("posts.edit")"#),
    ] {
        found.push((meant(foreign.clone()), foreign.to_string()));
        expected.push((ours.to_owned(), foreign.to_string()));
    }
    assert_eq!(found, expected);
}

#[test]
fn no_meaning_is_turned_round() {
    let (mut found, mut expected) = (Vec::new(), Vec::new());
    for (foreign, ours) in [
        (quote!(role != "banned"), r#"!role("banned")"#),
        (quote!(role("a") == false), r#"!role("a")"#),
        (quote!(role("a") != true), r#"!role("a")"#),
        (quote!(role("a") == true), r#"role("a")"#),
        (quote!(false == role("a")), "?"),
        (quote!(not role("x")), r#"!role("x")"#),
        (quote!(unless role("x")), r#"!role("x")"#),
        (quote!(!hasRole("x")), r#"!role("x")"#),
        (quote!(!user.is_banned()), r#"!role("banned")"#),
        (quote!(role not in ["a", "b"]), r#"!role("a", "b")"#),
        (quote!(not("a", "b")), r#"!role("a", "b")"#),
        (quote!(no_role("x")), r#"!role("x")"#),
        (quote!(doesNotHaveRole("x")), r#"!role("x")"#),
        (quote!(lacks_scope("x")), r#"!scope("x")"#),
        (quote!(!role != "x"), "?"),
        (quote!(isAnonymous()), "?"),
        (quote!(is_unauthenticated), "?"),
        (quote!(isNotAuthenticated()), "?"),
        (quote!(permitAll), "?"),
        (quote!(denyAll()), "?"),
        (quote!(principal.id == post.author), "?"),
        (quote!(level > 5), "?"),
        (quote!(!user.is_guest()), "?"),
        (quote!(role = ""), "?"),
    ] {
        found.push((meant(foreign.clone()), foreign.to_string()));
        expected.push((ours.to_owned(), foreign.to_string()));
    }
    assert_eq!(found, expected);
}
