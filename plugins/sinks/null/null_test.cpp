#include <gtest/gtest.h>

#include "plugin.hpp"

namespace spillway::null {
namespace {

TEST(Null, CountsSelectedRows) {
    NullSink sink;
    const BatchRef batch = BatchRef::create();
    for (int i = 0; i < 3; ++i) batch->append(Kind::trade);
    const std::uint32_t selected[] = {0, 2};
    ASSERT_TRUE(sink.open({}));
    ASSERT_TRUE(sink.write({*batch, {nullptr, 3}}));
    ASSERT_TRUE(sink.write({*batch, {selected, 2}}));
    ASSERT_TRUE(sink.flush(1));
    ASSERT_TRUE(sink.close());
    EXPECT_EQ(sink.rows(), 5U);
}

}  // namespace
}  // namespace spillway::null
