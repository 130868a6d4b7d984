//! Makes connections, and refuses servers on which the counters would not work.

use core::time::Duration;

use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionInfo, ErrorKind, FromRedisValue, Value, aio::MultiplexedConnection,
};
use tokio::time::timeout;

use super::{
    RedisLimitsError,
    url::{Access, Address},
};

/// What a connection leads to.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Server(Address),
    Node(Address),
    /// The primary that the Sentinels name at the moment.
    Primary {
        sentinels: Vec<Address>,
        name: String,
    },
}

/// The time in which a connection must be made. Requests do not wait for so long: each has its own time.
pub(super) const LONGEST_ATTEMPT: Duration = Duration::from_secs(2);
/// The time in which one Sentinel must answer, so that a dead one leaves time for the others.
const LONGEST_QUESTION: Duration = Duration::from_millis(500);
/// How many calls may wait for the connection's task. A call beyond waits for room.
const QUEUE: usize = 1024;

/// Makes a connection to the target.
pub(super) async fn open(target: &Target, access: &Access) -> Result<MultiplexedConnection, RedisLimitsError> {
    if access.is_tls() {
        // The client takes the process's provider, and panics where two are compiled in and the program chose neither.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    }
    let attempt = async {
        match target {
            Target::Server(address) => connect_to(access.to(address), "standalone").await,
            Target::Node(address) => connect_to(access.to(address), "cluster").await,
            Target::Primary { sentinels, name } => primary(sentinels, name, access).await,
        }
    };
    timeout(LONGEST_ATTEMPT, attempt).await.unwrap_or(Err(RedisLimitsError::TimedOut))
}

async fn primary(
    sentinels: &[Address],
    name: &str,
    access: &Access,
) -> Result<MultiplexedConnection, RedisLimitsError> {
    let mut failure = RedisLimitsError::NoPrimary;
    for sentinel in sentinels {
        let asked = timeout(LONGEST_QUESTION, ask_sentinel(access.to_sentinel(sentinel), name)).await;
        let found = match asked.unwrap_or(Err(RedisLimitsError::TimedOut)) {
            Ok(address) => connect_to(access.to(&address), "standalone").await,
            Err(error) => Err(error),
        };
        match found {
            Ok(connection) => return Ok(connection),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

async fn ask_sentinel(info: Option<ConnectionInfo>, name: &str) -> Result<Address, RedisLimitsError> {
    let mut connection = connect(info).await?;
    let mut question = Cmd::new();
    question.arg("SENTINEL").arg("GET-MASTER-ADDR-BY-NAME").arg(name);
    let found: Option<(String, u16)> =
        question.query_async(&mut connection).await.map_err(|error| RedisLimitsError::of_connecting(&error))?;
    found.map(|(host, port)| Address::Tcp(host, port)).ok_or(RedisLimitsError::UnknownPrimary)
}

async fn connect_to(info: Option<ConnectionInfo>, mode: &str) -> Result<MultiplexedConnection, RedisLimitsError> {
    let mut connection = connect(info).await?;
    // Every user may send this, and servers before version 6.0 do not know it.
    let hello: Value = match redis::cmd("HELLO").query_async(&mut connection).await {
        Ok(hello) => hello,
        Err(error) if error.kind() == ErrorKind::Io => return Err(RedisLimitsError::of_connecting(&error)),
        Err(error) if error.code() == Some("NOAUTH") => return Err(RedisLimitsError::WrongPassword),
        Err(_) => return Err(RedisLimitsError::TooOld(None)),
    };
    check(&Hello::read(&hello), mode)?;
    Ok(connection)
}

async fn connect(info: Option<ConnectionInfo>) -> Result<MultiplexedConnection, RedisLimitsError> {
    let refused = |error| RedisLimitsError::of_connecting(&error);
    let info = info.ok_or_else(|| RedisLimitsError::Unreachable("the address cannot be used".to_owned()))?;
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(LONGEST_ATTEMPT))
        .set_response_timeout(None)
        .set_pipeline_buffer_size(QUEUE);
    let client = Client::open(info).map_err(refused)?;
    client.get_multiplexed_async_connection_with_config(&config).await.map_err(refused)
}

/// What a server says of itself.
#[derive(Debug, Default)]
struct Hello {
    version: String,
    mode: String,
    role: String,
}

impl Hello {
    fn read(value: &Value) -> Self {
        let mut hello = Self::default();
        let pairs = value.as_map_iter().into_iter().flatten();
        for (name, value) in pairs {
            let text = |value| String::from_redis_value_ref(value).unwrap_or_default();
            match &*text(name) {
                "version" => hello.version = text(value),
                "mode" => hello.mode = text(value),
                "role" => hello.role = text(value),
                _ => {}
            }
        }
        hello
    }
}

fn check(hello: &Hello, mode: &str) -> Result<(), RedisLimitsError> {
    let major = hello.version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST) {
        return Err(RedisLimitsError::TooOld(Some(hello.version.clone()).filter(|version| !version.is_empty())));
    }
    match &*hello.mode {
        "sentinel" => Err(RedisLimitsError::OtherKind("this is a Sentinel; use the scheme `redis-sentinel`")),
        "cluster" if mode != "cluster" => {
            Err(RedisLimitsError::OtherKind("this is a node of a cluster; use the scheme `redis-cluster`"))
        }
        "standalone" if mode == "cluster" => {
            Err(RedisLimitsError::OtherKind("this is no node of a cluster; use the scheme `redis`"))
        }
        _ if hello.role != "master" && mode != "cluster" => Err(RedisLimitsError::NoPrimary),
        _ => Ok(()),
    }
}

/// The first version with users, with `HELLO`, and with scripts that read the time and then write.
const OLDEST: u32 = 6;
