/// Which features of the browser a page and its frames may use (`Permissions-Policy`).
///
/// ```
/// use auth_runtime::web::PermissionsPolicy;
///
/// let policy = PermissionsPolicy::new().deny(["camera", "microphone", "geolocation"]).allow_own("fullscreen");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionsPolicy(Vec<(&'static str, &'static str)>);

impl PermissionsPolicy {
    /// Creates a policy that says nothing of any feature.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Denies these features to the page and to all its frames.
    ///
    /// # Panics
    /// Panics when a name is not one in lower case, for example `camera`: at start-up, never during a request.
    #[must_use]
    #[track_caller]
    pub fn deny(mut self, features: impl IntoIterator<Item = &'static str>) -> Self {
        for feature in features {
            self.add(feature, "()");
        }
        self
    }

    /// Allows a feature to the page and to frames of its own origin.
    ///
    /// # Panics
    /// Panics when the name is not one in lower case, for example `camera`: at start-up, never during a request.
    #[must_use]
    #[track_caller]
    pub fn allow_own(mut self, feature: &'static str) -> Self {
        self.add(feature, "(self)");
        self
    }

    #[track_caller]
    fn add(&mut self, feature: &'static str, allowed: &'static str) {
        let is_name = !feature.is_empty() && feature.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        assert!(is_name, "a feature has a name in lower case, such as `camera`");
        self.0.retain(|(known, _)| *known != feature);
        self.0.push((feature, allowed));
    }

    pub(super) fn text(&self) -> String {
        self.0.iter().map(|(feature, allowed)| format!("{feature}={allowed}")).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_feature_stands_once_and_the_last_word_counts() {
        let policy = PermissionsPolicy::new().deny(["camera", "usb"]).allow_own("fullscreen").allow_own("camera");
        assert_eq!(policy.text(), "usb=(), fullscreen=(self), camera=(self)");
        for name in ["", "Camera", "camera=*", "a,b"] {
            assert!(std::panic::catch_unwind(|| PermissionsPolicy::new().deny([name])).is_err(), "{name}");
        }
    }
}
