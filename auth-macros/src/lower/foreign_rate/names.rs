//! What options are called elsewhere, in lower case without `_`.

/// Names of the count elsewhere. Some of them hold a whole rate.
pub(super) const COUNTS: &[&str] = &[
    "limit",
    "limits",
    "max",
    "maximum",
    "requests",
    "request",
    "count",
    "times",
    "calls",
    "hits",
    "points",
    "permits",
    "permitlimit",
    "limitforperiod",
    "amount",
    "number",
    "attempts",
    "maxattempts",
    "maxrequests",
    "maxcalls",
    "rate",
    "quota",
    "value",
    "defaultlimits",
    "n",
];

/// Names of the time elsewhere.
pub(super) const TIMES: &[&str] = &[
    "window",
    "per",
    "period",
    "interval",
    "duration",
    "ttl",
    "every",
    "timeframe",
    "within",
    "decay",
    "windowsize",
    "limitrefreshperiod",
    "refreshperiod",
    "timewindow",
    "expiry",
    "timespan",
    "time",
    "timeunit",
    "unit",
];

/// Names of the key elsewhere.
pub(super) const KEYS: &[&str] = &[
    "key",
    "keyby",
    "bykey",
    "keyfunc",
    "keyfn",
    "keyfunction",
    "keygenerator",
    "keyresolver",
    "keyextractor",
    "partition",
    "partitionby",
    "partitionkey",
    "group",
    "groupby",
    "identifier",
    "identifyby",
    "per",
    "on",
    "limitby",
    "for",
    "client",
    "source",
    "scope",
    "who",
];

/// Names of the burst elsewhere.
pub(super) const BURSTS: &[&str] = &["burstsize", "burstcapacity", "maxburst", "burstlimit", "bucketsize"];
