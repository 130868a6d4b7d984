async fn edit<T: Store>(_: ::auth_runtime::Guard<__edit_policy<T>>, db: State<T>)
where
    T: Clone,
{}
#[doc(hidden)]
struct __edit_policy<T: ?::core::marker::Sized>(
    ::core::marker::PhantomData<fn() -> (::core::marker::PhantomData<T>,)>,
);
impl<T: 'static + ?::core::marker::Sized> ::auth_runtime::HasPolicy
for __edit_policy<T> {
    const POLICY: ::auth_runtime::Policy = ::auth_runtime::Policy::protected(
            ::core::concat!(::core::module_path!(), "::", "edit"),
        )
        .with_rule(
            ::auth_runtime::policy::Rule::Any(
                &[
                    ::auth_runtime::policy::Rule::Role({
                        use ::auth_runtime::__private::RequirementOfRole as _;
                        Role::Admin.requirement()
                    }),
                    ::auth_runtime::policy::Rule::role("root"),
                    ::auth_runtime::policy::Rule::All(
                        &[
                            ::auth_runtime::policy::Rule::scope("posts:write"),
                            ::auth_runtime::policy::Rule::check(
                                0usize,
                                "posts::owns_post",
                            ),
                            ::auth_runtime::policy::Rule::Not(
                                &::auth_runtime::policy::Rule::check(1usize, "is_frozen"),
                            ),
                        ],
                    ),
                ],
            ),
        )
        .with_check_paths({
            use ::auth_runtime::__private::Blanket as _;
            &[
                ::auth_runtime::__private::CheckPath {
                    name: "posts::owns_post",
                    arguments: ::auth_runtime::__private::Probe::<
                        (posts::owns_post,),
                    >::CHECK_PATHS,
                },
                ::auth_runtime::__private::CheckPath {
                    name: "is_frozen",
                    arguments: ::auth_runtime::__private::Probe::<
                        (is_frozen,),
                    >::CHECK_PATHS,
                },
            ]
        })
        .with_parameters_of::<Self>();
    type Checks = (posts::owns_post, (is_frozen, ()));
}
const _: () = if {
    use ::auth_runtime::__private::RequirementOfRole as _;
    Role::Admin.requirement()
}
    .overlaps(&::auth_runtime::policy::RoleRule::new("root"))
{
    ::core::panic!(
        "{}",
        "one of `Role::Admin` and `\"root\"` implies the other [AUTH046]\nhelp: keep the implied role alone: it admits the holders of the other, too"
    )
};
