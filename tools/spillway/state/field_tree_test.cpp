#include "state/field_tree.hpp"

#include <map>
#include <utility>

#include <gmock/gmock.h>

#include <spillway/state.hpp>
#include <spillway/time.hpp>

namespace spillway::cli {
namespace {

using ::testing::HasSubstr;

struct Inner {
    double mean = 0.25;
    std::string name = "binance";
    template <class Archive>
    void fields(Archive& io) {
        io(1, mean);
        io(2, name);
    }
};

struct Outer {
    std::int64_t count = 42;
    Time seen = 1'770'292'800 * second;
    bool ready = true;
    std::vector<double> ring = {1, 2.5, 3};
    Inner inner;
    std::vector<Inner> list = {{}, {}};
    std::map<std::string, Inner> map = {{"key", {}}};
    template <class Archive>
    void fields(Archive& io) {
        io(1, count);
        io(2, seen);
        io(3, ready);
        io(4, ring);
        io(5, inner);
        io(6, list);
        io(9, map);
    }
};

TEST(FieldTree, ShowsFieldsAsWhatTheyLookLike) {
    StateWriter writer;
    Outer{}.fields(writer);
    const FieldTree tree = FieldTree::read(writer.bytes());
    ASSERT_TRUE(tree.tagged);
    ASSERT_EQ(tree.fields.size(), 7U);
    EXPECT_EQ(tree.fields[0].value, "42");
    EXPECT_EQ(tree.fields[1].value, "2026-02-05T12:00:00.000Z");
    EXPECT_EQ(tree.fields[2].value, "1");
    EXPECT_EQ(tree.fields[3].value, "3 x 1 2.5 3");
    ASSERT_EQ(tree.fields[4].shape, "fields");
    EXPECT_EQ(tree.fields[4].children[0].value, "0.25");
    EXPECT_EQ(tree.fields[4].children[1].value, "binance");
    ASSERT_EQ(tree.fields[5].shape, "list");
    EXPECT_EQ(tree.fields[5].children[1].children[1].value, "binance");
    EXPECT_EQ(tree.fields[6].shape, "bytes");
    EXPECT_EQ(tree.fields[6].tag, 9);
    const std::string text = tree.to_text(2);
    EXPECT_THAT(text, HasSubstr("  1         8 B  42\n"));
    EXPECT_THAT(text, HasSubstr("          2        11 B  \"binance\"\n"));
    EXPECT_THAT(text, HasSubstr("key"));
}

TEST(FieldTree, AnyBytesAreSafe) {
    StateWriter writer;
    Outer{}.fields(writer);
    const auto bytes = writer.bytes();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(FieldTree::read(bytes.first(size)).to_text(0).empty() && size > 0) << size;
    }
    std::vector<std::byte> damaged(bytes.begin(), bytes.end());
    for (std::byte& byte : damaged) {
        const std::byte before = std::exchange(byte, std::byte{0xff});
        EXPECT_FALSE(FieldTree::read(damaged).to_text(0).empty());
        byte = before;
    }
}

TEST(FieldTree, WhatIsNoFieldsIsShownAsBytes) {
    const std::string text = "plain text, no fields";
    const FieldTree tree = FieldTree::read(std::as_bytes(std::span(text.data(), text.size())));
    EXPECT_FALSE(tree.tagged);
    EXPECT_THAT(tree.to_text(0), HasSubstr("0000  70 6c 61 69 6e 20"));
    EXPECT_THAT(tree.to_text(0), HasSubstr("plain text, no f\n"));
}

}  // namespace
}  // namespace spillway::cli
