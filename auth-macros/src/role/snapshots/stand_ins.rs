::core::compile_error! {
    "`crate` does not belong here [AUTH113]\nhelp: put `#[role(crate = path)]` above the enum"
}
::core::compile_error! {
    "the role `Member` has fields [AUTH103]\nhelp: write `Member`; a role is a name and carries no data"
}
#[automatically_derived]
impl Role {
    /// The names of all roles, in the order of the variants.
    const NAMES: &'static [&'static ::core::primitive::str] = &[];
    /// Returns the requirement of a handler that asks for this role: this role, or one that implies it.
    #[must_use]
    const fn requirement(&self) -> ::auth_runtime::policy::RoleRule {
        match *self {
            Self::Member { .. } => ::auth_runtime::policy::RoleRule::new("Member"),
            Self::Admin { .. } => ::auth_runtime::policy::RoleRule::new("Admin"),
        }
    }
    #[doc(hidden)]
    #[must_use]
    const fn as_bytes(&self) -> ::auth_runtime::policy::RoleRule {
        self.requirement()
    }
}
#[automatically_derived]
impl ::auth_runtime::policy::Role for Role {
    const NAMES: &'static [&'static ::core::primitive::str] = Self::NAMES;
    fn name(&self) -> &'static ::core::primitive::str {
        match *self {
            Self::Member { .. } => "Member",
            Self::Admin { .. } => "Admin",
        }
    }
    fn from_name(__Role_name: &::core::primitive::str) -> ::core::option::Option<Self> {
        match __Role_name {
            _ => ::core::option::Option::None,
        }
    }
    fn rule(&self) -> ::auth_runtime::policy::RoleRule {
        self.requirement()
    }
}
#[automatically_derived]
impl ::core::fmt::Display for Role {
    fn fmt(
        &self,
        __Role_formatter: &mut ::core::fmt::Formatter<'_>,
    ) -> ::core::fmt::Result {
        ::core::fmt::Formatter::pad(
            __Role_formatter,
            ::auth_runtime::policy::Role::name(self),
        )
    }
}
#[automatically_derived]
impl ::core::str::FromStr for Role {
    type Err = ::auth_runtime::policy::ParseRoleError;
    fn from_str(
        __Role_text: &::core::primitive::str,
    ) -> ::core::result::Result<Self, ::auth_runtime::policy::ParseRoleError> {
        ::auth_runtime::__private::role::parse(__Role_text)
    }
}
#[automatically_derived]
impl ::core::convert::From<Role> for ::std::string::String {
    fn from(__Role_role: Role) -> Self {
        Self::from(::auth_runtime::policy::Role::name(&__Role_role))
    }
}
#[automatically_derived]
impl ::auth_runtime::__private::serde::Serialize for Role {
    fn serialize<__S: ::auth_runtime::__private::serde::Serializer>(
        &self,
        __Role_serializer: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        ::auth_runtime::__private::role::serialize(self, __Role_serializer)
    }
}
#[automatically_derived]
impl<'de> ::auth_runtime::__private::serde::Deserialize<'de> for Role {
    fn deserialize<__D: ::auth_runtime::__private::serde::Deserializer<'de>>(
        __Role_deserializer: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        ::auth_runtime::__private::role::deserialize(__Role_deserializer)
    }
}
