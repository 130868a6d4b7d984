use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use super::{derive, expand, lower, syntax};
use crate::diag::{Code, Sink};
use crate::snapshot::{assert_pinned, pretty};

#[test]
fn a_hierarchy_is_written_out() {
    assert_pinned(
        "role/snapshots/hierarchy.rs",
        derive(quote! {
            pub(crate) enum Role {
                Member,
                #[role(implies = Member)]
                #[role(rename = "mod")]
                Moderator,
                #[role(implies(Moderator))]
                SuperAdmin,
            }
        }),
    );
}

#[test]
fn the_stand_ins_have_the_same_interface() {
    let item = quote! {
        enum Role {
            Member(u8),
            #[role(crate = renamed)]
            Admin,
        }
    };
    assert_pinned("role/snapshots/stand_ins.rs", derive(item));
}

#[test]
fn the_runtime_can_be_elsewhere() {
    let expansion = derive(quote!(
        #[role(crate = my::auth)]
        enum Role {
            Admin,
        }
    ))
    .to_string();
    assert!(expansion.contains("my :: auth :: policy :: Role"), "{expansion}");
    assert!(!expansion.contains("auth_runtime"), "{expansion}");
}

#[test]
fn every_mistake_has_its_code() {
    use Code::*;
    let cases = [
        (
            quote!(
                struct Role;
            ),
            vec![RoleNotEnum],
        ),
        (quote!(union Role { a: u8 }), vec![RoleNotEnum]),
        (
            quote!(
                enum Role<T> {
                    Admin,
                }
            ),
            vec![RoleGenerics],
        ),
        (
            quote!(
                enum Role {}
            ),
            vec![RoleNone],
        ),
        (
            quote!(
                enum Role {
                    Admin(u8),
                    Member { id: u8 },
                }
            ),
            vec![RoleFields, RoleFields],
        ),
        (
            quote!(
                enum Role {
                    HTTPAdmin,
                    HttpAdmin,
                }
            ),
            vec![RoleSameName],
        ),
        (
            quote!(
                enum Role {
                    A,
                    B,
                    #[role(rename = "a")]
                    C,
                    #[role(rename = "a")]
                    D,
                }
            ),
            vec![RoleSameName, RoleSameName],
        ),
        (
            quote!(
                enum Role {
                    #[role(rename = "")]
                    A,
                    #[role(rename = " \t")]
                    B,
                }
            ),
            vec![RoleEmptyName, RoleEmptyName],
        ),
        (
            quote!(
                enum Role {
                    #[role(rename = " a")]
                    A,
                    #[role(rename = "b\n")]
                    B,
                }
            ),
            vec![RolePaddedName, RolePaddedName],
        ),
        (
            quote!(
                enum Role {
                    A,
                    #[role(implies = Aa)]
                    B,
                    #[role(implies(A, Cc))]
                    C,
                }
            ),
            vec![RoleUnknown, RoleUnknown],
        ),
        (
            quote!(
                enum Role {
                    #[role(implies = A)]
                    A,
                }
            ),
            vec![RoleImpliesItself],
        ),
        (
            quote!(
                enum Role {
                    A,
                    #[role(implies = A, implies = A)]
                    B,
                }
            ),
            vec![RoleImpliedTwice],
        ),
        (
            quote!(
                enum Role {
                    #[role(implies = B)]
                    A,
                    #[role(implies = A)]
                    B,
                }
            ),
            vec![RoleCycle],
        ),
        (
            quote!(
                enum Role {
                    A,
                    #[role(implied = A)]
                    B,
                }
            ),
            vec![RoleUnknownOption],
        ),
        (
            quote!(
                #[role(krate = x)]
                enum Role {
                    A,
                }
            ),
            vec![RoleUnknownOption],
        ),
        (
            quote!(
                enum Role {
                    #[role(rename = "x", rename = "y")]
                    A,
                }
            ),
            vec![RoleOptionTwice],
        ),
        (
            quote!(
                #[role(crate = x)]
                #[role(crate = x)]
                enum Role {
                    A,
                }
            ),
            vec![RoleOptionTwice],
        ),
        (
            quote!(
                #[role(rename = "x")]
                enum Role {
                    #[role(crate = x)]
                    A,
                }
            ),
            vec![RoleOptionPlace, RoleOptionPlace],
        ),
    ];
    for (item, codes) in cases {
        assert_eq!(problems(&item).codes(), codes, "{item}");
    }
}

#[test]
fn an_option_that_cannot_be_read_is_refused() {
    let options = [
        quote!(#[role]),
        quote!(#[role = "admin"]),
        quote!(#[role()]),
        quote!(#[role("admin")]),
        quote!(#[role(rename "admin")]),
        quote!(#[role(rename)]),
        quote!(#[role(rename("admin"))]),
        quote!(#[role(rename = admin)]),
        quote!(#[role(rename = "a" "b")]),
        quote!(#[role(implies)]),
        quote!(#[role(implies())]),
        quote!(#[role(implies =)]),
        quote!(#[role(implies = "B")]),
        quote!(#[role(implies = Role::B)]),
        quote!(#[role(implies = B | B)]),
    ];
    for option in options {
        assert_eq!(problems(&quote!(enum Role { #option A, B })).codes(), [Code::RoleOption], "{option}");
    }
    for option in [quote!(crate), quote!(crate = "auth"), quote!(crate(auth)), quote!(crate = auth<u8>)] {
        assert_eq!(
            problems(&quote!(
                #[role(#option)]
                enum Role {
                    A,
                }
            ))
            .codes(),
            [Code::RoleOption],
            "{option}"
        );
    }
}

#[test]
fn mistakes_of_every_stage_are_reported_together() {
    let sink = problems(&quote! {
        enum Role {
            #[role(implies = Membr, colour = red)]
            Admin(u8),
            #[role(rename = "")]
            Member,
        }
    });
    let codes = sink.codes();
    assert_eq!(codes, [Code::RoleUnknownOption, Code::RoleFields, Code::RoleEmptyName, Code::RoleUnknown]);
}

#[test]
fn suggestions_come_from_what_is_valid_there() {
    let texts = problems(&quote!(
        enum Role {
            Member,
            #[role(implies = Membr)]
            Admin,
        }
    ))
    .texts();
    assert_eq!(
        texts,
        ["`Role` has no role `Membr` [AUTH107]\nhelp: did you mean `Member`?\nnote: its roles are `Member`, `Admin`"]
    );
}

/// Each option and what the help says.
#[test]
fn options_are_told_in_the_words_of_the_user() {
    for (option, help) in [
        (quote!(#[role("root")]), "help: write `rename = \"root\"`"),
        (quote!(#[role = "root"]), "help: write `#[role(rename = \"root\")]`"),
        (quote!(#[role(rename = root)]), "help: write `\"root\"`"),
        (quote!(#[role(rename("root"))]), "help: write `rename = \"root\"`"),
        (quote!(#[role(rename)]), "help: write `rename = \"admin\"`"),
        (quote!(#[role(name = "root")]), "help: did you mean `rename`?"),
        (quote!(#[role(Member)]), "help: write `implies = Member`"),
        (quote!(#[role(inherits = Member)]), "help: write `implies`"),
        (quote!(#[role(implied_by = Member)]), "help: put `#[role(implies = Admin)]` above"),
        (quote!(#[role(implies = "member")]), "help: write `Member`"),
        (quote!(#[role(implies = "guest_user")]), "help: write `GuestUser`"),
        (quote!(#[role(implies = "Membr")]), "help: write `Member`"),
        (quote!(#[role(implies = "root")]), "help: name `Member` or `GuestUser`"),
        (quote!(#[role(implies = Role::Member)]), "help: write `Member`"),
        (quote!(#[role(implies = [Member, GuestUser])]), "help: write `implies(Member, GuestUser)`"),
        (quote!(#[role(implies = Member | GuestUser)]), "help: write `implies(Member, GuestUser)`"),
        (quote!(#[role(implies = "member, guest_user")]), "help: write `implies(Member, GuestUser)`"),
        (quote!(#[role(implies(Member,, GuestUser))]), "help: write `,`"),
        (quote!(#[role(implies)]), "help: name `Member` or `GuestUser`"),
        (quote!(#[role(rename = "admin,root")]), "help: give each role a variant of its own"),
        (quote!(#[role(colour = red)]), "help: remove it"),
        (quote!(#[role]), "help: remove it"),
    ] {
        let texts = problems(&quote!(enum Role { Member, GuestUser, #option Admin })).texts();
        assert!(matches!(texts.as_slice(), [text] if text.contains(help)), "{option}: {texts:#?}");
    }
}

fn problems(item: &TokenStream) -> Sink {
    let input: DeriveInput = syn::parse2(item.clone()).unwrap();
    let mut sink = Sink::default();
    let written = syntax::read(&input, &mut sink);
    // Input without problems must expand to tokens that parse.
    if let (Some(roles), true) = (lower::check(&written, &mut sink), sink.is_empty()) {
        pretty(expand::implementations(&roles));
    }
    sink
}
