#pragma once

#include <cstdint>

#include <spillway/batch.hpp>
#include <spillway/pod_vector.hpp>

namespace spillway::terminal {

/// Appends one line for a person, with the line break:
///
///     2026-02-05 20:25:01  CRITICAL  BTC   ignition down 87   BTC longs are being liquidated ..
///     2026-02-05 20:25:01  cascade   BTC   long  active   37 orders  12.4 M USD  2 venues  risk
///     0.71 2026-02-05 20:25:01  score     BTC   risk down 63 (55..80)  coverage 0.80
///
/// Control characters in texts are shown as `?`: foreign text can't steer the terminal. A grouped
/// alert names the markets that joined. Event kinds that have no line append nothing.
void append_line(PodVector<char>& out, const Event& event, const Batch& batch, bool colour);

/// "950", "12.4 k", "3.1 M", "2.0 bn".
void append_usd(PodVector<char>& out, double usd);

}  // namespace spillway::terminal
