#include "plugin_file.hpp"

#include <cstdlib>
#include <memory>
#include <stdexcept>

#include <cxxabi.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

namespace spillway::testing {
namespace {

std::string demangled(const char* name) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> text(
        abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
    return status == 0 ? text.get() : name;
}

void read_symbols(Elf* elf, Elf_Scn* section, const GElf_Shdr& header, PluginFile& found) {
    Elf_Data* data = elf_getdata(section, nullptr);
    const auto count = static_cast<int>(header.sh_size / header.sh_entsize);
    for (int i = 1; i < count; ++i) {
        GElf_Sym symbol{};
        gelf_getsym(data, i, &symbol);
        const char* name = elf_strptr(elf, header.sh_link, symbol.st_name);
        if (name == nullptr || *name == '\0') continue;
        (symbol.st_shndx == SHN_UNDEF ? found.undefined : found.defined).push_back(demangled(name));
    }
}

}  // namespace

PluginFile read_plugin_file(const std::filesystem::path& file) {
    elf_version(EV_CURRENT);
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    Elf* elf = elf_begin(descriptor, ELF_C_READ, nullptr);
    if (elf == nullptr) throw std::runtime_error("no ELF file: " + file.string());
    PluginFile found;
    Elf_Scn* section = nullptr;
    while ((section = elf_nextscn(elf, section)) != nullptr) {
        GElf_Shdr header{};
        gelf_getshdr(section, &header);
        if (header.sh_type == SHT_DYNSYM) read_symbols(elf, section, header, found);
        if (header.sh_type == SHT_INIT_ARRAY) found.initialisers = header.sh_size / sizeof(void*);
    }
    elf_end(elf);
    ::close(descriptor);
    return found;
}

}  // namespace spillway::testing
