use auth_runtime::validate::Invalid;
use maud::{Markup, html};

/// Returns a field of a form: the value that was typed before, and the messages about it. A password has no value.
pub(super) fn input(sent: Option<&Invalid>, name: &str, label: &str, kind: &str) -> Markup {
    field(
        sent,
        name,
        label,
        html! {
            input name=(name) type=(kind) value=(typed(sent, name)) aria-invalid=(has_faults(sent, name));
        },
    )
}

/// The same for several lines.
pub(super) fn text(sent: Option<&Invalid>, name: &str, label: &str) -> Markup {
    field(
        sent,
        name,
        label,
        html! {
            // Browsers drop the first line end of the content.
            textarea name=(name) rows="4" aria-invalid=(has_faults(sent, name)) { "\n" (typed(sent, name)) }
        },
    )
}

fn field(sent: Option<&Invalid>, name: &str, label: &str, control: Markup) -> Markup {
    html! {
        label {
            (label)
            (control)
            @for message in sent.iter().flat_map(|sent| sent.messages(name)) {
                span class="fault" { (message) }
            }
        }
    }
}

/// Returns the message for the whole form. A reader of the page hears it at once.
pub(super) fn trouble(title: Option<&str>, detail: Option<&str>) -> Markup {
    html! {
        @if let Some(title) = title {
            p class="trouble" role="alert" {
                (title)
                @if let Some(detail) = detail { " " (detail) }
            }
        }
    }
}

fn typed<'a>(sent: Option<&'a Invalid>, name: &str) -> &'a str {
    sent.map(|sent| sent.typed(name)).unwrap_or_default()
}

fn has_faults(sent: Option<&Invalid>, name: &str) -> bool {
    sent.is_some_and(|sent| sent.messages(name).next().is_some())
}
