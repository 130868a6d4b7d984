use proptest::prelude::*;

use super::*;
use crate::{identity::IdentityBuilder, policy::RoleRule};

#[test]
fn a_user_of_this_service_is_one_by_name_or_by_word() {
    let alice = || Identity::builder("alice", Via::BEARER);
    for (builder, is_user) in [
        (alice(), false),
        (alice().issuer(""), false),
        (alice().issuer("https://elsewhere.invalid"), false),
        (alice().issuer("https://elsewhere.invalid").of_this_service(), false),
        (alice().of_this_service().issuer("https://elsewhere.invalid"), false),
        (alice().issuer("https://here.invalid"), true),
        (alice().of_this_service(), true),
        (alice().of_this_service().issuer("https://here.invalid"), true),
    ] {
        let alice = builder.build();
        assert_eq!(alice.is_user_of("https://here.invalid"), is_user, "{:?}", alice.issuer());
    }
}

#[derive(Clone, Copy)]
struct Nurse;

impl Role for Nurse {
    const NAMES: &'static [&'static str] = &["nurse"];
    fn name(&self) -> &'static str {
        "nurse"
    }
    fn from_name(name: &str) -> Option<Self> {
        (name == "nurse").then_some(Self)
    }
    fn rule(&self) -> RoleRule {
        RoleRule::new("nurse").with_implied_by(&["doctor"])
    }
}

#[test]
fn a_role_is_held_by_its_name_or_by_one_that_implies_it() {
    for (roles, holds) in [
        (&["nurse"][..], true),
        (&["doctor"], true),
        (&["guest", "doctor"], true),
        (&[], false),
        (&["guest"], false),
        (&["Nurse"], false),
        (&["nurses"], false),
    ] {
        let who = Identity::builder("ann", Via::BEARER).roles(roles.iter().copied()).build();
        assert_eq!(who.holds(Nurse), holds, "{roles:?}");
        assert_eq!(who.has_role("nurse"), roles.contains(&"nurse"), "{roles:?}");
    }
    // A scope of this name is no role.
    assert!(!Identity::builder("ann", Via::BEARER).scope("nurse").build().holds(Nurse));
}

/// A call on the builder.
#[derive(Clone, Debug)]
enum Said {
    Role(String),
    Roles(Vec<String>),
    Scope(String),
    Issuer(String),
    Client(String),
    Session(String),
    TokenId(String),
    Acr(String),
    Amr(Vec<String>),
}

impl Said {
    fn of(&self, builder: IdentityBuilder) -> IdentityBuilder {
        match self {
            Self::Role(role) => builder.role(role),
            Self::Roles(roles) => builder.roles(roles.iter().map(String::as_str)),
            Self::Scope(scope) => builder.scope(scope),
            Self::Issuer(text) => builder.issuer(text),
            Self::Client(text) => builder.client(text),
            Self::Session(text) => builder.session(text),
            Self::TokenId(text) => builder.token_id(text),
            Self::Acr(text) => builder.acr(text),
            Self::Amr(methods) => builder.amr(methods.iter().map(String::as_str)),
        }
    }
}

fn identity(subject: &str, said: &[Said]) -> Identity {
    said.iter().fold(Identity::builder(subject, Via::BEARER), |builder, said| said.of(builder)).build()
}

/// The same lists without a shared buffer.
#[derive(Debug, Default, PartialEq)]
struct Naive {
    roles: Vec<String>,
    scopes: Vec<String>,
    issuer: String,
    client: Option<String>,
    session: Option<String>,
    token_id: Option<String>,
    acr: Option<String>,
    amr: Vec<String>,
}

impl Naive {
    fn of(said: &[Said]) -> Self {
        let mut naive = Self::default();
        for said in said {
            match said.clone() {
                Said::Role(role) => naive.add_roles(vec![role]),
                Said::Roles(roles) => naive.add_roles(roles),
                Said::Scope(scope) => {
                    naive.scopes.extend(scope.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned));
                }
                Said::Issuer(text) => naive.issuer = text,
                Said::Client(text) => naive.client = Some(text),
                Said::Session(text) => naive.session = Some(text),
                Said::TokenId(text) => naive.token_id = Some(text),
                Said::Acr(text) => naive.acr = Some(text),
                Said::Amr(methods) => {
                    naive.amr.extend(methods.into_iter().filter(|one| !one.is_empty() && !one.contains('\n')));
                }
            }
        }
        naive
    }

    fn add_roles(&mut self, roles: Vec<String>) {
        self.roles.extend(roles.into_iter().filter(|role| !role.is_empty() && !role.contains('\n')));
    }

    fn seen(identity: &Identity) -> Self {
        Self {
            roles: identity.roles().map(str::to_owned).collect(),
            scopes: identity.scopes().map(str::to_owned).collect(),
            issuer: identity.issuer().to_owned(),
            client: identity.client().map(str::to_owned),
            session: identity.session().map(str::to_owned),
            token_id: identity.token_id().map(str::to_owned),
            acr: identity.acr().map(str::to_owned),
            amr: identity.amr().map(str::to_owned).collect(),
        }
    }
}

#[test]
fn lists_that_grow_in_turns_take_in_nothing_that_was_said_between() {
    let said = [
        Said::Role("reader".to_owned()),
        Said::Client("x\nadmin".to_owned()),
        Said::Role("writer".to_owned()),
        Said::Scope("a:read".to_owned()),
        Said::Session("s a:admin t".to_owned()),
        Said::Scope("a:write".to_owned()),
    ];
    let alice = identity("alice", &said);
    assert_eq!(alice.roles().collect::<Vec<_>>(), ["reader", "writer"]);
    assert_eq!(alice.scopes().collect::<Vec<_>>(), ["a:read", "a:write"]);
    assert!(!alice.has_role("admin") && !alice.has_scope("a:admin"));
}

#[test]
fn a_role_or_a_scope_is_held_by_its_exact_name() {
    let alice = Identity::builder("alice", Via::BEARER).role("admin").role("Editor").scope("a:read b:read").build();
    for held in ["admin", "Editor"] {
        assert!(alice.has_role(held), "{held}");
    }
    for other in ["", "a", "admi", "admins", "Admin", "ADMIN", " admin", "admin ", "editor", "admin\nEditor", "a:read"]
    {
        assert!(!alice.has_role(other), "{other:?}");
    }
    for held in ["a:read", "b:read"] {
        assert!(alice.has_scope(held), "{held}");
    }
    for other in ["", "a", "a:", "a:rea", "a:reads", "A:read", "a:READ", " a:read", "a:read ", "a:read b:read", "admin"]
    {
        assert!(!alice.has_scope(other), "{other:?}");
    }
    let nobody = Identity::builder("", Via::BEARER).build();
    assert!(!nobody.has_role("") && !nobody.has_scope("") && nobody.roles().count() + nobody.scopes().count() == 0);
}

#[test]
fn absent_members_are_none_and_later_values_win() {
    let alice = Identity::builder("alice", Via::BEARER).build();
    assert_eq!([alice.client(), alice.session(), alice.token_id(), alice.acr()], [None; 4]);
    let alice = Identity::builder("alice", Via::BEARER).acr("urn:low").client("web").acr("urn:high").build();
    assert_eq!((alice.acr(), alice.client(), alice.subject()), (Some("urn:high"), Some("web"), "alice"));
}

proptest! {
    #[test]
    fn an_identity_has_its_members_in_any_order(subject in text(), said in prop::collection::vec(said(), 0..12)) {
        let identity = identity(&subject, &said);
        prop_assert_eq!(identity.subject(), subject);
        prop_assert_eq!(Naive::seen(&identity), Naive::of(&said));
    }
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![
        text().prop_map(Said::Role),
        prop::collection::vec(text(), 0..3).prop_map(Said::Roles),
        text().prop_map(Said::Scope),
        text().prop_map(Said::Issuer),
        text().prop_map(Said::Client),
        text().prop_map(Said::Session),
        text().prop_map(Said::TokenId),
        text().prop_map(Said::Acr),
        prop::collection::vec(text(), 0..3).prop_map(Said::Amr),
    ]
}

/// Texts with the separators of the lists, and with characters of several bytes.
fn text() -> impl Strategy<Value = String> {
    "[ab\n é]{0,4}"
}
