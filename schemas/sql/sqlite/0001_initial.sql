-- Spillway's tables in SQLite. A released migration is never edited: a change is a new file.
--
-- Times are INTEGER nanoseconds since 1970-01-01 UTC; amounts USD, quantities base coins, prices
-- quote currency per coin. Source tables are insert-once and derived tables upserted, both by
-- (time, event_id); rollups are upserted by their bucket and hold absolute values.
-- The application id marks a file as a Spillway store (ASCII "SPLW").
PRAGMA application_id = 1397771351;

CREATE TABLE schema_migrations (
  version    INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,     -- file name of the migration
  sha256     TEXT NOT NULL,     -- of the file's bytes: an edited migration is refused
  applied_at INTEGER NOT NULL
) STRICT;

-- Source events: insert-once.

CREATE TABLE prices (
  time     INTEGER NOT NULL,
  event_id BLOB NOT NULL,
  venue    TEXT NOT NULL,
  symbol   TEXT NOT NULL,
  price    REAL NOT NULL,
  volume   REAL,                -- USD, else null
  PRIMARY KEY (time, event_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE funding_rates (
  time                INTEGER NOT NULL,
  event_id            BLOB NOT NULL,
  venue               TEXT NOT NULL,
  symbol              TEXT NOT NULL,
  funding_rate        REAL NOT NULL,  -- fraction per rate_interval_hours
  mark_price          REAL,
  index_price         REAL,
  rate_interval_hours REAL,
  PRIMARY KEY (time, event_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE open_interest (
  time                INTEGER NOT NULL,
  event_id            BLOB NOT NULL,
  venue               TEXT NOT NULL,
  symbol              TEXT NOT NULL,
  open_interest       REAL,
  open_interest_value REAL,
  PRIMARY KEY (time, event_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE long_short_ratio (
  time             INTEGER NOT NULL,
  event_id         BLOB NOT NULL,
  venue            TEXT NOT NULL,
  symbol           TEXT NOT NULL,
  population       TEXT,
  long_ratio       REAL,
  short_ratio      REAL,
  long_short_ratio REAL NOT NULL,
  PRIMARY KEY (time, event_id)
) STRICT, WITHOUT ROWID;

-- Single orders only: sums over an interval never enter.
CREATE TABLE liquidations (
  time      INTEGER NOT NULL,
  event_id  BLOB NOT NULL,
  venue     TEXT NOT NULL,
  symbol    TEXT NOT NULL,
  side      TEXT NOT NULL CHECK (side IN ('LONG', 'SHORT')),  -- of the liquidated position
  quantity  REAL,
  price     REAL,
  usd_value REAL,
  PRIMARY KEY (time, event_id)
) STRICT, WITHOUT ROWID;

-- Flows only: a supply is a level, not an amount that moved.
CREATE TABLE stablecoin_flows (
  time             INTEGER NOT NULL,
  event_id         BLOB NOT NULL,
  venue            TEXT NOT NULL,
  token            TEXT NOT NULL,
  flow_type        TEXT NOT NULL CHECK (flow_type IN ('MINT', 'BURN', 'EXCHANGE_INFLOW',
                     'EXCHANGE_OUTFLOW', 'EXCHANGE_TRANSFER', 'WHALE_TRANSFER')),
  amount           REAL NOT NULL,
  from_address     TEXT,
  to_address       TEXT,
  is_exchange_flow INTEGER NOT NULL CHECK (is_exchange_flow IN (0, 1)),
  interval_seconds REAL,        -- length of a sum; null for a single transfer
  PRIMARY KEY (time, event_id)
) STRICT, WITHOUT ROWID;

-- Single liquidations above a size, labelled with the cascade they belong to.
CREATE TABLE liquidations_significant (
  time                INTEGER NOT NULL,
  event_id            BLOB NOT NULL,
  exchange            TEXT NOT NULL,
  symbol              TEXT NOT NULL,
  side                TEXT NOT NULL CHECK (side IN ('LONG', 'SHORT')),
  price               REAL,
  quantity            REAL,
  value_usd           REAL NOT NULL,
  is_cascade          INTEGER NOT NULL DEFAULT 0 CHECK (is_cascade IN (0, 1)),
  cascade_id          TEXT,
  cascade_event_count INTEGER,
  risk_score          REAL,
  session_type        TEXT NOT NULL CHECK (session_type IN ('asian', 'european', 'us', 'weekend')),
  raw_data            TEXT,
  PRIMARY KEY (time, event_id),
  CHECK (is_cascade = (cascade_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Labels whose row has not arrived yet.
CREATE TABLE cascade_labels_waiting (
  time                INTEGER NOT NULL,
  event_id            BLOB NOT NULL,
  cascade_id          TEXT NOT NULL,
  cascade_event_count INTEGER NOT NULL,
  risk_score          REAL NOT NULL,
  PRIMARY KEY (time, event_id)
) STRICT, WITHOUT ROWID;

-- No index by symbol on the tables above: it would nearly double the cost of an insert, and the key
-- already narrows a query to its time range.
CREATE INDEX liquidations_significant_by_exchange ON liquidations_significant (exchange, time);
CREATE INDEX liquidations_significant_by_symbol ON liquidations_significant (symbol, side, time);
CREATE INDEX liquidations_significant_by_cascade ON liquidations_significant (cascade_id, time)
  WHERE cascade_id IS NOT NULL;
CREATE INDEX liquidations_significant_by_value ON liquidations_significant (value_usd, time);

-- Derived events: upserts.

-- Every score. `value` is null while it is unknown (then low 0, high 100, coverage 0). Has a rowid:
-- rows with much text in the key's tree would make every look-up slow.
CREATE TABLE scores (
  time          INTEGER NOT NULL,
  event_id      BLOB NOT NULL,
  market        TEXT NOT NULL,
  symbol        TEXT NOT NULL,  -- market + market_suffix
  name          TEXT NOT NULL,
  direction     TEXT NOT NULL CHECK (direction IN ('none', 'down', 'up')),
  headline      INTEGER NOT NULL CHECK (headline IN (0, 1)),
  value         REAL,
  low           REAL NOT NULL,
  high          REAL NOT NULL,
  coverage      REAL NOT NULL,
  profile       TEXT NOT NULL,
  model         TEXT,
  warming_up    INTEGER NOT NULL CHECK (warming_up IN (0, 1)),
  young_ranks   INTEGER NOT NULL CHECK (young_ranks IN (0, 1)),
  at_close      INTEGER NOT NULL CHECK (at_close IN (0, 1)),
  contributions TEXT NOT NULL,  -- JSON object by component, see schemas/sql/README.md
  PRIMARY KEY (time, event_id)
) STRICT;

CREATE INDEX scores_by_name ON scores (name, market, time);
CREATE INDEX scores_headline ON scores (symbol, time) WHERE headline = 1 AND name = 'risk';

-- The headline risk with the columns that dashboards know. price_component and
-- liquidation_cluster_distance are old names of ls_component and liq_component.
CREATE VIEW liquidation_risk AS
SELECT time,
       symbol,
       value AS risk_score,
       json_extract(contributions, '$.funding.points') AS funding_component,
       json_extract(contributions, '$.open_interest.points') AS oi_component,
       json_extract(contributions, '$.long_short.points') AS price_component,
       json_extract(contributions, '$.liquidations.points') AS liquidation_cluster_distance,
       json_extract(contributions, '$.long_short.points') AS ls_component,
       json_extract(contributions, '$.liquidations.points') AS liq_component,
       json_extract(contributions, '$.ignition.points') AS ignition_component,
       profile,
       direction,
       low,
       high,
       coverage,
       market,
       event_id
FROM scores
WHERE headline = 1 AND name = 'risk';

CREATE VIEW stablecoin_pressure AS
SELECT time,
       value AS buying_pressure_score,
       json_extract(contributions, '$.exchange_flow.raw') AS net_exchange_flow,
       json_extract(contributions, '$.large_transfers.raw') AS large_transfers_count,
       json_extract(contributions, '$.mint_burn.raw') AS mint_burn_delta,
       low,
       high,
       coverage,
       profile,
       event_id
FROM scores
WHERE name = 'pressure' AND market = '*';

-- One row per message: entering, escalating, repeating, resolving.
CREATE TABLE cascade_alerts (
  time                   INTEGER NOT NULL,
  event_id               BLOB NOT NULL,
  symbol                 TEXT NOT NULL,
  alert_type             TEXT NOT NULL
                           CHECK (alert_type IN ('liquidation_risk', 'ignition', 'cascade',
                             'data')),
  severity               TEXT NOT NULL CHECK (severity IN ('NONE', 'INFO', 'WARNING', 'CRITICAL')),
  liquidation_risk_score REAL,
  buying_pressure_score  REAL,
  combined_score         REAL,
  message                TEXT NOT NULL,
  alert_id               TEXT NOT NULL,  -- UUID of the episode
  state                  TEXT NOT NULL CHECK (state IN ('firing', 'resolved')),
  direction              TEXT NOT NULL CHECK (direction IN ('none', 'down', 'up')),
  aligned                INTEGER NOT NULL CHECK (aligned IN (0, 1)),
  PRIMARY KEY (time, event_id)
) STRICT;

CREATE INDEX cascade_alerts_by_symbol ON cascade_alerts (symbol, time);
CREATE INDEX cascade_alerts_by_episode ON cascade_alerts (alert_id, time);

CREATE TABLE cascade_episodes (
  cascade_id     TEXT PRIMARY KEY,      -- UUID, the same from first event to close
  market         TEXT NOT NULL,
  side           TEXT NOT NULL CHECK (side IN ('LONG', 'SHORT', 'BOTH')),
  start          INTEGER NOT NULL,
  last           INTEGER NOT NULL,
  state          TEXT NOT NULL CHECK (state IN ('active', 'cooling', 'closed')),
  event_count    INTEGER NOT NULL,
  total_usd      REAL NOT NULL,
  long_count     INTEGER NOT NULL,
  short_count    INTEGER NOT NULL,
  risk_score     REAL NOT NULL,         -- now
  max_risk_score REAL NOT NULL,
  avg_risk_score REAL NOT NULL,
  exchanges      TEXT NOT NULL          -- JSON array of venue names, sorted
) STRICT, WITHOUT ROWID;

CREATE INDEX cascade_episodes_by_market ON cascade_episodes (market, start);
CREATE INDEX cascade_episodes_by_start ON cascade_episodes (start);

-- Rollups: absolute values, upserts.

CREATE TABLE funding_rates_1h (
  bucket INTEGER NOT NULL,
  symbol TEXT NOT NULL,
  venue  TEXT NOT NULL,
  avg    REAL NOT NULL,
  min    REAL NOT NULL,
  max    REAL NOT NULL,
  last   REAL NOT NULL,
  count  INTEGER NOT NULL,
  PRIMARY KEY (bucket, symbol, venue)
) STRICT, WITHOUT ROWID;

CREATE TABLE liquidations_1h (
  bucket    INTEGER NOT NULL,
  symbol    TEXT NOT NULL,
  side      TEXT NOT NULL CHECK (side IN ('LONG', 'SHORT')),
  count     INTEGER NOT NULL,
  total_usd REAL NOT NULL,
  max_usd   REAL NOT NULL,
  PRIMARY KEY (bucket, symbol, side)
) STRICT, WITHOUT ROWID;

CREATE TABLE oi_changes_1h (
  bucket     INTEGER NOT NULL,
  symbol     TEXT NOT NULL,
  venue      TEXT NOT NULL,
  open       REAL NOT NULL,
  close      REAL NOT NULL,
  min        REAL NOT NULL,
  max        REAL NOT NULL,
  change_pct REAL,              -- null if open is 0
  PRIMARY KEY (bucket, symbol, venue)
) STRICT, WITHOUT ROWID;

CREATE TABLE liquidations_hourly (
  hour             INTEGER NOT NULL,
  exchange         TEXT NOT NULL,
  symbol           TEXT NOT NULL,
  side             TEXT NOT NULL CHECK (side IN ('LONG', 'SHORT')),
  event_count      INTEGER NOT NULL,
  total_value_usd  REAL NOT NULL,
  avg_value_usd    REAL NOT NULL,
  max_value_usd    REAL NOT NULL,
  min_value_usd    REAL NOT NULL,
  stddev_value_usd REAL,        -- of the sample; null for one event
  total_quantity   REAL NOT NULL,
  cascade_count    INTEGER NOT NULL,
  avg_risk_score   REAL,        -- null without a cascade
  PRIMARY KEY (hour, exchange, symbol, side)
) STRICT, WITHOUT ROWID;

CREATE TABLE liquidation_price_levels (
  hour                 INTEGER NOT NULL,
  symbol               TEXT NOT NULL,
  price_level          REAL NOT NULL,
  side                 TEXT NOT NULL CHECK (side IN ('LONG', 'SHORT')),
  exchange             TEXT NOT NULL,
  liquidation_count    INTEGER NOT NULL CHECK (liquidation_count >= 2),
  total_value_usd      REAL NOT NULL,
  total_quantity       REAL NOT NULL,
  avg_liquidation_size REAL NOT NULL,
  PRIMARY KEY (hour, symbol, price_level, side, exchange)
) STRICT, WITHOUT ROWID;

CREATE TABLE liquidation_exchange_comparison (
  period          INTEGER NOT NULL,  -- start of four hours
  symbol          TEXT NOT NULL,
  exchange        TEXT NOT NULL,
  event_count     INTEGER NOT NULL,
  total_value_usd REAL NOT NULL,
  avg_value_usd   REAL NOT NULL,
  cascade_count   INTEGER NOT NULL,
  long_count      INTEGER NOT NULL,
  short_count     INTEGER NOT NULL,
  PRIMARY KEY (period, symbol, exchange)
) STRICT, WITHOUT ROWID;

CREATE TABLE liquidation_cascades (
  hour               INTEGER NOT NULL,
  cascade_id         TEXT NOT NULL,
  symbol             TEXT NOT NULL,
  cascade_start      INTEGER NOT NULL,
  cascade_end        INTEGER NOT NULL,
  duration_seconds   REAL NOT NULL,
  event_count        INTEGER NOT NULL,
  total_value_usd    REAL NOT NULL,
  avg_risk_score     REAL NOT NULL,
  max_risk_score     REAL NOT NULL,
  exchanges_involved TEXT NOT NULL,  -- JSON array of venue names, sorted
  exchange_count     INTEGER NOT NULL,
  long_count         INTEGER NOT NULL,
  short_count        INTEGER NOT NULL,
  PRIMARY KEY (hour, cascade_id, symbol)
) STRICT, WITHOUT ROWID;

-- Records that nobody could handle.

CREATE TABLE dead_letters (
  id        INTEGER PRIMARY KEY,
  letter_id BLOB NOT NULL UNIQUE, -- hash of node, place, time and bytes: a replay finds it again
  epoch     INTEGER NOT NULL,
  time      INTEGER NOT NULL,   -- engine time
  node      TEXT NOT NULL,
  kind      TEXT,               -- of the event; null if it never became one
  reason    TEXT NOT NULL,
  place     TEXT NOT NULL,      -- file:line, topic/partition:offset, ...
  attempt   INTEGER NOT NULL,   -- how often it was refused
  origin    TEXT NOT NULL,      -- what the bytes are: '' a line, 'event', 'frame {...}'
  raw_size  INTEGER NOT NULL,   -- before the bytes were cut
  raw       BLOB NOT NULL,      -- bounded
  replayed  INTEGER             -- engine time of the replay that handled it; null if none did
) STRICT;

CREATE INDEX dead_letters_by_time ON dead_letters (time);
-- Letters of the open transaction carry -1 until its epoch is known.
CREATE INDEX dead_letters_open ON dead_letters (epoch) WHERE epoch = -1;

-- The checkpoint: what a run needs to go on, written in one transaction with the rows.

CREATE TABLE pipeline_epochs (
  pipeline TEXT PRIMARY KEY,
  epoch    INTEGER NOT NULL,    -- last complete one
  time     INTEGER NOT NULL,    -- engine time of its barrier
  finished INTEGER NOT NULL CHECK (finished IN (0, 1))  -- all sources had ended
) STRICT, WITHOUT ROWID;

-- All that a pipeline keeps: state of nodes by key, positions of sources and sinks. Has a rowid for
-- the reason given at `scores`.
CREATE TABLE pipeline_state (
  pipeline       TEXT NOT NULL,
  node           TEXT NOT NULL,
  key            TEXT NOT NULL,
  part           TEXT NOT NULL,
  schema_version INTEGER NOT NULL,
  epoch          INTEGER NOT NULL,  -- in which the row changed last
  data           BLOB NOT NULL,     -- tagged fields
  PRIMARY KEY (pipeline, node, key, part)
) STRICT;
