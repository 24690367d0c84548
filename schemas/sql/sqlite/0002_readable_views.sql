-- One view `<table>_utc` per table with a time: times as ISO 8601 (milliseconds; buckets: seconds),
-- ids as 32 hexadecimal digits. For eyes and ad-hoc queries: filter on the tables, whose keys and
-- indexes hold the integers.

CREATE VIEW prices_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e9, 'unixepoch') AS time,
       lower(hex(event_id)) AS event_id, venue, symbol, price, volume
FROM prices;

CREATE VIEW funding_rates_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e9, 'unixepoch') AS time,
       lower(hex(event_id)) AS event_id, venue, symbol, funding_rate, mark_price, index_price,
       rate_interval_hours
FROM funding_rates;

CREATE VIEW open_interest_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e9, 'unixepoch') AS time,
       lower(hex(event_id)) AS event_id, venue, symbol, open_interest, open_interest_value
FROM open_interest;

CREATE VIEW long_short_ratio_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e9, 'unixepoch') AS time,
       lower(hex(event_id)) AS event_id, venue, symbol, population, long_ratio, short_ratio,
       long_short_ratio
FROM long_short_ratio;

CREATE VIEW liquidations_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e9, 'unixepoch') AS time,
       lower(hex(event_id)) AS event_id, venue, symbol, side, quantity, price, usd_value
FROM liquidations;

CREATE VIEW stablecoin_flows_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e9, 'unixepoch') AS time,
       lower(hex(event_id)) AS event_id, venue, token, flow_type, amount, from_address, to_address,
       is_exchange_flow, interval_seconds
FROM stablecoin_flows;

CREATE VIEW liquidations_significant_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e9, 'unixepoch') AS time,
       lower(hex(event_id)) AS event_id, exchange, symbol, side, price, quantity, value_usd,
       is_cascade, cascade_id, cascade_event_count, risk_score, session_type, raw_data
FROM liquidations_significant;

CREATE VIEW scores_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e9, 'unixepoch') AS time,
       lower(hex(event_id)) AS event_id, market, symbol, name, direction, headline, value, low,
       high, coverage, profile, model, warming_up, young_ranks, at_close, contributions
FROM scores;

CREATE VIEW cascade_alerts_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e9, 'unixepoch') AS time,
       lower(hex(event_id)) AS event_id, symbol, alert_type, severity, liquidation_risk_score,
       buying_pressure_score, combined_score, message, alert_id, state, direction, aligned
FROM cascade_alerts;

CREATE VIEW cascade_episodes_utc AS
SELECT cascade_id, market, side,
       strftime('%Y-%m-%dT%H:%M:%fZ', start / 1e9, 'unixepoch') AS start,
       strftime('%Y-%m-%dT%H:%M:%fZ', last / 1e9, 'unixepoch') AS last,
       state, event_count, total_usd, long_count, short_count, risk_score, max_risk_score,
       avg_risk_score, exchanges
FROM cascade_episodes;

CREATE VIEW funding_rates_1h_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', bucket / 1000000000, 'unixepoch') AS bucket,
       symbol, venue, avg, min, max, last, count
FROM funding_rates_1h;

CREATE VIEW liquidations_1h_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', bucket / 1000000000, 'unixepoch') AS bucket,
       symbol, side, count, total_usd, max_usd
FROM liquidations_1h;

CREATE VIEW oi_changes_1h_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', bucket / 1000000000, 'unixepoch') AS bucket,
       symbol, venue, open, close, min, max, change_pct
FROM oi_changes_1h;

CREATE VIEW liquidations_hourly_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', hour / 1000000000, 'unixepoch') AS hour,
       exchange, symbol, side, event_count, total_value_usd, avg_value_usd, max_value_usd,
       min_value_usd, stddev_value_usd, total_quantity, cascade_count, avg_risk_score
FROM liquidations_hourly;

CREATE VIEW liquidation_price_levels_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', hour / 1000000000, 'unixepoch') AS hour,
       symbol, price_level, side, exchange, liquidation_count, total_value_usd, total_quantity,
       avg_liquidation_size
FROM liquidation_price_levels;

CREATE VIEW liquidation_exchange_comparison_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', period / 1000000000, 'unixepoch') AS period,
       symbol, exchange, event_count, total_value_usd, avg_value_usd, cascade_count, long_count,
       short_count
FROM liquidation_exchange_comparison;

CREATE VIEW liquidation_cascades_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', hour / 1000000000, 'unixepoch') AS hour,
       cascade_id, symbol,
       strftime('%Y-%m-%dT%H:%M:%fZ', cascade_start / 1e9, 'unixepoch') AS cascade_start,
       strftime('%Y-%m-%dT%H:%M:%fZ', cascade_end / 1e9, 'unixepoch') AS cascade_end,
       duration_seconds, event_count, total_value_usd, avg_risk_score, max_risk_score,
       exchanges_involved, exchange_count, long_count, short_count
FROM liquidation_cascades;

CREATE VIEW dead_letters_utc AS
SELECT id, epoch,
       strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e9, 'unixepoch') AS time,
       node, kind, reason, place, attempt, origin, raw_size, raw,
       strftime('%Y-%m-%dT%H:%M:%fZ', replayed / 1e9, 'unixepoch') AS replayed
FROM dead_letters;

CREATE VIEW pipeline_epochs_utc AS
SELECT pipeline, epoch,
       strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e9, 'unixepoch') AS time,
       finished
FROM pipeline_epochs;

CREATE VIEW liquidation_risk_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e9, 'unixepoch') AS time,
       symbol, risk_score, funding_component, oi_component, price_component,
       liquidation_cluster_distance, ls_component, liq_component, ignition_component, profile,
       direction, low, high, coverage, market, lower(hex(event_id)) AS event_id
FROM liquidation_risk;

CREATE VIEW stablecoin_pressure_utc AS
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e9, 'unixepoch') AS time,
       buying_pressure_score, net_exchange_flow, large_transfers_count, mint_burn_delta, low, high,
       coverage, profile, lower(hex(event_id)) AS event_id
FROM stablecoin_pressure;
