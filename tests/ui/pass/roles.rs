#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, missing_debug_implementations)]
//! What the derive gives, beside whatever else the enum derives.

use std::str::FromStr;

use auth_runtime::{
    Role,
    account::{NewInvitation, Registration},
    policy::RoleRule,
};

/// Nothing else is derived, and nothing else is needed.
#[derive(Role)]
#[expect(missing_debug_implementations, reason = "nothing else is derived")]
pub enum Bare {
    /// Reads.
    Member,
    /// Tidies.
    #[role(implies = Member)]
    Moderator,
    /// Owns.
    #[role(implies = Moderator)]
    SuperAdmin,
}

/// Everything that is usually derived as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Role)]
#[repr(u8)]
pub enum Full {
    /// Three names in capitals.
    #[default]
    HTTPReader = 1 << 5,
    /// Given another name.
    #[role(rename = "mod")]
    Moderator = { 1 + 1 },
    /// Two roles at once.
    #[role(implies(HTTPReader, Moderator))]
    Level2Support,
    /// Options in several attributes.
    #[role(implies = Level2Support, rename = "Root User")]
    #[role(implies = HTTPReader)]
    Root,
    /// Not in this build.
    #[cfg(any())]
    #[role(implies = Nobody)]
    Never,
}

/// For use in constants, where traits are not.
const DEMANDED: RoleRule = Bare::Member.requirement();
const NAMES: &[&str] = Full::NAMES;

fn of<R: auth_runtime::policy::Role>(role: &R) -> (&'static str, &'static [&'static str], RoleRule) {
    (role.name(), R::NAMES, role.rule())
}

fn main() {
    assert_eq!(Bare::NAMES, ["member", "moderator", "super_admin"]);
    assert_eq!((DEMANDED.name(), DEMANDED.implied_by()), ("member", &["moderator", "super_admin"][..]));
    assert_eq!(Bare::Moderator.requirement().implied_by(), ["super_admin"]);
    assert!(Bare::SuperAdmin.requirement().implied_by().is_empty());

    assert_eq!(NAMES, ["http_reader", "mod", "level2_support", "Root User"]);
    assert_eq!(Full::HTTPReader.requirement().implied_by(), ["level2_support", "Root User"]);
    assert_eq!(Full::Moderator.requirement().implied_by(), ["level2_support", "Root User"]);
    assert_eq!(of(&Full::Moderator), ("mod", Full::NAMES, Full::Moderator.requirement()));

    assert_eq!(format!("{}|{:>5}|", Full::Root, Full::Moderator), "Root User|  mod|");
    assert_eq!("mod".parse(), Ok(Full::Moderator));
    assert!(Full::from_str("Mod").is_err() && Full::from_str("").is_err() && Bare::from_str("member ").is_err());

    assert_eq!(String::from(Full::Root), "Root User");
    let _ = Registration::open().roles([Bare::Member]).roles([Full::Moderator, Full::Root]);
    let mut invitation = NewInvitation::new("alice@example.org");
    invitation.roles = vec![Full::Moderator.into()];
    assert_eq!(invitation.roles, ["mod"]);

    for role in [Full::HTTPReader, Full::Moderator, Full::Level2Support, Full::Root] {
        let json = serde_json::to_string(&role).unwrap();
        assert_eq!(json, format!("\"{role}\""));
        assert_eq!(serde_json::from_str::<Full>(&json).unwrap(), role);
        assert_eq!(serde_json::from_reader::<_, Full>(json.as_bytes()).unwrap(), role);
    }
    assert!(serde_json::from_str::<Full>("\"root\"").is_err());
    assert!(serde_json::from_str::<Full>("4").is_err());

    #[derive(Role)]
    enum Local {
        Guest,
    }
    assert_eq!(Local::Guest.to_string(), "guest");
}
