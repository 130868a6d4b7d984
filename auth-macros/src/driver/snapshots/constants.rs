async fn edit(_: ::auth_runtime::Guard<__edit_policy>) {}
#[doc(hidden)]
struct __edit_policy;
impl ::auth_runtime::HasPolicy for __edit_policy {
    const POLICY: ::auth_runtime::Policy = ::auth_runtime::Policy::protected(
            ::core::concat!(::core::module_path!(), "::", "edit"),
        )
        .with_rule(
            ::auth_runtime::policy::Rule::Any(
                &[
                    ::auth_runtime::policy::Rule::Role(
                        ::auth_runtime::__private::RoleConstant({
                                use ::auth_runtime::__private::RequirementOfRole as _;
                                ADMIN.as_bytes()
                            })
                            .requirement(),
                    ),
                    ::auth_runtime::policy::Rule::scope(scopes::WRITE),
                ],
            ),
        )
        .with_named(&[&<CanEdit as ::auth_runtime::HasPolicy>::POLICY]);
    type Checks = ::auth_runtime::__private::Beside<(CanEdit, ()), ()>;
}
const _: () = match ::auth_runtime::__private::ScopeText::of(scopes::WRITE) {
    ::auth_runtime::__private::ScopeText::Scope => {}
    ::auth_runtime::__private::ScopeText::Empty => {
        ::core::panic!(
            "{}",
            "the constant `scopes::WRITE` is an empty scope [AUTH041]\nhelp: give it the text of a scope, such as `\"orders:write\"`"
        )
    }
    ::auth_runtime::__private::ScopeText::Several => {
        ::core::panic!(
            "{}",
            "the constant `scopes::WRITE` holds a sign that separates names [AUTH050]\nhelp: give it one scope, and list several constants: `scope(READ, WRITE)`"
        )
    }
    ::auth_runtime::__private::ScopeText::Strange => {
        ::core::panic!(
            "{}",
            "the constant `scopes::WRITE` holds a character that no scope has [AUTH047]\nhelp: give it the text of a scope that your tokens carry\nnote: scopes are visible ASCII without `\"` and `\\` (RFC 6749)"
        )
    }
};
const _: () = match ::auth_runtime::__private::RoleConstant({
        use ::auth_runtime::__private::RequirementOfRole as _;
        ADMIN.as_bytes()
    })
    .text()
{
    ::auth_runtime::__private::RoleText::Role => {}
    ::auth_runtime::__private::RoleText::Empty => {
        ::core::panic!(
            "{}",
            "the constant `ADMIN` is an empty role name [AUTH041]\nhelp: give it the name of a role, such as `\"admin\"`"
        )
    }
    ::auth_runtime::__private::RoleText::Padded => {
        ::core::panic!(
            "{}",
            "the constant `ADMIN` has spaces around the role name [AUTH042]\nhelp: leave the spaces out"
        )
    }
    ::auth_runtime::__private::RoleText::Several => {
        ::core::panic!(
            "{}",
            "the constant `ADMIN` holds a sign that separates names [AUTH050]\nhelp: give it one role, and list several constants: `role(ADMIN, SUPPORT)`"
        )
    }
};
const _: () = match ::auth_runtime::__private::Besides::of(
    &<CanEdit as ::auth_runtime::HasPolicy>::POLICY,
) {
    ::auth_runtime::__private::Besides::Fits => {}
    ::auth_runtime::__private::Besides::Public => {
        ::core::panic!(
            "{}",
            "the policy `CanEdit` admits everyone [AUTH087]\nhelp: name a policy that asks for a caller, such as one of `Policy::protected(..)`"
        )
    }
    ::auth_runtime::__private::Besides::OfHandlers => {
        ::core::panic!(
            "{}",
            "the policy `CanEdit` has a part that belongs on a handler [AUTH087]\nhelp: leave its CSRF exemption, its bounds of the body and its Content Security Policy to the handlers"
        )
    }
};
