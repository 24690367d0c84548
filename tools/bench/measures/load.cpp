#include "measures/load.hpp"

#include <fmt/format.h>

namespace spillway::bench {

std::string chain_pipeline_text(double rate, double seconds, double remembered) {
    return fmt::format(R"(name: load
sources:
  load:
    type: generate
    rate: {:.0f}
    count: {:.0f}
    markets: [BTC, ETH, SOL, XRP, DOGE, ADA, AVAX, LINK, LTC, BCH, DOT, UNI, NEAR, APT, ARB, OP, SUI,
              TRX, ATOM, FIL]
    venues: [binance, bybit]
    kinds: [price, liquidation, price, price, price, price, price, price]
transforms:
  markets: {{type: normalise, inputs: [load]}}
  events: {{type: dedupe, inputs: [markets], max_entries: {:.0f}}}
  large: {{type: filter, inputs: [events], where: [kind == liquidation, notional >= 10_000]}}
sinks:
  out: {{type: 'null', inputs: [large]}}
)",
                       rate, rate * seconds, remembered);
}

std::string load_pipeline_text(double rate, double seconds, double remembered) {
    const std::string chain = chain_pipeline_text(rate, seconds, remembered);
    const std::size_t sinks = chain.find("sinks:");
    return chain.substr(0, sinks) + R"(  cascades: {type: cascades, inputs: [events]}
  alerts: {type: alerts, inputs: [risk]}
scorers:
  risk: {type: liquidation_risk, inputs: [events]}
)" + chain.substr(sinks) +
           "  store: {type: 'null', inputs: [events, risk, cascades, alerts]}\n";
}

}  // namespace spillway::bench
