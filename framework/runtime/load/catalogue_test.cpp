#include "runtime/load/catalogue.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "runtime/load/manifest_reader.hpp"
#include "runtime/load/plugins_lock.hpp"
#include "runtime/load/testing/plugin_files.hpp"

namespace spillway::runtime {
namespace {

namespace fs = std::filesystem;
using namespace testing;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Catalogue scan(const fs::path& folder) { return Catalogue::scan({&folder, 1}); }

class CatalogueTest : public ::testing::Test {
protected:
    void SetUp() override { folder_.write("good.so", good_); }

    /// The only problem is `file` for `reason`; the good plugin beside it is still offered.
    void expect_only_problem(const fs::path& file, std::string_view reason) const {
        const Catalogue catalogue = scan(folder_.path());
        EXPECT_NE(catalogue.find(Category::transform, "good"), nullptr);
        EXPECT_THAT(catalogue.plugins(), SizeIs(1));
        ASSERT_THAT(catalogue.problems(), SizeIs(1));
        EXPECT_EQ(catalogue.problems()[0].file, file);
        EXPECT_THAT(catalogue.problems()[0].reason, HasSubstr(std::string(reason)));
        EXPECT_FALSE(catalogue.problems()[0].fix.empty());
    }
    /// Puts a changed copy of the good plugin beside it.
    fs::path write_changed(const std::function<void(Bytes&)>& change) const {
        Bytes copy = good_;
        change(copy);
        return folder_.write("bad.so", copy);
    }

    const Bytes good_ = bytes_of(test_plugin("good"));
    const TemporaryFolder folder_;
};

TEST_F(CatalogueTest, OffersAPluginWithItsFile) {
    const Catalogue catalogue = scan(folder_.path());
    const PluginDescription* plugin = catalogue.find(Category::transform, "good");
    ASSERT_NE(plugin, nullptr);
    EXPECT_EQ(plugin->file, folder_.path() / "good.so");
    EXPECT_EQ(catalogue.find(Category::sink, "good"), nullptr);
    EXPECT_EQ(catalogue.find(Category::transform, "other"), nullptr);
    EXPECT_THAT(catalogue.problems(), IsEmpty());
}

TEST_F(CatalogueTest, IgnoresFilesThatAreNotNamedLikeLibraries) {
    folder_.write("README.md", "# Plugins");
    folder_.write("good.so.bak", "");
    EXPECT_THAT(scan(folder_.path()).problems(), IsEmpty());
}

TEST_F(CatalogueTest, ReportsATruncatedFile) {
    expect_only_problem(write_changed([](Bytes& file) { file.resize(file.size() / 2); }),
                        "the file is truncated");
}

TEST_F(CatalogueTest, ReportsAnotherAbi) {
    const auto bad = write_changed([](Bytes& file) {
        change_header(file, [](ManifestHeader& header) { header.abi = abi_number + 1; });
    });
    expect_only_problem(bad, "built for plugin ABI " + std::to_string(abi_number + 1));
}

TEST_F(CatalogueTest, ReportsAnotherSanitizer) {
    const bool plain = RunnerBuild().sanitizer == "none";
    const auto bad = write_changed([&](Bytes& file) {
        change_header(file, [&](ManifestHeader& header) {
            std::memcpy(header.sanitizer, plain ? "thread\0" : "none\0\0\0", 8);
        });
    });
    expect_only_problem(bad, plain ? "with the thread sanitizer" : "built without sanitizers");
}

TEST_F(CatalogueTest, ReportsBrokenJson) {
    expect_only_problem(
        write_changed([](Bytes& file) { replace(file, "{\"name\":", "{\"name\",:"); }),
        "byte 7 of its JSON");
}

TEST_F(CatalogueTest, ReportsAFileWithoutTheSection) {
    expect_only_problem(folder_.write("bad.so", bytes_of(test_plugin("no_plugin"))),
                        "no section `.spillway`");
}

TEST_F(CatalogueTest, ReportsWhatIsNoElfFile) {
    expect_only_problem(folder_.write("bad.so", "GROUP ( libm.so.6 )"), "not an ELF file");
    expect_only_problem(folder_.write("bad.so", ""), "truncated");
}

TEST_F(CatalogueTest, ReportsAFolderOrPipeNamedLikeALibraryWithoutWaitingForIt) {
    fs::create_directory(folder_.path() / "bad.so");
    expect_only_problem(folder_.path() / "bad.so", "it is not a file");
    fs::remove(folder_.path() / "bad.so");
    ASSERT_EQ(::mkfifo((folder_.path() / "bad.so").c_str(), 0600), 0);
    expect_only_problem(folder_.path() / "bad.so", "it is not a file");
}

TEST_F(CatalogueTest, ReportsAFileThatOthersMayWrite) {
    const auto bad = folder_.write("bad.so", good_);
    ASSERT_EQ(::chmod(bad.c_str(), 0666), 0);
    expect_only_problem(bad, "writable by everybody");
}

TEST_F(CatalogueTest, ReportsALinkOutOfTheFolder) {
    const TemporaryFolder elsewhere;
    fs::create_symlink(elsewhere.write("a.so", good_), folder_.path() / "bad.so");
    expect_only_problem(folder_.path() / "bad.so", "symbolic link out of its folder");
}

TEST_F(CatalogueTest, TakesALinkWithinTheFolderForTheSamePlugin) {
    fs::create_symlink("good.so", folder_.path() / "also_good.so");
    const Catalogue catalogue = scan(folder_.path());
    EXPECT_THAT(catalogue.plugins(), SizeIs(1));
    EXPECT_THAT(catalogue.problems(), IsEmpty());
}

TEST_F(CatalogueTest, ReportsTwoPluginsOfOneNameInAFolder) {
    expect_only_problem(folder_.write("older.so", good_), "another transform named 'good'");
}

TEST_F(CatalogueTest, RefusesAFolderThatOthersMayWriteAndGoesOnWithTheNext) {
    const TemporaryFolder open;
    open.write("good.so", good_);
    ASSERT_EQ(::chmod(open.path().c_str(), 0777), 0);
    const Catalogue catalogue = Catalogue::scan(std::vector{open.path(), folder_.path()});
    ASSERT_THAT(catalogue.plugins(), SizeIs(1));
    EXPECT_EQ(catalogue.plugins()[0].file, folder_.path() / "good.so");
    ASSERT_THAT(catalogue.problems(), SizeIs(1));
    EXPECT_EQ(catalogue.problems()[0].file, open.path());
}

TEST_F(CatalogueTest, PrefersTheFirstFolder) {
    const TemporaryFolder first;
    first.write("good.so", good_);
    const Catalogue catalogue = Catalogue::scan(std::vector{first.path(), folder_.path()});
    ASSERT_THAT(catalogue.plugins(), SizeIs(1));
    EXPECT_EQ(catalogue.plugins()[0].file, first.path() / "good.so");
    EXPECT_THAT(catalogue.problems(), IsEmpty());
}

TEST_F(CatalogueTest, ReportsAFolderThatIsNotThere) {
    const Catalogue catalogue = scan(folder_.path() / "nowhere");
    ASSERT_THAT(catalogue.problems(), SizeIs(1));
    EXPECT_EQ(catalogue.problems()[0].file, folder_.path() / "nowhere");
    EXPECT_THAT(catalogue.problems()[0].reason, HasSubstr("No such file or directory"));
}

TEST_F(CatalogueTest, EnforcesTheLockOfAFolder) {
    const std::string lock = sha256(good_) + "  good.so\n";
    folder_.write(PluginsLock::file_name, lock);
    EXPECT_THAT(scan(folder_.path()).plugins(), SizeIs(1));
    EXPECT_THAT(scan(folder_.path()).problems(), IsEmpty());

    const auto added = folder_.write("bad.so", good_);
    expect_only_problem(added, "not listed");

    folder_.write(PluginsLock::file_name, lock + std::string(64, '0') + "  bad.so\n");
    expect_only_problem(added, "but plugins.lock demands 000");

    fs::remove(added);
    expect_only_problem(added, "it is not there");
}

TEST_F(CatalogueTest, OffersNothingFromAFolderWhoseLockIsBroken) {
    folder_.write(PluginsLock::file_name, "good.so is fine\n");
    const Catalogue catalogue = scan(folder_.path());
    EXPECT_THAT(catalogue.plugins(), IsEmpty());
    ASSERT_THAT(catalogue.problems(), SizeIs(1));
    EXPECT_EQ(catalogue.problems()[0].file, folder_.path() / "plugins.lock");
}

/// The tests that run nothing of a plugin: these end, hang or crash any process that loads them.
TEST(Catalogue, DescribesPluginsWithoutRunningThem) {
    for (const char* name : {"throwing", "exiting", "hanging", "crashing", "undefined"}) {
        const Catalogue catalogue = scan(test_plugin(name).parent_path());
        EXPECT_THAT(catalogue.plugins(), SizeIs(1)) << name;
        EXPECT_THAT(catalogue.problems(), IsEmpty()) << name;
    }
}

}  // namespace
}  // namespace spillway::runtime
