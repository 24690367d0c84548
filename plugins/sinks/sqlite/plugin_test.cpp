#include "plugin.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "testing/store_fixture.hpp"

namespace spillway::sqlite {
namespace {

using testing::Events;
using ::testing::HasSubstr;
using testing::Reader;
using testing::TemporaryFolder;

Options defaults() { return {"spillway.db", "USDT", 100'000, {}, Synchronous::normal, 0}; }

TEST(Sink, StoresUnderTheDataFolderAndKeepsWholeEpochs) {
    const TemporaryFolder folder;
    const std::string data = folder.path() / "data";
    SqliteSink sink;
    sink.options = defaults();
    ASSERT_TRUE(sink.check().ok());
    const Status opened = sink.open({"demo", "store", data, false});
    ASSERT_TRUE(opened.ok()) << opened.message();
    Events events;
    events.liquidation(1, 1);
    events.extension("unknown", {});
    ASSERT_TRUE(sink.write({events.batch(), events.rows()}).ok());
    ASSERT_TRUE(sink.flush(1).ok());
    EXPECT_EQ(sink.dropped(), 1);
    events.batch()[0].id = {0, 2};
    ASSERT_TRUE(sink.write({events.batch(), events.rows()}).ok());
    ASSERT_TRUE(sink.close().ok());
    EXPECT_EQ(
        Reader(folder.path() / "data" / "spillway.db").value("SELECT count(*) FROM liquidations"),
        "1");
    EXPECT_EQ(sink.dropped(), 2);
}

TEST(Sink, ASecondRunOnOneStoreIsRefused) {
    const TemporaryFolder folder;
    const std::string data = folder.path();
    SqliteSink first, second;
    first.options = second.options = defaults();
    ASSERT_TRUE(first.open({"demo", "store", data, false}).ok());
    const Status refused = second.open({"other", "store", data, false});
    EXPECT_EQ(refused.code(), Code::busy);
    EXPECT_THAT(std::string(refused.message()), HasSubstr("pipeline 'demo'"));
    ASSERT_TRUE(first.close().ok());
    EXPECT_TRUE(second.open({"other", "store", data, false}).ok());
}

TEST(Sink, AStoreThatIsBeingMadeHasNoCheckpointYet) {
    const TemporaryFolder folder;
    SqliteSink sink;
    sink.options = defaults();
    const std::string data = folder.path();
    std::ofstream(folder.path() / "spillway.db").close();
    const Result<EpochInfo> found =
        sink.checkpoint_store()->look({"demo", "store", data, false}, nullptr);
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_EQ(found->epoch, 0);
}

TEST(Sink, RefusesOptionsThatCannotWork) {
    SqliteSink sink;
    sink.options = defaults();
    sink.options.path.clear();
    EXPECT_EQ(sink.check().subject(), "path");
    sink.options = defaults();
    sink.options.retention = {{"liquidation", 90}};
    EXPECT_EQ(sink.check().subject(), "retention");
}

}  // namespace
}  // namespace spillway::sqlite
