use proc_macro2::TokenTree;

use super::spelling::{is_negative, squeezed};

/// A word of other frameworks for a condition that admits every caller or no caller.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::lower) enum Extreme {
    /// `permitAll`: with or without a login.
    Everybody,
    /// `true`: every caller with a login, because every condition asks for one.
    SignedIn,
    /// `anonymous`: only callers without a login.
    Strangers,
    /// `denyAll`
    Nobody,
    /// `isFullyAuthenticated`: only callers with a recent login.
    Recent,
}

impl Extreme {
    /// Reads a word, with or without empty parentheses.
    pub(in crate::lower) fn read(tokens: &[TokenTree]) -> Option<Self> {
        let word = match tokens {
            [TokenTree::Ident(word)] => word,
            [TokenTree::Ident(word), TokenTree::Group(group)] if group.stream().is_empty() => word,
            _ => return None,
        };
        match squeezed(word).as_str() {
            "permitall" | "allowany" | "allowall" | "allowanonymous" | "public" | "skipauth" | "everyone"
            | "everybody" | "anyone" => Some(Self::Everybody),
            "true" | "protected" => Some(Self::SignedIn),
            "denyall" | "false" | "nobody" | "never" | "deny" => Some(Self::Nobody),
            "fullyauthenticated" | "isfullyauthenticated" => Some(Self::Recent),
            "anonymous" | "isanonymous" | "guest" | "isguest" => Some(Self::Strangers),
            word if is_negative(word) => Some(Self::Strangers),
            _ => None,
        }
    }

    /// Returns the attribute that is meant where the word is the whole expression.
    pub(in crate::lower) fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Everybody => Some("#[public]"),
            Self::SignedIn => Some("#[protected]"),
            Self::Strangers | Self::Nobody | Self::Recent => None,
        }
    }

    pub(in crate::lower) fn advice(self) -> &'static str {
        match self {
            Self::Everybody => "for a handler that admits everybody, write `#[public]` and no condition",
            Self::SignedIn => "leave it out; to admit every signed-in caller, write `#[protected]`",
            Self::Strangers => "no condition admits only callers without a login; `#[public]` admits everybody",
            Self::Nobody => "to admit no caller, remove the handler's route",
            Self::Recent => "to ask for a recent login, write `#[protected(fresh = 5 min)]`",
        }
    }
}
