#include "runtime/load/plugins_lock.hpp"

#include <span>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "runtime/load/testing/plugin_files.hpp"

namespace spillway::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

// FIPS 180-2, appendix B.1.
constexpr std::string_view abc_hash =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string reason(std::string_view text) {
    const auto lock = PluginsLock::parse(text);
    return lock ? "none" : lock.error().reason;
}

TEST(PluginsLock, HashesAsSha256sumDoes) {
    EXPECT_EQ(sha256(bytes("abc")), abc_hash);
    EXPECT_EQ(sha256({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(PluginsLock, ReadsTheFormatOfSha256sum) {
    const std::string hash(abc_hash);
    const auto lock = PluginsLock::parse("# ours\n" + hash + "  a.so\r\n\n" + hash + " *b c.so");
    ASSERT_TRUE(lock) << lock.error().reason;
    EXPECT_THAT(lock->names(), ElementsAre("a.so", "b c.so"));
    EXPECT_FALSE(lock->check("a.so", bytes("abc")));
}

TEST(PluginsLock, RefusesWhatItDoesNotListOrListsOtherwise) {
    const auto lock = PluginsLock::parse(std::string(abc_hash) + "  a.so\n");
    ASSERT_TRUE(lock);
    const auto changed = lock->check("a.so", bytes("abd"));
    ASSERT_TRUE(changed);
    EXPECT_THAT(changed->reason, HasSubstr("demands " + std::string(abc_hash)));
    const auto unknown = lock->check("b.so", bytes("abc"));
    ASSERT_TRUE(unknown);
    EXPECT_THAT(unknown->reason, HasSubstr("not listed"));
}

TEST(PluginsLock, NamesTheLineThatIsWrong) {
    const std::string good = std::string(abc_hash) + "  a.so\n";
    EXPECT_THAT(reason(good + "nonsense\n"), HasSubstr("plugins.lock:2: 'nonsense'"));
    EXPECT_THAT(reason(good + good), HasSubstr("plugins.lock:2: a.so is listed twice"));
    EXPECT_THAT(reason(std::string(abc_hash) + "  ../a.so\n"), HasSubstr("plugins.lock:1"));
    EXPECT_THAT(reason(std::string(abc_hash) + "\n"), HasSubstr("plugins.lock:1"));
}

TEST(PluginsLock, IsOptional) {
    const TemporaryFolder folder;
    const auto lock = PluginsLock::read(folder.path());
    ASSERT_TRUE(lock);
    EXPECT_FALSE(*lock);
}

TEST(PluginsLock, IsRefusedIfOthersMayWriteItOrIfItCannotBeRead) {
    const TemporaryFolder folder;
    const auto file = folder.write(PluginsLock::file_name, "");
    ASSERT_TRUE(PluginsLock::read(folder.path()));
    ASSERT_EQ(::chmod(file.c_str(), 0666), 0);
    EXPECT_FALSE(PluginsLock::read(folder.path()));
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
    EXPECT_FALSE(PluginsLock::read(folder.path()));
    std::filesystem::remove(file);
    std::filesystem::create_symlink("nowhere", file);
    EXPECT_FALSE(PluginsLock::read(folder.path())) << "a dangling link is not 'no lock'";
}

}  // namespace
}  // namespace spillway::runtime
