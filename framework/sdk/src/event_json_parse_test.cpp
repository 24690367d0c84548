#include <cmath>
#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include <spillway/event_json.hpp>
#include <spillway/fields.hpp>
#include <spillway/node.hpp>

#include "own_blob.hpp"

namespace spillway {
namespace {

std::string json(const Event& event, const Batch& batch) {
    PodVector<char> out;
    append_json(out, event, batch);
    return std::string(view(out));
}

/// Events of any kind with any fields, the values at their limits included.
class AnyEvents {
public:
    explicit AnyEvents(std::uint64_t seed) : random_(seed) {}

    const Event& next(Batch& batch) {
        batch_ = &batch;
        event_ = &batch.append(static_cast<Kind>(below(kind_names.size())));
        event_->event_time = time();
        event_->receive_time = chance(2) ? event_->event_time : time();
        if (chance(2)) event_->id = id();
        if (chance(2)) event_->venue = venue_id(word());
        if (chance(2)) event_->instrument = instrument_id(word());
        if (chance(2)) event_->market = chance(4) ? market_wide() : market_id(word());
        event_->flags = static_cast<std::uint16_t>(below(8));
        add_parts();
        const auto fields = fields_of(event_->kind());
        for (unsigned i = 0; i < fields.size(); ++i) {
            if (!chance(2)) continue;
            fill(fields[i]);
            event_->set_present(i);
        }
        return *event_;
    }

private:
    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
    bool chance(std::uint64_t one_in) { return below(one_in) == 0; }
    Id id() { return {random_(), random_()}; }
    std::string word() { return "n" + std::to_string(below(40)); }
    std::string text() {
        std::string out;
        for (std::uint64_t i = below(20); i > 0; --i) {
            out +=
                chance(8) ? std::string("\xC3\xA4") : std::string(1, static_cast<char>(below(128)));
        }
        if (chance(8)) out += '\xFF';
        return out;
    }
    Time time() {
        if (chance(20)) return time_never;
        if (chance(20)) return time_before_all;
        const auto any = static_cast<Time>(random_());
        return chance(2) ? any : any / millisecond * millisecond;
    }
    Duration duration() {
        return chance(4) ? static_cast<Duration>(random_())
                         : static_cast<Duration>(below(1'000'000)) * second;
    }
    double number() {
        if (chance(30)) return std::numeric_limits<double>::quiet_NaN();
        if (chance(10)) return static_cast<double>(below(1'000'000'000)) / 100;
        double value = 0;
        const std::uint64_t bits = random_();
        std::memcpy(&value, &bits, sizeof(value));
        return std::isfinite(value) ? value : -0.0;
    }

    template <class T>
    void put(const FieldInfo& field, T value) {
        std::memcpy(reinterpret_cast<char*>(event_) + field.offset, &value, sizeof(T));
    }
    void fill(const FieldInfo& field) {
        switch (field.type) {
            case FieldType::number:
                return put(field, number());
            case FieldType::count:
                return put(field, random_());
            case FieldType::count32:
                return put(field, static_cast<std::uint32_t>(random_()));
            case FieldType::time:
                return put(field, time());
            case FieldType::duration:
                return put(field, duration());
            case FieldType::boolean:
                return put(field, chance(2));
            case FieldType::choice:
                return put(field, static_cast<std::uint8_t>(below(field.choices.size())));
            case FieldType::name:
                return put(field, event_->kind() == Kind::extension && letter_
                                      ? name_id(dead_letter_name)
                                      : name_id(word()));
            case FieldType::venue:
                return put(field, venue_id(word()));
            case FieldType::text:
                return put(field, batch_->add_text(*event_, text()));
            case FieldType::id:
                return put(field, id());
        }
    }

    template <class Item>
    void place(std::vector<Item>& items) {
        if (items.empty()) return;
        std::memcpy(batch_->extend_blob(*event_, items.size() * sizeof(Item)), items.data(),
                    items.size() * sizeof(Item));
    }
    std::vector<Contribution> contributions() {
        std::vector<Contribution> items(below(4));
        for (Contribution& item : items) {
            item.component = name_id(word());
            item.points = number();
            item.cap = number();
            item.missing = chance(2);
            if (chance(2)) item.reason = name_id(word());
            item.has_raw = chance(2);
            item.raw = item.has_raw ? number() : 0;
            item.age = chance(2) ? -1 : std::abs(duration() / 2);
        }
        return items;
    }
    void add_parts() {
        letter_ = false;
        if (event_->kind() == Kind::score) {
            auto items = contributions();
            event_->score.contributions = static_cast<std::uint32_t>(items.size());
            place(items);
        } else if (event_->kind() == Kind::cascade && !chance(4)) {
            std::vector<CascadeVenue> venues(below(3));
            for (CascadeVenue& one : venues) one = {number(), 7, venue_id(word())};
            std::vector<CascadeMember> members(below(3));
            for (CascadeMember& one : members) {
                one = {time(),           id(),
                       number(),         instrument_id(word()),
                       venue_id(word()), Side::short_position};
            }
            std::vector<CascadeDetail> detail = {{number(), number(), number(), number(),
                                                  static_cast<std::uint32_t>(venues.size()),
                                                  static_cast<std::uint32_t>(members.size())}};
            place(detail);
            place(venues);
            place(members);
        } else if (event_->kind() == Kind::alert && !chance(4)) {
            auto items = contributions();
            const std::string message = word();
            std::vector<AlertDetail> detail(1);
            detail[0].contributions = static_cast<std::uint32_t>(items.size());
            place(detail);
            place(items);
            detail[0].message = batch_->add_text(*event_, message);
            if (chance(2)) detail[0].markets = batch_->add_text(*event_, "BTC,ETH");
            std::memcpy(spillway::detail::own_blob(*batch_, *event_), detail.data(),
                        sizeof(AlertDetail));
        } else if (event_->kind() == Kind::extension) {
            std::vector<ExtensionField> fields(below(5));
            for (ExtensionField& field : fields) {
                field.name = name_id(chance(4) ? "time" : chance(4) ? "bytes" : word());
                if (chance(2)) {
                    field.text = name_id(word());
                } else {
                    field.value = number();
                }
            }
            event_->extension.fields = static_cast<std::uint32_t>(fields.size());
            place(fields);
        }
    }

    std::mt19937_64 random_;
    Batch* batch_ = nullptr;
    Event* event_ = nullptr;
    bool letter_ = false;
};

/// All but what the JSON form leaves out.
void expect_same(const Event& a, const Event& b) {
    EXPECT_EQ(a.event_time, b.event_time);
    EXPECT_EQ(a.receive_time, b.receive_time);
    EXPECT_EQ(a.id, b.id);
    EXPECT_EQ(a.venue, b.venue);
    EXPECT_EQ(a.instrument, b.instrument);
    EXPECT_EQ(a.market, b.market);
    EXPECT_EQ(a.flags, b.flags);
    EXPECT_EQ(a.kind_and_presence, b.kind_and_presence);
    const auto fields = fields_of(a.kind());
    for (unsigned i = 0; i < fields.size(); ++i) {
        if (!a.has(i) || fields[i].type == FieldType::text) continue;
        double left = 0, right = 0;
        if (!read_number(a, fields[i], i, left) || !read_number(b, fields[i], i, right)) continue;
        EXPECT_TRUE(left == right || (std::isnan(left) && std::isnan(right))) << fields[i].name;
    }
}

TEST(EventJson, IsReadBackWithoutLoss) {
    AnyEvents events(7);
    for (int i = 0; i < 20'000; ++i) {
        const BatchRef batch = BatchRef::create();
        const BatchRef back = BatchRef::create();
        const Event& event = events.next(*batch);
        const std::string text = json(event, *batch);
        const Result<Event*> read = parse_event_json(text, *back);
        ASSERT_TRUE(read.has_value()) << read.error().message() << '\n' << text;
        ASSERT_EQ(json(**read, *back), text);
        expect_same(event, **read);
        if (HasFailure()) FAIL() << text;
    }
}

TEST(EventJson, FieldsOfExtensionsMayHaveAnyName) {
    const BatchRef batch = BatchRef::create();
    Event& event = batch->append(Kind::extension);
    event.event_time = event.receive_time = second;
    event.extension = {name_id("any"), 1, {}};
    event.set_present(field::extension::name);
    const ExtensionField field{name_id("a\"b\\c\n"), {}, 7};
    std::memcpy(batch->extend_blob(event, sizeof(field)), &field, sizeof(field));
    const std::string text = json(event, *batch);
    EXPECT_NE(text.find(R"("a\"b\\c\u000a":7)"), std::string::npos) << text;
    const Result<Event*> read = parse_event_json(text, *batch);
    ASSERT_TRUE(read.has_value()) << read.error().message();
    EXPECT_EQ(json(**read, *batch), text);
}

TEST(EventJson, LettersAreReadBack) {
    const BatchRef batch = BatchRef::create();
    Emitter errors;
    errors.begin(OrderKey{earliest_event_time, record_phase});
    write_dead_letter(errors, "node", "file:7", "no \"reason\"", std::string("\x00\xFF raw", 6), 2,
                      "event");
    const std::string text = json(errors.batch()[0], errors.batch());
    EXPECT_NE(text.find(R"("origin":"event","raw_size":6,"raw":{"hex":"00ff20726177"})"),
              std::string::npos)
        << text;
    const Result<Event*> read = parse_event_json(text, *batch);
    ASSERT_TRUE(read.has_value());
    const DeadLetter* letter = read_dead_letter(*batch, **read);
    ASSERT_NE(letter, nullptr);
    EXPECT_EQ(batch->text(**read, letter->raw), std::string("\x00\xFF raw", 6));
    EXPECT_EQ(letter->attempt, 2U);
    EXPECT_EQ(json(**read, *batch), text);
}

TEST(EventJson, RefusesWhatIsNoEventAndLeavesTheBatch) {
    const std::string good = R"({"kind":"trade","time":"2026-02-05T20:25:00.000Z","price":1.5})";
    const BatchRef batch = BatchRef::create();
    ASSERT_TRUE(parse_event_json(good, *batch).has_value());
    const std::vector<std::pair<std::string, std::string>> bad = {
        {"", "kind"},
        {"[]", "kind"},
        {R"({"kind":"rumour"})", "kind"},
        {R"({"kind":"trade"})", "time"},
        {R"({"kind":"trade","time":"2026-02-30T20:25:00.000Z"})", "time"},
        {R"({"kind":"trade","time":"2026-02-05T20:25:00.000Z","price":"1"})", "price"},
        {R"({"kind":"trade","time":"2026-02-05T20:25:00.000Z","price":1e999})", "price"},
        {R"({"kind":"trade","time":"2026-02-05T20:25:00.000Z","price":1,"price":1})", "price"},
        {R"({"kind":"trade","time":"2026-02-05T20:25:00.000Z","colour":1})", "colour"},
        {R"({"kind":"trade","time":"2026-02-05T20:25:00.000Z","side":"up"})", "side"},
        {R"({"kind":"bar","time":"2026-02-05T20:25:00.000Z","interval":"5x"})", "interval"},
        {R"({"kind":"bar","time":"2026-02-05T20:25:00.000Z","id":"12"})", "id"},
        {good + "x", ""},
        {good.substr(0, good.size() - 1), "price"},
    };
    for (const auto& [text, field] : bad) {
        const Result<Event*> read = parse_event_json(text, *batch);
        ASSERT_FALSE(read.has_value()) << text;
        EXPECT_EQ(read.error().code(), Code::bad_record);
        EXPECT_EQ(read.error().subject(), field) << text;
        EXPECT_EQ(batch->size(), 1U);
    }
}

TEST(EventJson, DamagedTextIsNeverMoreThanAnError) {
    AnyEvents events(11);
    std::mt19937_64 random(3);
    for (int i = 0; i < 5'000; ++i) {
        const BatchRef batch = BatchRef::create();
        std::string text = json(events.next(*batch), *batch);
        for (int k = 0; k < 3; ++k) {
            text[random() % text.size()] = static_cast<char>(random());
        }
        if (random() % 2 == 0) text.resize(random() % text.size());
        const BatchRef back = BatchRef::create();
        if (const auto read = parse_event_json(text, *back)) {
            static_cast<void>(json(**read, *back));
        }
    }
}

}  // namespace
}  // namespace spillway
