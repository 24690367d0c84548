#include "runtime/load/permissions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/load/testing/plugin_files.hpp"

namespace spillway::runtime {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

TEST(Permissions, LetOurOwnGroupAndUserWrite) {
    const TemporaryFolder folder;
    const auto file = folder.write("a.so", "");
    for (const mode_t mode : {0400U, 0644U, 0664U, 0755U}) {
        ASSERT_EQ(::chmod(file.c_str(), mode), 0);
        EXPECT_FALSE(check_writers(file)) << std::oct << mode;
    }
}

TEST(Permissions, RefuseAFileThatEverybodyMayWriteAndSayHowToMendIt) {
    const TemporaryFolder folder;
    const auto file = folder.write("a.so", "");
    ASSERT_EQ(::chmod(file.c_str(), 0646), 0);
    const auto refusal = check_writers(file);
    ASSERT_TRUE(refusal);
    EXPECT_THAT(refusal->reason, HasSubstr("writable by everybody (mode 0646)"));
    EXPECT_EQ(refusal->fix, "chmod go-w '" + file.string() + "'");
}

TEST(Permissions, RefuseAFolderThatEverybodyMayWrite) {
    const TemporaryFolder folder;
    ASSERT_EQ(::chmod(folder.path().c_str(), 01777), 0);
    const auto refusal = check_writers(folder.path());
    ASSERT_TRUE(refusal);
    EXPECT_THAT(refusal->reason, HasSubstr("the folder " + folder.path().string()));
}

TEST(Permissions, RefuseAFileThatAForeignGroupMayWrite) {
    const TemporaryFolder folder;
    const auto file = folder.write("a.so", "");
    constexpr gid_t foreign = 54321;
    if (::chown(file.c_str(), static_cast<uid_t>(-1), foreign) != 0) {
        GTEST_SKIP() << "only root may give a file to a foreign group";
    }
    ASSERT_EQ(::chmod(file.c_str(), 0664), 0);
    const auto refusal = check_writers(file);
    ASSERT_TRUE(refusal);
    EXPECT_THAT(refusal->reason, HasSubstr("the foreign group 54321"));
    ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
    EXPECT_FALSE(check_writers(file));
}

TEST(Permissions, RefuseWhatBelongsToAnotherUser) {
    const TemporaryFolder folder;
    const auto file = folder.write("a.so", "");
    constexpr uid_t other = 54321;
    if (::chown(file.c_str(), other, static_cast<gid_t>(-1)) != 0) {
        GTEST_SKIP() << "only root may give a file away";
    }
    const auto refusal = check_writers(file);
    ASSERT_TRUE(refusal);
    EXPECT_THAT(refusal->reason, HasSubstr("belongs to another user (54321)"));
    EXPECT_EQ(refusal->fix, "chown root '" + file.string() + "'");
    ASSERT_EQ(::chown(folder.path().c_str(), other, static_cast<gid_t>(-1)), 0);
    EXPECT_TRUE(check_writers(folder.path()));
}

TEST(Permissions, FollowLinksInsideTheFolderOnly) {
    const TemporaryFolder folder;
    const TemporaryFolder elsewhere;
    const auto file = folder.write("a.so.1", "");
    fs::create_symlink("a.so.1", folder.path() / "a.so");
    fs::create_symlink(elsewhere.write("b.so", ""), folder.path() / "b.so");
    fs::create_symlink("nowhere", folder.path() / "c.so");
    EXPECT_FALSE(check_link(folder.path(), file));
    EXPECT_FALSE(check_link(folder.path(), folder.path() / "a.so"));
    const auto outside = check_link(folder.path(), folder.path() / "b.so");
    ASSERT_TRUE(outside);
    EXPECT_THAT(outside->reason, HasSubstr("to " + (elsewhere.path() / "b.so").string()));
    const auto broken = check_link(folder.path(), folder.path() / "c.so");
    ASSERT_TRUE(broken);
    EXPECT_THAT(broken->reason, HasSubstr("cannot be resolved"));
}

TEST(Permissions, AcceptAFolderThatIsALinkItself) {
    const TemporaryFolder real;
    const TemporaryFolder other;
    real.write("a.so", "");
    fs::create_directory_symlink(real.path(), other.path() / "plugins");
    EXPECT_FALSE(check_link(other.path() / "plugins", other.path() / "plugins" / "a.so"));
}

}  // namespace
}  // namespace spillway::runtime
