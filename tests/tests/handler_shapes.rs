//! A sample of the handlers that `scripts/handler-shapes` compiles and calls.

use auth_tests::shapes::Trial;

#[test]
fn handlers_in_every_shape_are_guarded() {
    let verdict = Trial { handlers: 150, seed: 1 }.run();
    assert!(verdict.refused.is_empty(), "refused by the compiler:\n{}", verdict.refused.join("\n"));
    assert!(verdict.new_warnings.is_empty(), "new warnings:\n{}", verdict.new_warnings.join("\n"));
    assert!(verdict.wrong_answers.is_empty(), "wrong answers:\n{}", verdict.wrong_answers.join("\n"));
    assert_eq!(verdict.called, 150);
}
