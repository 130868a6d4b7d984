#[automatically_derived]
impl Role {
    /// The names of all roles, in the order of the variants.
    pub(crate) const NAMES: &'static [&'static ::core::primitive::str] = &[
        "member",
        "mod",
        "super_admin",
    ];
    /// Returns the requirement of a handler that asks for this role: this role, or one that implies it.
    #[must_use]
    pub(crate) const fn requirement(&self) -> ::auth_runtime::policy::RoleRule {
        match *self {
            Self::Member => {
                ::auth_runtime::policy::RoleRule::new("member")
                    .with_implied_by(&["mod", "super_admin"])
            }
            Self::Moderator => {
                ::auth_runtime::policy::RoleRule::new("mod")
                    .with_implied_by(&["super_admin"])
            }
            Self::SuperAdmin => ::auth_runtime::policy::RoleRule::new("super_admin"),
        }
    }
    #[doc(hidden)]
    #[must_use]
    pub(crate) const fn as_bytes(&self) -> ::auth_runtime::policy::RoleRule {
        self.requirement()
    }
}
#[automatically_derived]
impl ::auth_runtime::policy::Role for Role {
    const NAMES: &'static [&'static ::core::primitive::str] = Self::NAMES;
    fn name(&self) -> &'static ::core::primitive::str {
        match *self {
            Self::Member => "member",
            Self::Moderator => "mod",
            Self::SuperAdmin => "super_admin",
        }
    }
    fn from_name(__Role_name: &::core::primitive::str) -> ::core::option::Option<Self> {
        match __Role_name {
            "member" => ::core::option::Option::Some(Self::Member),
            "mod" => ::core::option::Option::Some(Self::Moderator),
            "super_admin" => ::core::option::Option::Some(Self::SuperAdmin),
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
