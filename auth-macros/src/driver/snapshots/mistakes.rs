::core::compile_error! {
    "a role is written as a string or as a path [AUTH044]\nhelp: write `\"admin\"`, or a path such as `Role::Admin`"
}
::core::compile_error! {
    "a rate of zero admits nobody [AUTH062]\nhelp: to admit nobody, remove the handler's route"
}
::core::compile_error! {
    "unknown time unit `mni` [AUTH061]\nhelp: did you mean `min`?\nnote: units are `sec`, `min`, `hour`, `day`"
}
async fn publish(
    _: ::auth_runtime::Guard<__publish_policy>,
    who: Identity,
) -> &'static str {
    "done"
}
#[doc(hidden)]
struct __publish_policy;
impl ::auth_runtime::HasPolicy for __publish_policy {
    const POLICY: ::auth_runtime::Policy = ::auth_runtime::Policy::protected(
            ::core::concat!(::core::module_path!(), "::", "publish"),
        )
        .with_rule(::auth_runtime::policy::Rule::Any(&[]));
    type Checks = ();
}
