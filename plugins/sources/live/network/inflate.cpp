#include "inflate.hpp"

#include <algorithm>

#include <zlib.h>

namespace spillway::live {

namespace {

/// Ends the stream on every way out.
class Inflater {
public:
    explicit Inflater(int window) : ready_(inflateInit2(&stream_, window) == Z_OK) {}
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater() { inflateEnd(&stream_); }

    Inflated run(std::string_view packed, std::size_t limit, std::string& out) {
        if (!ready_) return Inflated::damaged;
        // zlib does not write to its input; the cast is for its C interface.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // NOLINT
        stream_.avail_in = static_cast<uInt>(packed.size());
        std::size_t size = 0;
        int state = Z_OK;
        while (state == Z_OK) {
            if (size > limit) return Inflated::too_large;
            if (out.size() == size) out.resize(std::max<std::size_t>(16384, 2 * size));
            stream_.next_out = reinterpret_cast<Bytef*>(out.data() + size);
            const auto room = static_cast<uInt>(out.size() - size);
            stream_.avail_out = room;
            state = inflate(&stream_, Z_NO_FLUSH);
            size += room - stream_.avail_out;
        }
        out.resize(size);
        if (size > limit) return Inflated::too_large;
        return state == Z_STREAM_END ? Inflated::good : Inflated::damaged;
    }

private:
    z_stream stream_{};
    bool ready_;
};

constexpr int gzip_or_zlib = 15 + 32;
constexpr int raw = -15;

}  // namespace

Inflated inflate_body(std::string_view packed, std::size_t limit, std::string& out) {
    out.clear();
    const Inflated result = Inflater(gzip_or_zlib).run(packed, limit, out);
    if (result != Inflated::damaged) return result;
    out.clear();
    return Inflater(raw).run(packed, limit, out);
}

}  // namespace spillway::live
