#pragma once

#include <cstring>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <spillway/batch.hpp>
#include <spillway/fields.hpp>
#include <spillway/testing/temporary_folder.hpp>

#include "store.hpp"

namespace spillway::sqlite::testing {

/// 2026-02-05 20:25 UTC, a Thursday.
inline constexpr Time evening = 1'770'323'100 * second;

using spillway::testing::TemporaryFolder;

/// Another program with the file open: what a dashboard or a shell sees.
class Reader {
public:
    explicit Reader(const std::filesystem::path& file) { sqlite3_open(file.c_str(), &connection_); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() { sqlite3_close_v2(connection_); }

    /// Rows as text, columns separated by `|`; null is empty. An error is a row of its own.
    std::vector<std::string> rows(const std::string& sql) {
        std::vector<std::string> found;
        const auto add = [](void* into, int count, char** values, char**) {
            std::string row;
            for (int i = 0; i < count; ++i) {
                if (i > 0) row += '|';
                if (values[i] != nullptr) row += values[i];
            }
            static_cast<std::vector<std::string>*>(into)->push_back(row);
            return 0;
        };
        char* error = nullptr;
        if (sqlite3_exec(connection_, sql.c_str(), add, &found, &error) != SQLITE_OK) {
            found.push_back(std::string("error: ") + (error != nullptr ? error : "?"));
        }
        sqlite3_free(error);
        return found;
    }
    std::string value(const std::string& sql) {
        const auto found = rows(sql);
        return found.size() == 1 ? found.front() : std::to_string(found.size()) + " rows";
    }

private:
    sqlite3* connection_ = nullptr;
};

/// Events of a test, written to a store as one batch.
class Events {
public:
    /// A new event of the BTC perpetual on binance; the reference holds until the next one.
    Event& add(Kind kind, std::uint64_t id, Time time = evening) {
        Event& event = batch_->append(kind);
        event.event_time = time;
        event.receive_time = time;
        event.id = {0, id};
        event.venue = venue_id("binance");
        event.instrument = instrument_id("BTC/USDT:USDT");
        event.market = market_id("BTC");
        return event;
    }
    Event& liquidation(std::uint64_t id, double notional, Time time = evening) {
        Event& event = add(Kind::liquidation, id, time);
        event.liquidation.side = Side::long_position;
        event.liquidation.notional = notional;
        mark(event, {field::liquidation::side, field::liquidation::notional});
        return event;
    }
    /// A cascade that names `members`, with a risk of .5.
    Event& cascade(Id episode, const std::vector<CascadeMember>& members, double risk = 0.5) {
        Event& event = add(Kind::cascade, 0);
        event.instrument = InstrumentId::none;
        event.venue = VenueId::none;
        event.cascade = {episode,
                         evening,
                         evening + second,
                         3e6,
                         1e6,
                         5,
                         2,
                         Side::long_position,
                         CascadeState::active};
        mark(event, {field::cascade::cascade, field::cascade::side, field::cascade::state});
        const CascadeVenue venues[] = {{3e6, 5, venue_id("okx")}, {1e6, 2, venue_id("binance")}};
        const CascadeDetail detail{risk, 0.75, 0.6,
                                   50,   2,    static_cast<std::uint32_t>(members.size())};
        append(event, &detail, sizeof(detail));
        append(event, venues, sizeof(venues));
        append(event, members.data(), members.size() * sizeof(CascadeMember));
        return event;
    }
    /// An extension event with numbers and, after them, bytes.
    Event& extension(std::string_view name,
                     std::initializer_list<std::pair<std::string_view, double>> numbers,
                     std::string_view bytes = {}) {
        Event& event = add(Kind::extension, 0);
        event.extension.name = name_id(name);
        event.extension.fields = static_cast<std::uint32_t>(numbers.size());
        for (const auto& [field, value] : numbers) {
            const ExtensionField one{name_id(field), NameId::none, value};
            append(event, &one, sizeof(one));
        }
        if (!bytes.empty()) event.extension.bytes = batch_->add_text(event, bytes);
        return event;
    }
    void append(Event& event, const void* data, std::size_t size) {
        if (size > 0) std::memcpy(batch_->extend_blob(event, size), data, size);
    }
    static void mark(Event& event, std::initializer_list<unsigned> fields) {
        for (const unsigned field : fields) event.set_present(field);
    }
    static CascadeMember member(std::uint64_t id, double notional, Time time = evening) {
        return {time,
                {0, id},
                notional,
                instrument_id("BTC/USDT:USDT"),
                venue_id("binance"),
                Side::long_position};
    }
    [[nodiscard]] Batch& batch() { return *batch_; }
    [[nodiscard]] Rows rows() const { return {nullptr, batch_->size()}; }

private:
    BatchRef batch_ = BatchRef::create();
};

/// A store in a folder of its own.
class StoreTest : public ::testing::Test {
protected:
    [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "spillway.db"; }

    void open() {
        settings.database.path = file();
        settings.database.busy_timeout = 0;
        auto opened = Store::open(settings, "demo");
        ASSERT_TRUE(opened.has_value()) << opened.error().message();
        store = std::move(*opened);
    }
    /// Writes the events and ends the epoch.
    void store_all(Events& events, std::uint64_t epoch = 1) {
        if (!store) open();
        const Status written = store->write(events.batch(), events.rows());
        ASSERT_TRUE(written.ok()) << written.message();
        const Status committed = store->commit(epoch);
        ASSERT_TRUE(committed.ok()) << committed.message();
    }
    std::vector<std::string> rows(const std::string& sql) { return Reader(file()).rows(sql); }
    std::string value(const std::string& sql) { return Reader(file()).value(sql); }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

    StoreSettings settings;
    std::unique_ptr<Store> store;

private:
    TemporaryFolder folder_;
};

}  // namespace spillway::sqlite::testing
