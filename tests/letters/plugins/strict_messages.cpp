#include <cstdio>
#include <string>

#include <spillway/fields.hpp>
#include <spillway/venue.hpp>

namespace spillway::strict_messages {
namespace {

struct Options {
    double limit = 0;
};

/// Messages `{"ts":MILLISECONDS,"price":PRICE}`; how many were decoded goes into each event, so
/// that a lost state shows.
class StrictMessages : public Venue<StrictMessages> {
public:
    static constexpr About about = {.name = "strict_messages",
                                    .version = "1.0.0",
                                    .summary = "Prices up to a limit",
                                    .emits = {Kind::price}};
    static constexpr auto option_list = spillway::options(
        option::number<&Options::limit>("limit", "Highest price.").otherwise("1000"));
    Options options;

    Status on(const Frame& frame, Emitter& out) {
        if (frame.type != FrameType::data) return {};
        const std::string text(frame.bytes);
        long long ms = 0;
        double price = 0;
        if (std::sscanf(text.c_str(), R"({"ts":%lld,"price":%lf})", &ms, &price) != 2) {
            return bad_record("not a price");
        }
        if (price > options.limit) return bad_record("the price is above the limit", "price");
        Event& event = out.emit(Kind::price);
        event.event_time = ms * millisecond;
        event.id = hash_id(text.data(), text.size());
        event.venue = frame.venue;
        event.instrument = instrument_id(text_of(frame.channel));
        event.price.last = price;
        event.set_present(field::price::last);
        event.price.mark = static_cast<double>(++decoded_);
        event.set_present(field::price::mark);
        return {};
    }
    template <class Archive>
    void fields(Archive& io) {
        io(1, decoded_);
    }

private:
    std::uint64_t decoded_ = 0;
};

}  // namespace
}  // namespace spillway::strict_messages

SPILLWAY_PLUGIN(spillway::strict_messages::StrictMessages)
