#include "run/result_files.hpp"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <unistd.h>

namespace spillway::cli {
namespace {

namespace fs = std::filesystem;

class ResultFiles : public testing::Test {
protected:
    ResultFiles()
        : folder_{fs::temp_directory_path() / ("spillway-results-" + std::to_string(getpid()))} {
        fs::create_directories(folder_);
    }
    ~ResultFiles() override { fs::remove_all(folder_); }

    static std::string read(const fs::path& file) {
        std::ifstream in(file);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    fs::path folder_;
};

TEST_F(ResultFiles, AreReplacedAsAWhole) {
    const fs::path file = folder_ / "deep" / "report.json";
    EXPECT_TRUE(check_writable(file).ok());
    ASSERT_TRUE(replace_file(file, "first, and longer").ok());
    ASSERT_TRUE(replace_file(file, "second").ok());
    EXPECT_EQ(read(file), "second");
    EXPECT_EQ(std::distance(fs::directory_iterator(file.parent_path()), {}), 1);
}

TEST_F(ResultFiles, CheckingCreatesNothing) {
    EXPECT_TRUE(check_writable(folder_ / "a" / "b" / "report.json").ok());
    EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(ResultFiles, AFolderOrAFileInTheWayIsNamed) {
    EXPECT_FALSE(check_writable(folder_).ok());
    std::ofstream(folder_ / "file") << "x";
    const Status status = check_writable(folder_ / "file" / "report.json");
    ASSERT_FALSE(status.ok());
    EXPECT_NE(status.message().find("is not a folder"), std::string_view::npos);
}

TEST_F(ResultFiles, MetricsAreWrittenAtTheEnd) {
    MetricsFile metrics(folder_ / "metrics.txt", [] { return std::string("spillway_up 1\n"); });
    EXPECT_TRUE(metrics.finish().ok());
    EXPECT_EQ(read(folder_ / "metrics.txt"), "spillway_up 1\n");
}

}  // namespace
}  // namespace spillway::cli
