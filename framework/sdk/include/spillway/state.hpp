#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <spillway/names.hpp>
#include <spillway/pod_vector.hpp>
#include <spillway/status.hpp>

namespace spillway {

/// Receives the rows of a node's changed state at a barrier. Implemented by the engine.
class StateSink {
public:
    /// One row: (key text, part) -> bytes of the given schema version. Empty bytes delete the row.
    virtual void row(std::string_view key, std::string_view part, std::uint32_t version,
                     std::span<const std::byte> bytes) noexcept = 0;

protected:
    ~StateSink() = default;
};

/// State is written field by field: each field is a tag (stable number, never reused), a length
/// and the value. Readers skip unknown tags; fields without a stored tag keep their default. A
/// state struct says its fields once, for both directions:
///
///     template <class Archive> void fields(Archive& io) { io(1, count); io(2, mean); }
///
/// Supported: arithmetic types, enums, interned names (stored as texts), std::string, vector,
/// deque, array, optional, map, pair, and structs with `fields`. Little-endian, lengths are 32-bit.
class StateWriter {
public:
    template <class T>
    void operator()(std::uint16_t tag, const T& value) {
        put(&tag, sizeof(tag));
        const std::uint32_t length_at = bytes_.size();
        const std::uint32_t zero = 0;
        put(&zero, sizeof(zero));
        write(value);
        const std::uint32_t length = bytes_.size() - length_at - 4;
        std::memcpy(bytes_.data() + length_at, &length, sizeof(length));
    }
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_.view(); }
    void clear() noexcept { bytes_.clear(); }

private:
    void put(const void* data, std::size_t size) noexcept {
        const std::uint32_t at = bytes_.size();
        if (at + size > bytes_.capacity()) {
            bytes_.reserve(static_cast<std::uint32_t>((at + size) * 2 + 64));
        }
        bytes_.resize_uninitialised(static_cast<std::uint32_t>(at + size));
        std::memcpy(bytes_.data() + at, data, size);
    }
    void size(std::size_t count) noexcept {
        const auto small = static_cast<std::uint32_t>(count);
        put(&small, sizeof(small));
    }
    template <class T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
    void write(const T& value) { put(&value, sizeof(value)); }
    void write(std::string_view text) {
        size(text.size());
        put(text.data(), text.size());
    }
    void write(const std::string& text) { write(std::string_view(text)); }
    void write(const VenueId& id) { write(text_of(id)); }
    void write(const InstrumentId& id) { write(text_of(id)); }
    void write(const MarketId& id) { write(text_of(id)); }
    void write(const NameId& id) { write(text_of(id)); }
    template <class T>
    void write(const std::vector<T>& items) {
        write_range(items);
    }
    template <class T>
    void write(const std::deque<T>& items) {
        write_range(items);
    }
    template <class T, std::size_t N>
    void write(const std::array<T, N>& items) {
        write_range(items);
    }
    template <class T>
    void write(const std::optional<T>& item) {
        size(item ? 1 : 0);
        if (item) write(*item);
    }
    template <class A, class B>
    void write(const std::pair<A, B>& pair) {
        write(pair.first);
        write(pair.second);
    }
    template <class K, class V, class C>
    void write(const std::map<K, V, C>& map) {
        size(map.size());
        for (const auto& [key, value] : map) {
            write(key);
            write(value);
        }
    }
    template <class T>
    requires std::is_class_v<T> && requires(T& t, StateWriter& w) { t.fields(w); }
    void write(const T& value) {
        // `fields` is shared by both directions and therefore not const; writing changes nothing.
        const std::uint32_t length_at = bytes_.size();
        size(0);
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
        const_cast<T&>(value).fields(*this);
        const std::uint32_t length = bytes_.size() - length_at - 4;
        std::memcpy(bytes_.data() + length_at, &length, sizeof(length));
    }
    template <class Range>
    void write_range(const Range& items) {
        size(items.size());
        for (const auto& item : items) write(item);
    }

    PodVector<std::byte> bytes_;
};

/// The reading side; bounds-checked, any bytes are safe. `ok` turns false at the first damage.
class StateReader {
public:
    explicit StateReader(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {}

    template <class T>
    void operator()(std::uint16_t tag, T& value) {
        StateReader field = find(tag);
        if (field.absent_) return;
        field.read(value);
        ok_ = ok_ && field.ok_;
    }
    [[nodiscard]] bool ok() const noexcept { return ok_; }
    /// For `fields` that find a value which cannot be.
    void fail() noexcept { ok_ = false; }

private:
    [[nodiscard]] StateReader find(std::uint16_t tag) noexcept;
    bool take(void* out, std::size_t size) noexcept {
        if (!ok_ || bytes_.size() < size) return ok_ = false;
        std::memcpy(out, bytes_.data(), size);
        bytes_ = bytes_.subspan(size);
        return true;
    }
    /// A count of items that each need at least one byte: a larger one is damage.
    std::size_t size() noexcept {
        std::uint32_t count = 0;
        if (!take(&count, sizeof(count)) || count > bytes_.size()) {
            ok_ = false;
            return 0;
        }
        return count;
    }
    template <class T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
    void read(T& value) { take(&value, sizeof(value)); }
    void read(bool& value) {
        std::uint8_t byte = 0;
        ok_ = take(&byte, sizeof(byte)) && byte <= 1;
        value = byte == 1;
    }
    void read(std::string& text) {
        text.resize(size());
        take(text.data(), text.size());
    }
    void read(VenueId& id) { read_name(id, venue_id); }
    void read(InstrumentId& id) { read_name(id, instrument_id); }
    void read(MarketId& id) { read_name(id, market_id); }
    void read(NameId& id) { read_name(id, name_id); }
    template <class Id>
    void read_name(Id& id, Id (*intern)(std::string_view) noexcept) {
        std::string text;
        read(text);
        id = text.empty() ? Id::none : intern(text);
    }
    template <class T>
    void read(std::vector<T>& items) {
        read_range(items);
    }
    template <class T>
    void read(std::deque<T>& items) {
        read_range(items);
    }
    template <class T, std::size_t N>
    void read(std::array<T, N>& items) {
        const std::size_t count = size();
        for (std::size_t i = 0; i < count && i < N && ok_; ++i) read(items[i]);
    }
    template <class T>
    void read(std::optional<T>& item) {
        item.reset();
        if (size() != 0) read(item.emplace());
    }
    template <class A, class B>
    void read(std::pair<A, B>& pair) {
        read(pair.first);
        read(pair.second);
    }
    template <class K, class V, class C>
    void read(std::map<K, V, C>& map) {
        map.clear();
        for (std::size_t left = size(); left > 0 && ok_; --left) {
            K key{};
            read(key);
            read(map[key]);
        }
    }
    template <class T>
    requires std::is_class_v<T> && requires(T& t, StateReader& r) { t.fields(r); }
    void read(T& value) {
        const std::size_t length = size();
        StateReader inner(bytes_.first(length));
        value.fields(inner);
        ok_ = ok_ && inner.ok_;
        bytes_ = bytes_.subspan(length);
    }
    template <class Range>
    void read_range(Range& items) {
        items.clear();
        for (std::size_t left = size(); left > 0 && ok_; --left) read(items.emplace_back());
    }

    std::span<const std::byte> bytes_;
    bool ok_ = true;
    bool absent_ = false;
};

}  // namespace spillway
