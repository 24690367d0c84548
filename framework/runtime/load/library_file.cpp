#include "runtime/load/library_file.hpp"

#include <cstdlib>
#include <memory>
#include <utility>

#include <cxxabi.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>

#include "runtime/load/read_file.hpp"

namespace spillway::runtime {
namespace {

std::string demangled(const char* name) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text(
        abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
    return status == 0 && text != nullptr ? text.get() : name;
}

void read_symbols(Elf* elf, Elf_Scn* section, const GElf_Shdr& header, LibraryFile& found) {
    Elf_Data* const data = elf_getdata(section, nullptr);
    if (data == nullptr || header.sh_entsize == 0) return;
    const auto count = static_cast<int>(header.sh_size / header.sh_entsize);
    for (int i = 1; i < count; ++i) {
        GElf_Sym symbol{};
        if (gelf_getsym(data, i, &symbol) == nullptr) return;
        const char* const name = elf_strptr(elf, header.sh_link, symbol.st_name);
        if (name == nullptr || *name == '\0') continue;
        (symbol.st_shndx == SHN_UNDEF ? found.undefined : found.defined).push_back(demangled(name));
    }
}

}  // namespace

Checked<LibraryFile> read_library_file(const std::filesystem::path& file) {
    auto bytes = read_file(file);
    if (!bytes) return tl::unexpected(std::move(bytes.error()));
    elf_version(EV_CURRENT);
    const std::unique_ptr<Elf, decltype(&elf_end)> elf(
        elf_memory(reinterpret_cast<char*>(bytes->data()), bytes->size()), &elf_end);
    if (elf == nullptr || elf_kind(elf.get()) != ELF_K_ELF) {
        return tl::unexpected(Refusal{"it is no shared library", "Build the plugin again."});
    }
    LibraryFile found;
    Elf_Scn* section = nullptr;
    while ((section = elf_nextscn(elf.get(), section)) != nullptr) {
        GElf_Shdr header{};
        if (gelf_getshdr(section, &header) == nullptr) continue;
        if (header.sh_type == SHT_DYNSYM) read_symbols(elf.get(), section, header, found);
        if (header.sh_type == SHT_INIT_ARRAY) found.initialisers = header.sh_size / sizeof(void*);
    }
    return found;
}

}  // namespace spillway::runtime
