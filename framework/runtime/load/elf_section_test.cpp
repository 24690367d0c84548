#include "runtime/load/elf_section.hpp"

#include <array>
#include <cstring>
#include <string_view>

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/load/testing/plugin_files.hpp"

namespace spillway::runtime {
namespace {

using namespace testing;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Elf64_Ehdr header_of(const Bytes& file) {
    Elf64_Ehdr header;
    std::memcpy(&header, file.data(), sizeof header);
    return header;
}

void set_header(Bytes& file, const Elf64_Ehdr& header) {
    std::memcpy(file.data(), &header, sizeof header);
}

std::string reason(const Bytes& file) {
    const auto section = manifest_section(file);
    return section ? "none" : section.error().reason;
}

class ElfSection : public ::testing::Test {
protected:
    const Bytes good_ = bytes_of(test_plugin("good"));
};

TEST_F(ElfSection, IsFoundInAPluginAndLiesWithinTheFile) {
    const auto section = manifest_section(good_);
    ASSERT_TRUE(section) << section.error().reason;
    EXPECT_GT(section->size(), sizeof(ManifestHeader));
    EXPECT_EQ(std::memcmp(section->data(), "SPILLWAY", 8), 0);
    EXPECT_GE(section->data(), good_.data());
    EXPECT_LE(section->data() + section->size(), good_.data() + good_.size());
}

TEST_F(ElfSection, SaysThatAFileIsTruncatedWhereverItEnds) {
    for (const std::size_t size :
         {std::size_t{4}, std::size_t{63}, std::size_t{64}, good_.size() / 2, good_.size() - 1}) {
        Bytes file(good_.begin(), good_.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_THAT(reason(file), StartsWith("the file is truncated")) << size;
    }
    EXPECT_THAT(reason({}), StartsWith("the file is truncated"));
}

TEST_F(ElfSection, NamesWhatIsNoSharedLibrary) {
    TemporaryFolder folder;
    EXPECT_EQ(reason(bytes_of(folder.write("a.so", "#!/bin/sh\n"))), "it is not an ELF file");
    Bytes file = good_;
    Elf64_Ehdr header = header_of(good_);
    header.e_type = ET_EXEC;
    set_header(file, header);
    EXPECT_EQ(reason(file), "it is an ELF file but not a shared library");
}

TEST_F(ElfSection, NamesAnotherProcessor) {
    Bytes file = good_;
    Elf64_Ehdr header = header_of(good_);
    header.e_machine = EM_RISCV;
    set_header(file, header);
    EXPECT_THAT(reason(file), HasSubstr("another processor"));
}

TEST_F(ElfSection, NamesALibraryWithoutTheSection) {
    EXPECT_THAT(reason(bytes_of(test_plugin("no_plugin"))), HasSubstr("no section `.spillway`"));
    Bytes file = good_;
    replace(file, std::string_view("\0.spillway\0", 11), std::string_view("\0.otherway\0", 11));
    EXPECT_THAT(reason(file), HasSubstr("no section `.spillway`"));
}

TEST_F(ElfSection, NamesALibraryWithoutATableOfSections) {
    Bytes file = good_;
    Elf64_Ehdr header = header_of(good_);
    header.e_shnum = 0;
    set_header(file, header);
    EXPECT_THAT(reason(file), HasSubstr("no table of sections"));
}

TEST_F(ElfSection, IsNotMisledByHugeNumbers) {
    Bytes file = good_;
    Elf64_Ehdr header = header_of(good_);
    header.e_shoff = ~std::uint64_t{0} - 8;
    set_header(file, header);
    EXPECT_THAT(reason(file), StartsWith("the file is truncated"));

    // Every section claims to lie or to reach far outside the file.
    for (const bool far : {true, false}) {
        file = good_;
        header = header_of(good_);
        for (std::size_t i = 1; i < header.e_shnum; ++i) {
            std::byte* entry = &file[header.e_shoff + i * sizeof(Elf64_Shdr)];
            Elf64_Shdr section;
            std::memcpy(&section, entry, sizeof section);
            if (section.sh_type != SHT_PROGBITS) continue;
            (far ? section.sh_offset : section.sh_size) = ~std::uint64_t{0} - 8;
            std::memcpy(entry, &section, sizeof section);
        }
        EXPECT_THAT(reason(file), StartsWith("the file is truncated"));
    }
}

TEST_F(ElfSection, StaysWithinTheFileWhicheverByteIsDamaged) {
    const Elf64_Ehdr header = header_of(good_);
    const auto try_damage = [&](std::size_t at) {
        for (const unsigned value : {0x00U, 0x7FU, 0xFFU}) {
            Bytes file = good_;
            file[at] = static_cast<std::byte>(value);
            if (const auto section = manifest_section(file)) {
                ASSERT_GE(section->data(), file.data()) << at;
                ASSERT_LE(section->data() + section->size(), file.data() + file.size()) << at;
            }
        }
    };
    for (std::size_t at = 0; at < sizeof header; ++at) try_damage(at);
    for (std::size_t at = header.e_shoff; at < good_.size(); at += 5) try_damage(at);
}

}  // namespace
}  // namespace spillway::runtime
