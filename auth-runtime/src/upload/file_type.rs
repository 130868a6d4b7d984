/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileFamily {
    /// A picture of pixels. Its size in pixels is limited.
    Image,
    /// A document, which may hold scripts: PDF, HTML and SVG.
    Document,
    /// Text in UTF-8 without control characters.
    Text,
    /// Other files in one file. The entries are limited.
    Archive,
    /// Sound.
    Audio,
    /// Moving pictures.
    Video,
}

macro_rules! file_types {
    ($($(#[$doc:meta])* $name:ident = $family:ident, $media_type:literal, [$($extension:literal),*], [$($alias:literal),*];)*) => {
        /// A type of files that an upload may have.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FileType {
            $($(#[$doc])* $name,)*
        }

        impl FileType {
            /// All types.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Returns the media type, such as `image/png`.
            #[must_use]
            pub const fn media_type(self) -> &'static str {
                match self { $(Self::$name => $media_type),* }
            }

            /// Returns the family.
            #[must_use]
            pub const fn family(self) -> FileFamily {
                match self { $(Self::$name => FileFamily::$family),* }
            }

            /// Returns the extensions in small letters, the usual one first.
            #[must_use]
            pub const fn extensions(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($extension),*]),* }
            }

            /// Returns other names of the media type, which clients send.
            const fn aliases(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($alias),*]),* }
            }
        }
    };
}

file_types! {
    /// `image/png`.
    Png = Image, "image/png", ["png"], ["image/x-png"];
    /// `image/jpeg`.
    Jpeg = Image, "image/jpeg", ["jpg", "jpeg"], ["image/jpg", "image/pjpeg"];
    /// `image/gif`.
    Gif = Image, "image/gif", ["gif"], [];
    /// `image/webp`.
    WebP = Image, "image/webp", ["webp"], [];
    /// `application/pdf`.
    Pdf = Document, "application/pdf", ["pdf"], ["application/x-pdf"];
    /// `image/svg+xml`: a document, which may hold scripts.
    Svg = Document, "image/svg+xml", ["svg"], [];
    /// `text/html`: a document, which may hold scripts.
    Html = Document, "text/html", ["html", "htm"], [];
    /// `text/plain`.
    PlainText = Text, "text/plain", ["txt"], [];
    /// `text/csv`.
    Csv = Text, "text/csv", ["csv"], ["text/plain", "application/csv", "application/vnd.ms-excel"];
    /// `application/json`.
    Json = Text, "application/json", ["json"], ["text/json", "text/plain"];
    /// `application/zip`.
    Zip = Archive, "application/zip", ["zip"], ["application/x-zip-compressed", "application/x-zip"];
    /// `audio/mpeg`.
    Mp3 = Audio, "audio/mpeg", ["mp3"], ["audio/mp3"];
    /// `audio/ogg`.
    Ogg = Audio, "audio/ogg", ["ogg", "oga", "opus"], ["application/ogg"];
    /// `audio/wav`.
    Wav = Audio, "audio/wav", ["wav"], ["audio/x-wav", "audio/wave", "audio/vnd.wave"];
    /// `video/mp4`.
    Mp4 = Video, "video/mp4", ["mp4", "m4v"], ["video/x-m4v"];
    /// `video/webm`.
    WebM = Video, "video/webm", ["webm"], [];
}

impl FileType {
    /// Returns the extension of generated names.
    #[must_use]
    pub fn extension(self) -> &'static str {
        self.extensions().first().copied().unwrap_or_default()
    }

    /// Returns the type with this extension, in any case of letters.
    pub(super) fn of_extension(extension: &str) -> Option<Self> {
        let has = |file_type: &Self| file_type.extensions().iter().any(|own| own.eq_ignore_ascii_case(extension));
        Self::ALL.iter().copied().find(has)
    }

    /// Returns whether a client may declare this media type. Clients that know no type send `application/octet-stream`.
    pub(super) fn agrees_with(self, declared: &str) -> bool {
        let essence = declared.split(';').next().unwrap_or_default().trim();
        let names = [self.media_type(), "application/octet-stream"];
        names.iter().chain(self.aliases()).any(|name| name.eq_ignore_ascii_case(essence))
    }

    /// Returns whether the content is read as text in UTF-8.
    pub(crate) const fn is_text(self) -> bool {
        matches!(self, Self::Svg | Self::Html | Self::PlainText | Self::Csv | Self::Json)
    }
}
