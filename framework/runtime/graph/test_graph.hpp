#pragma once

#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include <spillway/event_json.hpp>
#include <spillway/fields.hpp>
#include <spillway/keyed_transform.hpp>
#include <spillway/sink.hpp>
#include <spillway/source.hpp>
#include <spillway/transform.hpp>

namespace spillway::testing {

/// A recorded price of a market, for tests of the engine.
struct Record {
    Time receive = 0;
    Time event = 0;
    std::string market;
    double value = 0;
};

/// A bounded source of such records.
class RecordSource final : public SourcePlugin<RecordSource> {
public:
    static constexpr About about{.name = "records", .version = "1", .summary = "test"};
    static constexpr auto option_list = no_options();
    NoOptions options;

    explicit RecordSource(std::vector<Record> records) : records_(std::move(records)) {}

    Status open(const SourceSetup&) noexcept override { return {}; }
    Result<ReadState> read(SourceOutput& out, std::uint32_t limit) noexcept override {
        for (; out.count() < limit && next_ < records_.size(); ++next_) {
            const Record& record = records_[next_];
            Event& event = out.emit(Kind::price, record.receive);
            event.event_time = record.event;
            event.market = market_id(record.market);
            event.venue = venue_id("test");
            event.price.last = record.value;
            event.set_present(field::price::last);
        }
        return next_ < records_.size() ? ReadState::more : ReadState::end;
    }
    void position(StateWriter&) noexcept override {}
    Status seek(std::span<const std::byte>) noexcept override { return {}; }

private:
    std::vector<Record> records_;
    std::size_t next_ = 0;
};

/// Drops every third value.
class ThirdFilter final : public Filter<ThirdFilter> {
public:
    static constexpr About about{.name = "third", .version = "1", .summary = "test"};
    static constexpr auto option_list = no_options();
    NoOptions options;
    static Verdict on(const Event& event, const Batch&) {
        return static_cast<long>(event.price.last) % 3 == 0 ? Verdict::filtered : Verdict::keep;
    }
};

struct EchoState {
    double sum = 0;
    std::uint64_t count = 0;
    template <class Archive>
    void fields(Archive& io) {
        io(1, sum);
        io(2, count);
    }
};

/// Emits one or two prices per price, and from a re-arming timer; at the end of each instant too.
class Echo final : public KeyedTransform<Echo, EchoState> {
public:
    static constexpr About about{
        .name = "echo", .version = "1", .summary = "test", .traits = Trait::keyed};
    static constexpr auto option_list = no_options();
    NoOptions options;
    explicit Echo(Duration delay) : delay_(delay) {}

    Status on(EchoState& state, const Event& event, Context& context) {
        state.sum += event.kind() == Kind::price ? event.price.last : 1;
        ++state.count;
        put(context, event.market, state.sum);
        if (state.count % 4 == 0) put(context, event.market, -state.sum);
        if (!context.timer_set(0)) context.set_timer(0, context.now() + delay_);
        context.set_timer(1, context.now());
        market_ = event.market;
        return {};
    }
    void on_timer(EchoState& state, TimerId timer, Time due, Context& context) {
        const MarketId market = market_id(current_key());
        put(context, market, state.sum + (timer == 0 ? 0.5 : 0.25));
        if (timer == 0 && state.count % 2 == 0) context.set_timer(0, due + delay_ * 3);
    }

private:
    static void put(Context& context, MarketId market, double value) {
        Event& event = context.out().emit(Kind::price);
        event.market = market;
        event.price.last = value;
        event.set_present(field::price::last);
    }
    Duration delay_;
    MarketId market_ = MarketId::none;
};

struct SumState {
    std::map<Time, double> sums;
    template <class Archive>
    void fields(Archive& io) {
        io(1, sums);
    }
};

/// Sums over event-time windows; late values go to the output `late`.
class WindowSum final : public KeyedTransform<WindowSum, SumState> {
public:
    static constexpr About about{.name = "window_sum",
                                 .version = "1",
                                 .summary = "test",
                                 .traits = Trait::keyed | Trait::late_output};
    static constexpr auto option_list = no_options();
    NoOptions options;
    static constexpr Duration length = 10 * second;

    static Status on(SumState& state, const Event& event, Context& context) {
        const Time end = floor_to(event.event_time, length) + length;
        if (end <= context.watermark()) {
            context.late(event);
            return {};
        }
        state.sums[end] += event.price.last;
        context.set_event_timer(0, state.sums.begin()->first);
        return {};
    }
    void on_event_timer(SumState& state, TimerId, Time due, Context& context) {
        Event& event = context.out().emit(Kind::price);
        event.event_time = due;
        event.market = market_id(current_key());
        event.price.last = state.sums.begin()->second;
        event.set_present(field::price::last);
        state.sums.erase(state.sums.begin());
        if (!state.sums.empty()) context.set_event_timer(0, state.sums.begin()->first);
    }
};

/// Keeps what it gets as JSON lines.
class LineSink final : public SinkPlugin<LineSink> {
public:
    static constexpr About about{.name = "lines", .version = "1", .summary = "test"};
    static constexpr auto option_list = no_options();
    NoOptions options;

    Status open(const SinkSetup&) noexcept override { return {}; }
    Status write(const SinkRows& rows) noexcept override {
        PodVector<char> line;
        for (std::uint32_t k = 0; k < rows.rows.count; ++k) {
            append_json(line, rows.batch[rows.rows[k]], rows.batch);
            line.push_back('\n');
        }
        text.append(line.data(), line.size());
        return {};
    }
    Status flush(std::uint64_t) noexcept override { return {}; }
    Status close() noexcept override { return {}; }

    std::string text;
};

}  // namespace spillway::testing
