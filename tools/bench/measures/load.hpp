#pragma once

#include <string>

namespace spillway::bench {

/// A pipeline of the demo's shape under generated load: prices and liquidations of 20 markets and
/// two venues through normalise, dedupe, liquidation_risk, cascades and alerts. `large` lets
/// liquidations of 10,000 USD or more through, about eight in a thousand events: what somebody
/// would be told at once.
/// `remembered`: records that dedupe keeps at most.
[[nodiscard]] std::string load_pipeline_text(double rate, double seconds,
                                             double remembered = 4'000'000);

/// Source, normalise, dedupe and `large` alone: one chain.
[[nodiscard]] std::string chain_pipeline_text(double rate, double seconds,
                                              double remembered = 4'000'000);

}  // namespace spillway::bench
