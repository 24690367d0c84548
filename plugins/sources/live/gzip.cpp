#include "gzip.hpp"

#include <algorithm>
#include <new>

#include <fmt/format.h>
#include <zlib.h>

namespace spillway::live {

struct Gunzip::Stream {
    z_stream z{};
};

namespace {
constexpr int gzip_window = 15 + 16;
constexpr std::size_t first_size = 16U << 10U;
}  // namespace

Gunzip::Gunzip(std::size_t limit) : limit_(limit), stream_(std::make_unique<Stream>()) {
    if (inflateInit2(&stream_->z, gzip_window) != Z_OK) throw std::bad_alloc();
    out_.resize(std::min(first_size, limit_));
}

Gunzip::~Gunzip() { inflateEnd(&stream_->z); }

Result<std::string_view> Gunzip::unpack(std::string_view packed) {
    const auto fail = [](std::string_view why) {
        return tl::make_unexpected(Status(Code::bad_record, why));
    };
    z_stream& z = stream_->z;
    inflateReset(&z);
    // zlib does not write through it.
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    z.avail_in = static_cast<uInt>(packed.size());
    std::size_t size = 0;
    for (;;) {
        z.next_out = reinterpret_cast<Bytef*>(out_.data()) + size;
        z.avail_out = static_cast<uInt>(out_.size() - size);
        const int result = inflate(&z, Z_NO_FLUSH);
        size = out_.size() - z.avail_out;
        if (result == Z_STREAM_END) break;
        if (result != Z_OK && result != Z_BUF_ERROR) {
            return fail(z.msg != nullptr ? z.msg : "no gzip");
        }
        if (z.avail_out > 0) return fail("the gzip data ends too early");
        if (out_.size() >= limit_) {
            return fail(fmt::format("unpacked it is larger than {} bytes", limit_));
        }
        out_.resize(std::min(limit_, out_.size() * 2));
    }
    if (z.avail_in > 0) return fail("there is more behind the gzip data");
    return std::string_view(out_.data(), size);
}

}  // namespace spillway::live
