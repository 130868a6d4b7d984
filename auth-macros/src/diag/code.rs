use core::fmt;

macro_rules! codes {
    ($($name:ident = $number:literal,)*) => {
        /// The stable code of a kind of mistake, `AUTHnnn` in messages; its page is `docs/errors/AUTHnnn.md`.
        ///
        /// A number is never given to another mistake, not even after its own is gone.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Code {
            $($name = $number,)*
        }

        #[cfg(test)]
        impl Code {
            pub(crate) const ALL: &[Code] = &[$(Code::$name),*];
        }
    };
}

codes! {
    // 001-019: the shape of the handler.
    NotAFunction = 1,
    NotAsync = 2,
    SelfReceiver = 3,
    TooManyArguments = 4,
    NoBody = 5,
    UnsafeOrExtern = 6,
    InsideImpl = 7,

    // 020-039: attributes that stand together, and their options.
    NoAccess = 20,
    GivenTwice = 21,
    PublicContradicted = 22,
    PublicTakesIdentity = 23,
    PublicCountsUsers = 24,
    ApiKeysExcluded = 25,
    FreshApiKey = 26,
    RenamedImport = 27,
    TwoRuntimes = 28,
    NoCookie = 29,
    UnknownOption = 30,
    OptionTwice = 31,
    MalformedOption = 32,
    StrayToken = 33,
    NoReason = 34,

    // 040-059: roles, scopes, credentials.
    EmptyList = 40,
    EmptyName = 41,
    PaddedName = 42,
    DuplicateName = 43,
    BareWord = 44,
    NotAName = 45,
    RoleImplied = 46,
    ScopeCharacter = 47,
    UnknownCredential = 48,
    FreshZero = 49,
    NameSeparator = 50,

    // 060-079: rate limits and durations.
    MalformedRate = 60,
    UnknownUnit = 61,
    ZeroCount = 62,
    ZeroWindow = 63,
    WindowTooLong = 64,
    NumberTooLarge = 65,
    ZeroBurst = 66,
    ZeroCost = 67,
    CostAboveBurst = 68,
    UnknownKey = 69,
    HeaderName = 70,
    PathName = 71,
    UnknownOutage = 72,
    UnreachableLimit = 73,
    NameWithTwoQuotas = 74,
    CountsUnsaid = 75,
    CountsOwnKey = 76,
    CountsWithoutCheck = 77,
    UnknownCounts = 78,
    TooManyLimits = 79,

    // 080-099: expressions.
    MissingPredicate = 80,
    UnknownPredicate = 81,
    WrongOperator = 82,
    MalformedPredicate = 83,
    NeverHolds = 84,
    AlwaysHolds = 85,
    NamedPolicyPlace = 86,
    NamedPolicyUnfit = 87,

    // 100-119: derive(Role).
    RoleNotEnum = 100,
    RoleGenerics = 101,
    RoleNone = 102,
    RoleFields = 103,
    RoleSameName = 104,
    RoleEmptyName = 105,
    RolePaddedName = 106,
    RoleUnknown = 107,
    RoleImpliesItself = 108,
    RoleImpliedTwice = 109,
    RoleCycle = 110,
    RoleUnknownOption = 111,
    RoleOptionTwice = 112,
    RoleOptionPlace = 113,
    RoleOption = 114,

    // 120-129: check. The range is full; further mistakes of checks begin at 150. The runtime's traits have 130-139, in
    // their `#[diagnostic::on_unimplemented]`.
    CheckNotAFunction = 120,
    CheckNotAsync = 121,
    CheckReceiver = 122,
    CheckGeneric = 123,
    CheckNoAnswer = 124,
    CheckReadsBody = 125,
    CheckArguments = 126,
    CheckQualifier = 127,
    CheckWithPolicy = 128,
    CheckCfgArgument = 129,

    // 140-149: further mistakes of handlers.
    DebugHandlerState = 140,
    TokenWithoutSession = 141,

    // 150-159: further mistakes of checks. The runtime's trait `Takes` has 151.
    CheckReference = 150,
    CheckPlainArgument = 154,

    // 155 is the runtime's, for functions that give a key. 156-159: further mistakes of attributes.
    Assigned = 156,

    // 160-169: further mistakes of rate limits. The runtime's trait for routers that lack their state has 161.
    CounterName = 160,
    ForwardedKey = 162,

    // 170-179: bounds of the body.
    BodyUnbounded = 170,
    BodyZero = 171,
    UnknownSizeUnit = 172,
    BodyUnread = 173,

    // 180-189: the Content Security Policy.
    CspUnknownDirective = 180,
    CspElsewhere = 181,
    CspTwice = 182,
    CspMalformed = 183,
    CspUnknownSource = 184,
    CspSourceCharacter = 185,
    CspNoneBeside = 186,
    CspPlainHttp = 187,
    CspNoEffect = 188,
    CspOpening = 189,
    // 190-199: issuers. The runtime's trait `TrustedIssuer` has 190.
    IssuerShape = 191,
    IssuerOption = 192,
    // 200-209: uploads. The runtime's trait `UploadPolicy` has 206.
    UploadShape = 200,
    UploadOption = 201,
    UploadMissing = 202,
    UploadType = 203,
    UploadZero = 204,
    UploadNoEffect = 205,
    UploadAboveBody = 208,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AUTH{:03}", *self as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn codes_are_written_with_three_digits() {
        assert_eq!(Code::NotAFunction.to_string(), "AUTH001");
        assert_eq!(Code::UnknownUnit.to_string(), "AUTH061");
    }

    #[test]
    fn codes_stand_in_ascending_order() {
        assert!(Code::ALL.is_sorted_by_key(|code| *code as u16));
    }
}
