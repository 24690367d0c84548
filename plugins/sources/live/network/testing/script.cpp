#include "testing/script.hpp"

#include <utility>

namespace spillway::live::testing {

Script::Piece Script::next() {
    if (then_ != Piece::What::bytes) return {std::exchange(then_, Piece::What::bytes)};
    if (over_) return {};
    constexpr std::string_view mark = "\n@";
    Piece piece{Piece::What::bytes, std::exchange(delay_, 0), rest_};
    const std::size_t end = rest_.find(mark);
    if (end == std::string_view::npos || end + mark.size() == rest_.size()) {
        over_ = true;
        return piece;
    }
    piece.bytes = rest_.substr(0, end);
    const char how = rest_[end + mark.size()];
    rest_.remove_prefix(end + mark.size() + 1);
    if (how == 'e') then_ = Piece::What::end;
    if (how == 'r') then_ = Piece::What::reset;
    if (how == 's') then_ = Piece::What::silence;
    if (how >= '0' && how <= '7') {
        delay_ = millisecond;
        for (char c = '0'; c < how; ++c) delay_ *= 10;
    }
    return piece;
}

}  // namespace spillway::live::testing
