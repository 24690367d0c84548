#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/keyed_transform.hpp>
#include <spillway/scorer.hpp>
#include <spillway/sink.hpp>
#include <spillway/source.hpp>
#include <spillway/transform.hpp>

// Plugins that load and then break one rule each, for the tests of the conformance kit. What they
// have in common is right; each file says what is wrong.
namespace spillway::nonconforming {

/// What a filter of prices says about itself.
[[nodiscard]] constexpr About about_filter(std::string_view name) {
    return {.name = name,
            .version = "1.0.0",
            .summary = "Breaks a rule.",
            .consumes = {Kind::price},
            .emits = {Kind::price},
            .traits = Trait::in_place};
}

/// What a transform says that counts prices per market.
[[nodiscard]] constexpr About about_counter(std::string_view name) {
    return {.name = name,
            .version = "1.0.0",
            .summary = "Breaks a rule.",
            .consumes = {Kind::price},
            .emits = {Kind::extension},
            .traits = Trait::keyed};
}

struct Count {
    std::uint64_t seen = 0;
    template <class Archive>
    void fields(Archive& io) {
        io(1, seen);
    }
};

inline void emit_number(Emitter& out, double value) {
    Event& event = out.emit(Kind::extension);
    event.extension = {name_id("count"), 1, {}};
    event.set_present(field::extension::name);
    const ExtensionField field{name_id("value"), {}, value};
    std::memcpy(out.batch().extend_blob(event, sizeof field), &field, sizeof field);
}

/// State of a scorer of prices and open interest.
struct Inputs {
    double price = 0, open_interest = 0;
    template <class Archive>
    void fields(Archive& io) {
        io(1, price);
        io(2, open_interest);
    }
};

/// A scorer of two components that does nothing wrong; others override a part of it.
template <class Self>
class TwoComponents : public Scorer<Self, Inputs> {
public:
    static constexpr auto option_list = no_options();
    static constexpr std::array<ComponentSpec, 2> components = {
        {{"price", 50, 0.5}, {"open_interest", 50, 0.5}}};
    static constexpr std::array<OutputSpec, 1> outputs = {{{"level", false, true, components}}};
    struct Context {};
    NoOptions options;

    [[nodiscard]] static constexpr About about_scorer(std::string_view name) {
        return {.name = name,
                .version = "1.0.0",
                .summary = "Breaks a rule.",
                .consumes = {Kind::price, Kind::open_interest},
                .emits = {Kind::score},
                .traits = Trait::keyed};
    }

    void advance(Inputs&, Time) {}
    void observe(Inputs& state, const Event& event, const Batch&) {
        if (event.kind() == Kind::price && event.has(field::price::last)) {
            take(state.price, event.price.last);
        }
        if (event.kind() == Kind::open_interest && event.has(field::open_interest::notional)) {
            take(state.open_interest, event.open_interest.notional);
        }
    }
    Time next_due(const Inputs&) const { return time_never; }
    Assessment<Context> assess(const Inputs& state, Time, std::size_t, Direction) const {
        Assessment<Context> found;
        found.ready = state.price != 0 || state.open_interest != 0;
        found.at_close = true;
        found.components[0] = part(state.price / 2'000);
        found.components[1] = part(state.open_interest / 10'000'000);
        return found;
    }
    double combine(const Context&, std::span<const double> points, std::size_t) const {
        return std::min(points[0] + points[1], 100.0);
    }

protected:
    static void take(double& known, double told) noexcept {
        if (std::isfinite(told)) known = told;
    }
    [[nodiscard]] static ComponentValue part(double points) {
        ComponentValue value;
        value.cap = 50;
        value.missing = points == 0;
        value.points = std::clamp(points, 0.0, 50.0);
        return value;
    }
};

/// A source of a thousand prices, a second apart, that does nothing wrong; others override a part.
template <class Self>
class Ticks : public SourcePlugin<Self> {
public:
    static constexpr auto option_list = no_options();
    static constexpr std::uint64_t count = 1'000;
    NoOptions options;

    [[nodiscard]] static constexpr About about_source(std::string_view name, Trait traits) {
        return {.name = name,
                .version = "1.0.0",
                .summary = "Breaks a rule.",
                .emits = {Kind::price},
                .traits = traits};
    }

    Status open(const SourceSetup&) noexcept override { return {}; }
    Result<ReadState> read(SourceOutput& out, std::uint32_t limit) noexcept override {
        for (; next < count; ++next) {
            if (out.count() >= limit) return ReadState::more;
            Event& event = out.emit(Kind::price, time_of(next));
            event.id = {1, next + 1};
        }
        return ReadState::end;
    }
    void position(StateWriter& out) noexcept override { out(1, next); }
    Status seek(std::span<const std::byte> position) noexcept override {
        StateReader in(position);
        in(1, next);
        return in.ok() ? Status() : Status(Code::io, "the stored position is damaged");
    }

protected:
    [[nodiscard]] virtual Time time_of(std::uint64_t index) const noexcept {
        return 1'767'225'600 * second + static_cast<Time>(index) * second;
    }

    std::uint64_t next = 0;  ///< index of the next price
};

/// A sink of prices that counts them and does nothing wrong; others override a part.
template <class Self>
class Counter : public SinkPlugin<Self> {
public:
    static constexpr auto option_list = no_options();
    NoOptions options;

    [[nodiscard]] static constexpr About about_sink(std::string_view name) {
        return {.name = name,
                .version = "1.0.0",
                .summary = "Breaks a rule.",
                .consumes = {Kind::price}};
    }

    Status open(const SinkSetup&) noexcept override { return {}; }
    Status write(const SinkRows& rows) noexcept override {
        taken += rows.rows.count;
        return {};
    }
    Status flush(std::uint64_t) noexcept override { return {}; }
    Status close() noexcept override { return {}; }

protected:
    std::uint64_t taken = 0;  ///< rows
};

/// A sink of prices that writes the symbol of each to a line and does nothing wrong, but that rows
/// behind the last flush come twice; others override a part.
template <class Self>
class Lines : public Counter<Self> {
public:
    Lines() = default;
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;
    ~Lines() override {
        if (file_ != nullptr) std::fclose(file_);
    }

    Status open(const SinkSetup& setup) noexcept override {
        const std::string path = std::string(setup.data_dir) + "/rows.txt";
        file_ = std::fopen(path.c_str(), setup.resumed ? "a" : "w");
        return file_ != nullptr ? Status() : Status(Code::io, "cannot open rows.txt");
    }
    Status write(const SinkRows& rows) noexcept override {
        for (std::uint32_t k = 0; k < rows.rows.count; ++k) put(rows.batch[rows.rows[k]]);
        return {};
    }
    Status flush(std::uint64_t) noexcept override {
        return std::fflush(file_) == 0 ? Status() : Status(Code::io, "cannot write rows.txt");
    }
    Status close() noexcept override {
        if (file_ != nullptr) std::fclose(file_);
        file_ = nullptr;
        return {};
    }

protected:
    void put(const Event& event) noexcept {
        const std::string_view symbol = text_of(event.instrument);
        std::fprintf(file_, "%.*s\n", static_cast<int>(symbol.size()), symbol.data());
        ++this->taken;
    }

private:
    std::FILE* file_ = nullptr;
};

}  // namespace spillway::nonconforming
