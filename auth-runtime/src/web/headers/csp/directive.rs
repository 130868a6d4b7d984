/// A directive of a Content Security Policy that lists sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Directive {
    /// `default-src`: for all kinds of content without a directive of their own.
    DefaultSrc,
    /// `script-src`: scripts.
    ScriptSrc,
    /// `script-src-elem`: scripts in elements.
    ScriptSrcElem,
    /// `script-src-attr`: scripts in attributes like `onclick`.
    ScriptSrcAttr,
    /// `style-src`: style sheets.
    StyleSrc,
    /// `style-src-elem`: style sheets in elements.
    StyleSrcElem,
    /// `style-src-attr`: styles in attributes.
    StyleSrcAttr,
    /// `img-src`: images.
    ImgSrc,
    /// `font-src`: fonts.
    FontSrc,
    /// `connect-src`: requests of scripts.
    ConnectSrc,
    /// `media-src`: audio and video.
    MediaSrc,
    /// `object-src`: plug-ins.
    ObjectSrc,
    /// `frame-src`: pages in frames of this page.
    FrameSrc,
    /// `child-src`: frames and workers.
    ChildSrc,
    /// `worker-src`: workers.
    WorkerSrc,
    /// `manifest-src`: the manifest of a web application.
    ManifestSrc,
    /// `base-uri`: the base of relative addresses.
    BaseUri,
    /// `form-action`: where forms are sent to.
    FormAction,
    /// `frame-ancestors`: pages that may have this page in a frame.
    FrameAncestors,
}

impl Directive {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::DefaultSrc => "default-src",
            Self::ScriptSrc => "script-src",
            Self::ScriptSrcElem => "script-src-elem",
            Self::ScriptSrcAttr => "script-src-attr",
            Self::StyleSrc => "style-src",
            Self::StyleSrcElem => "style-src-elem",
            Self::StyleSrcAttr => "style-src-attr",
            Self::ImgSrc => "img-src",
            Self::FontSrc => "font-src",
            Self::ConnectSrc => "connect-src",
            Self::MediaSrc => "media-src",
            Self::ObjectSrc => "object-src",
            Self::FrameSrc => "frame-src",
            Self::ChildSrc => "child-src",
            Self::WorkerSrc => "worker-src",
            Self::ManifestSrc => "manifest-src",
            Self::BaseUri => "base-uri",
            Self::FormAction => "form-action",
            Self::FrameAncestors => "frame-ancestors",
        }
    }
}
