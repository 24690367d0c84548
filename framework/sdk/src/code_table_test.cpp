#include <gtest/gtest.h>

#include <spillway/detail/code_table.hpp>

namespace spillway::detail {
namespace {

TEST(CodeTable, FindsEveryCodeAndNoOther) {
    CodeTable table;
    EXPECT_EQ(table.find(0), CodeTable::none);
    constexpr std::uint32_t count = 10'000;
    const auto code_of = [](std::uint64_t i) { return i << 18 | i % 3; };
    for (std::uint32_t i = 0; i < count; ++i) table.insert(code_of(i), i);
    for (std::uint32_t i = 0; i < count; ++i) ASSERT_EQ(table.find(code_of(i)), i);
    EXPECT_EQ(table.find(code_of(count)), CodeTable::none);
    EXPECT_EQ(table.find(code_of(1) + 1), CodeTable::none);
}

}  // namespace
}  // namespace spillway::detail
