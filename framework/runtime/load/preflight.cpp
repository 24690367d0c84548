#include "runtime/load/preflight.hpp"

#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "runtime/load/child_process.hpp"
#include "runtime/load/library.hpp"
#include "runtime/load/refusal.hpp"

namespace spillway::runtime {
namespace {

using Files = std::span<const std::filesystem::path>;
using Ending = ChildOutcome::Ending;

constexpr char separator = '\0';  ///< of reason and fix in a child's answer

ChildOutcome load_in_child(Files files, std::chrono::milliseconds patience) {
    return run_in_child(
        [files] {
            for (const auto& file : files) {
                if (const auto library = Library::load(file); !library) {
                    return library.error().reason + separator + library.error().fix;
                }
            }
            return std::string();
        },
        patience);
}

/// "; it wrote: ..." with the last lines in one, for a message of one line.
std::string quoted_output(std::string_view output) {
    std::string line;
    for (const char c : output) {
        const bool space = c == '\n' || c == '\t' || c == ' ';
        if (!space) {
            line += static_cast<unsigned char>(c) < ' ' ? '?' : c;
        } else if (!line.empty() && line.back() != ' ') {
            line += ' ';
        }
    }
    while (line.ends_with(' ')) line.pop_back();
    return line.empty() ? std::string() : fmt::format("; it wrote: {}", line);
}

/// What went wrong in a child; none if all was loaded.
std::optional<Refusal> explain(const ChildOutcome& child, std::chrono::milliseconds patience) {
    const std::string output = quoted_output(child.output);
    constexpr std::string_view defect =
        "This is a defect of the plugin. Remove the file, or make its global objects constexpr or "
        "build them when a node starts.";
    switch (child.ending) {
        case Ending::finished: {
            if (child.answer.empty()) return std::nullopt;
            const std::size_t end = child.answer.find(separator);
            return Refusal{child.answer.substr(0, end),
                           end < child.answer.size() ? child.answer.substr(end + 1) : ""};
        }
        case Ending::signalled: {
            const bool threw = child.output.find("terminate called") != std::string::npos;
            return Refusal{fmt::format("its static constructor {}{}",
                                       threw ? "threw an exception, which ends the process"
                                             : fmt::format("ended the process with signal {} ({})",
                                                           child.code, ::sigdescr_np(child.code)),
                                       output),
                           std::string(defect)};
        }
        case Ending::exited:
            return Refusal{fmt::format("its static constructor ended the process with exit code {}"
                                       "{}",
                                       child.code, output),
                           std::string(defect)};
        case Ending::timed_out:
            return Refusal{fmt::format("its static constructor did not return within {} ms{}",
                                       patience.count(), output),
                           std::string(defect)};
        case Ending::not_started:
            break;
    }
    return Refusal{fmt::format("it could not be tried in a child process: {}",
                               std::error_code(child.code, std::generic_category()).message()),
                   "Free memory, or raise the limit on processes (ulimit -u)."};
}

}  // namespace

std::vector<PluginProblem> preflight(Files files, std::chrono::milliseconds patience) {
    std::vector<PluginProblem> problems;
    if (files.empty()) return problems;
    const auto together = explain(load_in_child(files, patience), patience);
    if (!together) return problems;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (auto alone = explain(load_in_child(files.subspan(i, 1), patience), patience)) {
            problems.push_back({files[i], std::move(alone->reason), std::move(alone->fix)});
        }
    }
    if (problems.empty()) {
        std::string others;
        for (const auto& file : files.subspan(0, files.size() - 1)) others += ", " + file.string();
        problems.push_back(
            {files.back(),
             fmt::format("it loads alone, but not together with{}: {}",
                         others.empty() ? " itself" : others.substr(1), together->reason),
             together->fix});
    }
    return problems;
}

}  // namespace spillway::runtime
