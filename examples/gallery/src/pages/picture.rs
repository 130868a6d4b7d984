use auth_runtime::{error::Problem, html::Sanitized, validate::Invalid};
use maud::{Markup, PreEscaped, html};

use super::{
    View,
    fields::{text, trouble},
};
use crate::{
    routes::Role,
    shelf::{Comment, Picture},
};

/// Returns a picture with its comments. `sent` is a comment that was refused.
pub(crate) fn picture(view: &View, picture: &Picture, comments: &[Comment], sent: Option<&Invalid>) -> Markup {
    let page = format!("/pictures/{}", picture.name);
    let is_own = view.who.as_ref().is_some_and(|member| member.id == picture.owner);
    let moderator = Role::Moderator.to_string();
    let is_moderator = view.who.as_ref().is_some_and(|member| member.roles.contains(&moderator));
    html! {
        (image(picture))
        p { "By " strong { (picture.owner_name) } ". " (picture.about) }
        @if !picture.website.is_empty() {
            p { a href=(picture.website) rel="noopener noreferrer nofollow" { (picture.website) } }
        }
        // The page leaves out a button that is of no use; the guard of the handler decides.
        @if is_own || is_moderator {
            form id="delete" action=(format!("{page}/delete")) method="post" { button { "Delete the picture" } }
        }
        h2 { "Comments" }
        @for comment in comments {
            article {
                strong { (comment.author_name) }
                div { (PreEscaped(Sanitized::new(&comment.text).as_str())) }
            }
        }
        (trouble(sent.map(|sent| sent.problem().title()), None))
        form id="comment" action=(format!("{page}/comments")) method="post" {
            (text(sent, "text", "Your comment; bold, links and lists may be HTML"))
            button { "Comment" }
        }
    }
}

/// Returns the form for pictures, with the reason why the last ones were refused.
pub(crate) fn upload(refused: Option<&Problem>) -> Markup {
    html! {
        (trouble(refused.map(Problem::title), refused.and_then(Problem::detail)))
        form id="upload" action="/pictures" method="post" enctype="multipart/form-data" {
            label {
                "Up to three pictures of 5 MiB"
                input name="pictures" type="file" multiple accept="image/png,image/jpeg,image/gif,image/webp";
            }
            button { "Show them" }
        }
    }
}

pub(super) fn image(picture: &Picture) -> Markup {
    html! { img src=(format!("/pictures/{}/file", picture.name)) alt=(picture.shown_name); }
}
