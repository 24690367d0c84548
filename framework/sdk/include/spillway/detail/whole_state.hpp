#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <spillway/id.hpp>
#include <spillway/plugin.hpp>
#include <spillway/state.hpp>

namespace spillway::detail {

/// State of a node without keys: what its class names in `fields`, as one row that is handed over
/// when its bytes are others than the last time. A class without `fields` has no state.
template <class Self>
class WholeState {
public:
    static constexpr bool exists = requires(Self & self, StateWriter& writer) {
        self.fields(writer);
    };

    Status snapshot(Self& self, StateSink& sink, bool all) noexcept {
        return guarded([&]() -> Status {
            if constexpr (exists) {
                writer_.clear();
                self.fields(writer_);
                const std::uint64_t hash =
                    hash_text({reinterpret_cast<const char*>(writer_.bytes().data()),
                               writer_.bytes().size()});
                if (all || hash != handed_over_) {
                    sink.row({}, {}, Self::about.state_version, writer_.bytes());
                }
                handed_over_ = hash;
            }
            return {};
        });
    }

    Status restore(Self& self, std::string_view key, std::uint32_t version,
                   std::span<const std::byte> bytes) noexcept {
        return guarded([&]() -> Status {
            if constexpr (exists) {
                if (version > Self::about.state_version) {
                    return {Code::unsupported, "state was written by a newer version", key};
                }
                StateReader reader(bytes);
                self.fields(reader);
                return reader.ok() ? Status() : Status{Code::io, "state row is damaged", key};
            } else {
                return {Code::unsupported, "this node keeps no state", key};
            }
        });
    }

private:
    StateWriter writer_;
    std::uint64_t handed_over_ = 0;
};

}  // namespace spillway::detail
