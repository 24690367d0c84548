#pragma once

#include <simdjson.h>

#include <spillway/venue.hpp>

namespace spillway::my_plugin {

namespace dom = simdjson::dom;

/// Decoder of a venue's messages. All that it may know arrives as a frame, and it does no I/O, so
/// recorded frames are all that its tests need. Messages of this venue are
///
///     {"channel":"liquidations",
///      "data":[{"id":..,"symbol":..,"side":..,"price":..,"size":..,"time":..}]}
///     {"channel":"mark","data":{"symbol":..,"mark":..,"index":..,"time":..}}
///     {"event":"subscribed",...}
class MyPlugin : public Venue<MyPlugin> {
public:
    static constexpr About about = {
        .name = "my_plugin",
        .version = "0.1.0",
        .summary = "Decodes liquidations and mark prices",
        .emits = {Kind::liquidation, Kind::price},
    };
    static constexpr auto option_list = no_options();
    NoOptions options;

    /// One frame. An error refuses it as a whole: what it emitted is taken back, and its bytes
    /// become a dead letter.
    Status on(const Frame& frame, Emitter& out);

private:
    Status on_liquidation(dom::object order, const Frame& frame, Emitter& out);
    Status on_mark(dom::object data, const Frame& frame, Emitter& out);

    dom::parser parser_;
};

}  // namespace spillway::my_plugin
