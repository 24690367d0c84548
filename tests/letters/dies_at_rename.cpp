// Preloaded into the command under test: it is killed in place of the rename that would put notes
// of a replay in force, the one that DIES_AT_RENAME counts to.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

extern "C" int rename(const char* from, const char* to) noexcept {
    static int notes = 0;
    const char* const death = std::getenv("DIES_AT_RENAME");
    if (death != nullptr && std::string_view(to).ends_with(".replayed") &&
        ++notes == std::atoi(death)) {
        ::kill(::getpid(), SIGKILL);
    }
    return static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0U));
}
