async fn publish(
    _: ::auth_runtime::Guard<__publish_policy>,
    who: Identity,
    State(db): State<Db>,
    Valid(Json(post)): Valid<Json<NewPost>>,
) -> Result<Json<Post>, Error> {
    db.save(who, post).await
}
#[doc(hidden)]
struct __publish_policy;
impl ::auth_runtime::HasPolicy for __publish_policy {
    const POLICY: ::auth_runtime::Policy = ::auth_runtime::Policy::protected(
            ::core::concat!(::core::module_path!(), "::", "publish"),
        )
        .with_rule(
            ::auth_runtime::policy::Rule::All(
                &[
                    ::auth_runtime::policy::Rule::Role({
                        use ::auth_runtime::__private::RequirementOfRole as _;
                        Role::Moderator.requirement()
                    }),
                    ::auth_runtime::policy::Rule::scope("posts:write"),
                    ::auth_runtime::policy::Rule::scope("posts:read"),
                ],
            ),
        )
        .with_limits(
            &[
                ::auth_runtime::policy::Limit::in_seconds(
                        2u32,
                        300u32,
                        ::auth_runtime::policy::LimitKey::Header("x-tenant"),
                    )
                    .with_name("publish")
                    .with_cost(2u32)
                    .with_outage(::auth_runtime::policy::OnOutage::Deny)
                    .with_shadow(true),
                ::auth_runtime::policy::Limit::new(
                    ::auth_runtime::policy::Quota::in_seconds(10u32, 60u32)
                        .with_burst(3u32),
                    ::auth_runtime::policy::LimitKey::User,
                ),
            ],
        );
    type Checks = ();
}
