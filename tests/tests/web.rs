//! The layers that face browsers and the public: real requests through a router inside them.

mod web {
    mod alone;
    mod bodies;
    mod compressed;
    mod cors;
    mod csp;
    mod headers;
    mod hosts;
    mod https;
    mod nonces;
    mod order;
    mod reports;
    mod request_ids;
    mod settings;
    mod sizes_and_times;
    mod support;
}
