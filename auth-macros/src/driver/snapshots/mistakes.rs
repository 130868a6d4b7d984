::core::compile_error! {
    "a role is written as a string or as a path [AUTH044]\nhelp: write `\"admin\"`; a path has a capital, such as `Role::Admin`"
}
::core::compile_error! {
    "a rate of zero admits no caller [AUTH062]\nhelp: to admit no caller, remove the handler's route"
}
::core::compile_error! {
    "unknown time unit `mni` [AUTH061]\nhelp: did you mean `min`?\nnote: units are `sec`, `min`, `hour`, `day`"
}
async fn publish(
    _: ::auth_runtime::Guard<::auth_runtime::__private::Refused>,
    who: Identity,
) -> &'static str {
    "done"
}
