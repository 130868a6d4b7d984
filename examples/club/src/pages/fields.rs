use auth_runtime::validate::Invalid;
use maud::{Markup, html};

/// Returns a field of a form: the value that was typed before, and the messages about it. A password has no value.
pub(super) fn input(sent: Option<&Invalid>, name: &str, label: &str, kind: &str) -> Markup {
    let has_faults = sent.is_some_and(|sent| sent.messages(name).next().is_some());
    html! {
        label {
            (label)
            input name=(name) type=(kind) value=(sent.map(|sent| sent.typed(name)).unwrap_or_default())
                aria-invalid=(has_faults);
            @for message in sent.iter().flat_map(|sent| sent.messages(name)) {
                span class="fault" { (message) }
            }
        }
    }
}

/// Returns the message for the whole form. A reader of the page hears it at once.
pub(super) fn trouble(title: Option<&str>) -> Markup {
    html! {
        @if let Some(title) = title { p class="trouble" role="alert" { (title) } }
    }
}
