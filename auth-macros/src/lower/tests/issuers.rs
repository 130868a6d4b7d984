use super::{accepted, refused};

#[test]
fn an_issuer_is_asked_for_by_its_path() {
    let one = accepted("#[protected(issuer = Trusted::Corporate)]");
    assert!(one.contains(". with_issuers (& [{ use :: auth_runtime :: __private :: NameOfIssuer as _ ;"), "{one}");
    assert!(one.contains("Trusted :: Corporate . issuer_name ()"), "{one}");
    let list = "with_issuers (& [";
    assert_eq!(one, accepted("#[protected(issuer(Trusted::Corporate))]"));
    for several in [
        "#[protected(issuer(Trusted::Corporate, crate::Trusted::Partner), via(bearer), fresh = 5 min)]",
        "#[require_role(\"a\")] #[protected(fresh = 5 min, via(bearer), issuer(Trusted::Corporate, crate::Trusted::Partner))]",
    ] {
        let several = accepted(several);
        assert!(
            several.contains(list) && several.contains("crate :: Trusted :: Partner . issuer_name ()"),
            "{several}"
        );
        assert!(several.contains("with_via") && several.contains("with_max_login_seconds"), "{several}");
    }
    assert!(accepted("#[protected(issuer = PARTNER)]").contains("PARTNER . issuer_name ()"), "a constant");
    assert!(!accepted("#[protected]").contains("with_issuers"));
}

#[test]
fn other_forms_are_refused() {
    refused("#[protected(issuer = \"corporate\")]", "AUTH032", "an issuer is named by a path, not by a text");
    refused("#[protected(issuer = corporate)]", "AUTH032", "help: give it as in `issuer = Trusted::Corporate`");
    refused("#[protected(issuer)]", "AUTH032", "help: give it as in `issuer = Trusted::Corporate`");
    refused("#[protected(issuer =)]", "AUTH032", "help: give it as in `issuer = Trusted::Corporate`");
    refused("#[protected(issuer())]", "AUTH040", "no issuer is accepted");
    refused("#[protected(issuer = T::A | T::B)]", "AUTH032", "help: write `issuer(T::A, T::B)`");
    refused("#[protected(issuer = [T::A, T::B])]", "AUTH032", "help: write `issuer(T::A, T::B)`");
    refused("#[protected(issuer: T::A)]", "AUTH032", "help: write `issuer = T::A`");
    refused("#[protected(issuer(T::A, T::A))]", "AUTH043", "`T::A` is named twice [AUTH043]\nhelp: remove it");
    refused("#[protected(issuer = T::A, issuer = T::B)]", "AUTH031", "help: join them: `issuer(T::A, T::B)`");
    refused("#[protected(issuer = Self::A)]", "AUTH007", "`Self` means nothing here");
    refused("#[protected(idp = T::A)]", "AUTH030", "help: write `issuer = T::A`");
    refused("#[protected(issuers(T::A, T::B))]", "AUTH030", "help: write `issuer(T::A, T::B)`");
}

#[test]
fn in_another_attribute_it_is_told_where_it_belongs() {
    refused(
        "#[require_role(\"a\", issuer = T::A)]",
        "AUTH030",
        "help: write `#[require_role(\"a\")] #[protected(issuer = T::A)]`",
    );
    refused(
        "#[require_scope(\"a\", issuer(T::A, T::B))]",
        "AUTH030",
        "help: write `#[require_scope(\"a\")] #[protected(issuer(T::A, T::B))]`",
    );
    refused(
        "#[authorize(role(\"a\"), issuer = T::A)]",
        "AUTH030",
        "help: write `#[authorize(role(\"a\"))] #[protected(issuer = T::A)]`",
    );
    refused("#[public(issuer = T::A)]", "AUTH030", "help: write `#[protected(issuer = T::A)]`");
    refused("#[public] #[protected(issuer = T::A)]", "AUTH022", "`#[protected]` contradicts `#[public]`");
    refused("#[protected(issuer = T::A)] #[protected(via(bearer))]", "AUTH021", "help: join them");
    refused("#[protected(issuer = T::A)] #[protected(issuer = T::B)]", "AUTH021", "help: keep one");
}
