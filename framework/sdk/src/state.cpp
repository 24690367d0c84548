#include <spillway/state.hpp>

namespace spillway {

StateReader StateReader::find(std::uint16_t tag) noexcept {
    std::span<const std::byte> rest = bytes_;
    while (!rest.empty()) {
        std::uint16_t found = 0;
        std::uint32_t length = 0;
        if (rest.size() < sizeof(found) + sizeof(length)) {
            ok_ = false;
            break;
        }
        std::memcpy(&found, rest.data(), sizeof(found));
        std::memcpy(&length, rest.data() + sizeof(found), sizeof(length));
        rest = rest.subspan(sizeof(found) + sizeof(length));
        if (length > rest.size()) {
            ok_ = false;
            break;
        }
        if (found == tag) return StateReader(rest.first(length));
        rest = rest.subspan(length);
    }
    StateReader absent({});
    absent.absent_ = true;
    return absent;
}

}  // namespace spillway
