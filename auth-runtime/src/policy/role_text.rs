//! The conversion of roles from and to text, shared by the derived `FromStr` and serde implementations.

use core::{fmt, marker::PhantomData};

use serde::{
    Deserializer, Serializer,
    de::{Error, Visitor},
};

use super::{ParseRoleError, Role};

/// Parses the name of a role.
///
/// # Errors
/// Returns [`ParseRoleError`] when no role has this name.
pub fn parse<R: Role>(text: &str) -> Result<R, ParseRoleError> {
    R::from_name(text).ok_or(ParseRoleError { names: R::NAMES })
}

/// Serializes a role as its name.
///
/// # Errors
/// Returns the serializer's error.
pub fn serialize<R: Role, S: Serializer>(role: &R, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(role.name())
}

/// Deserializes a role from its name.
///
/// # Errors
/// Returns an error when the input is not text or does not name a role. The message does not repeat the text.
pub fn deserialize<'de, R: Role, D: Deserializer<'de>>(from: D) -> Result<R, D::Error> {
    from.deserialize_str(Name(PhantomData))
}

struct Name<R>(PhantomData<R>);

impl<R: Role> Visitor<'_> for Name<R> {
    type Value = R;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a role")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<R, E> {
        // A client may read this message, so it lists no roles.
        R::from_name(name).ok_or_else(|| E::custom("unknown role"))
    }
}

#[cfg(test)]
mod tests {
    use serde::de::{IntoDeserializer, value};

    use super::*;
    use crate::policy::RoleRule;

    #[derive(Debug, PartialEq)]
    struct Admin;

    impl Role for Admin {
        const NAMES: &'static [&'static str] = &["admin"];

        fn name(&self) -> &'static str {
            "admin"
        }

        fn from_name(name: &str) -> Option<Self> {
            (name == "admin").then_some(Self)
        }

        fn rule(&self) -> RoleRule {
            RoleRule::new("admin")
        }
    }

    #[test]
    fn a_role_is_read_by_its_exact_name() {
        assert_eq!(parse("admin"), Ok(Admin));
        for other in ["Admin", " admin", "admin ", "", "admi"] {
            assert_eq!(parse::<Admin>(other), Err(ParseRoleError { names: &["admin"] }), "{other:?}");
        }
        let refused = parse::<Admin>("boss").unwrap_err();
        assert_eq!(refused.to_string(), "unknown role: the roles are admin");
        assert_eq!(format!("{refused:?}"), refused.to_string());
    }

    #[test]
    fn serde_goes_by_the_name() {
        assert_eq!(serde_json::to_string(&Holder(Admin)).unwrap(), "\"admin\"");
        let read: Result<Admin, value::Error> = deserialize("admin".into_deserializer());
        assert_eq!(read, Ok(Admin));
    }

    #[test]
    fn an_unknown_name_is_refused_and_not_repeated() {
        let refused: Result<Admin, value::Error> = deserialize("s3cret".into_deserializer());
        assert_eq!(refused.unwrap_err().to_string(), "unknown role");
        let number: Result<Admin, value::Error> = deserialize(7_u32.into_deserializer());
        assert_eq!(number.unwrap_err().to_string(), "invalid type: integer `7`, expected the name of a role");
    }

    struct Holder(Admin);

    impl serde::Serialize for Holder {
        fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
            serialize(&self.0, to)
        }
    }
}
