#include "window_rows.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <system_error>

#include <rapidjson/document.h>
#include <xxhash.h>

#include "line_blocks.hpp"

namespace spillway::bench {
namespace {

constexpr std::size_t flush_at = std::size_t{64} << 10;

template <class... Format>
void append_number(std::string& out, auto value, Format... format) {
    std::array<char, 400> text{};  // the largest double has 309 digits
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, format...).ptr;
    out.append(text.data(), end);
}

}  // namespace

void append_json_line(std::string& out, const WindowRow& row) {
    out += R"({"window":"liq_1m","start":)";
    append_number(out, row.start_ms);
    out += R"(,"end":)";
    append_number(out, row.end_ms);
    out += R"(,"instrument":")";
    out += row.instrument;
    out += row.side == Side::long_position ? R"(","side":"long","count":)"
                                           : R"(","side":"short","count":)";
    append_number(out, row.count);
    out += R"(,"sum_notional":)";
    append_number(out, row.sum_notional_usd, std::chars_format::fixed);
    out += "}\n";
}

RowFile::RowFile(const std::filesystem::path& path)
    : path_(path), file_(std::fopen(path.c_str(), "wb"), &std::fclose) {
    pending_.reserve(flush_at + 512);
    if (file_) {
        std::setvbuf(file_.get(), nullptr, _IONBF, 0);  // rows are collected here already
    } else {
        fail("cannot create the file");
    }
}

void RowFile::append(const WindowRow& row) {
    append_json_line(pending_, row);
    if (pending_.size() >= flush_at) flush();
}

void RowFile::flush() {
    if (file_ && std::fwrite(pending_.data(), 1, pending_.size(), file_.get()) != pending_.size()) {
        fail("cannot write");
    }
    pending_.clear();
}

tl::expected<void, std::string> RowFile::close() {
    flush();
    if (file_ && std::fclose(file_.release()) != 0) fail("cannot write");
    if (!error_.empty()) return tl::make_unexpected(error_);
    return {};
}

void RowFile::fail(const char* what) {
    if (!error_.empty()) return;
    error_ = path_.string() + ": " + what + ": " + std::generic_category().message(errno);
}

tl::expected<RowSummary, std::string> summarise_rows(const std::filesystem::path& path) {
    LineBlocks lines(path);
    RowSummary summary;
    std::int64_t notional = 0;
    for (Line line; lines.next(line);) {
        ++summary.rows;
        rapidjson::Document row;
        row.Parse(line.data, line.size);
        const auto failure = [&](const char* what) {
            return tl::make_unexpected(path.string() + ":" + std::to_string(summary.rows) + ": " +
                                       what + ": " + std::string(line.data, line.size));
        };
        if (row.HasParseError() || !row.IsObject()) return failure("not a JSON object");
        const auto count = row.FindMember("count");
        const auto sum = row.FindMember("sum_notional");
        if (count == row.MemberEnd() || !count->value.IsUint64()) {
            return failure("no whole number \"count\"");
        }
        if (sum == row.MemberEnd() || !sum->value.IsNumber()) {
            return failure("no number \"sum_notional\"");
        }
        summary.count += count->value.GetUint64();
        notional += std::llround(sum->value.GetDouble() * 1e4);
        summary.checksum += XXH3_64bits(line.data, line.size);
    }
    if (lines.error()) return tl::make_unexpected(*lines.error());
    summary.notional_usd = static_cast<double>(notional) / 1e4;
    return summary;
}

}  // namespace spillway::bench
