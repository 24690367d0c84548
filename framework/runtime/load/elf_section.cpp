#include "runtime/load/elf_section.hpp"

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include <elf.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>

namespace spillway::runtime {
namespace {

constexpr std::string_view section_name = ".spillway";

#if defined(__x86_64__)
constexpr Elf64_Half host_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half host_machine = EM_AARCH64;
#else
#error "name the ELF machine of this processor"
#endif

struct ElfCloser {
    void operator()(Elf* elf) const noexcept { elf_end(elf); }
};
using ElfHandle = std::unique_ptr<Elf, ElfCloser>;

Refusal truncated(std::uint64_t needed, std::size_t size) {
    return {fmt::format("the file is truncated: it has {} bytes and must have at least {}", size,
                        needed),
            "Copy or build it again; check that the disk was not full."};
}

Refusal no_plugin(std::string_view reason) {
    return {std::string(reason),
            "Only plugins belong in a plugin folder: move it elsewhere, or build it with "
            "SPILLWAY_PLUGIN(Type) in one of its sources."};
}

/// True if `offset + length` lies within `size`, without overflow.
constexpr bool fits(std::uint64_t offset, std::uint64_t length, std::uint64_t size) noexcept {
    return offset <= size && length <= size - offset;
}

/// What must hold before libelf is asked: a whole 64-bit shared library for this processor.
std::optional<Refusal> check_header(std::span<const std::byte> file) {
    if (file.empty()) return truncated(sizeof(Elf64_Ehdr), 0);
    if (file.size() < SELFMAG || std::memcmp(file.data(), ELFMAG, SELFMAG) != 0) {
        return no_plugin("it is not an ELF file");
    }
    if (file.size() < sizeof(Elf64_Ehdr)) return truncated(sizeof(Elf64_Ehdr), file.size());

    Elf64_Ehdr header;
    std::memcpy(&header, file.data(), sizeof header);
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_machine != host_machine) {
        return Refusal{
            fmt::format("it is built for another processor (ELF machine {})", header.e_machine),
            "Build the plugin on this kind of machine."};
    }
    if (header.e_type != ET_DYN) return no_plugin("it is an ELF file but not a shared library");
    if (header.e_shoff == 0 || header.e_shnum == 0 || header.e_shentsize != sizeof(Elf64_Shdr)) {
        return Refusal{"it has no table of sections, so it cannot be described without running it",
                       "Strip it with `strip`, which keeps the table, or build it again."};
    }
    const std::uint64_t table = std::uint64_t{header.e_shnum} * header.e_shentsize;
    if (!fits(header.e_shoff, table, file.size())) {
        const bool overflows = header.e_shoff > UINT64_MAX - table;
        return truncated(overflows ? UINT64_MAX : header.e_shoff + table, file.size());
    }
    return std::nullopt;
}

}  // namespace

Checked<std::span<const std::byte>> manifest_section(std::span<const std::byte> file) {
    if (auto refusal = check_header(file)) return tl::unexpected(std::move(*refusal));

    elf_version(EV_CURRENT);
    // libelf takes char* but does not write to an image that it only reads.
    auto* image = const_cast<char*>(  // NOLINT(cppcoreguidelines-pro-type-const-cast)
        reinterpret_cast<const char*>(file.data()));
    const ElfHandle elf(elf_memory(image, file.size()));
    std::size_t names = 0;
    if (elf == nullptr || elf_getshdrstrndx(elf.get(), &names) != 0) {
        return tl::unexpected(
            Refusal{fmt::format("its ELF structure is damaged: {}", elf_errmsg(-1)),
                    "Copy or build it again."});
    }
    for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf.get(), section)) != nullptr;) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == nullptr) continue;
        const char* name = elf_strptr(elf.get(), names, header.sh_name);
        if (name == nullptr || name != section_name) continue;
        if (header.sh_type == SHT_NOBITS)
            return tl::unexpected(no_plugin("its section `.spillway` is empty"));
        if (!fits(header.sh_offset, header.sh_size, file.size())) {
            const bool overflows = header.sh_offset > UINT64_MAX - header.sh_size;
            return tl::unexpected(
                truncated(overflows ? UINT64_MAX : header.sh_offset + header.sh_size, file.size()));
        }
        return file.subspan(header.sh_offset, header.sh_size);
    }
    return tl::unexpected(no_plugin("it has no section `.spillway`: it is not a Spillway plugin"));
}

}  // namespace spillway::runtime
