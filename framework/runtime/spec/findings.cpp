#include "runtime/spec/findings.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace spillway::runtime {

void Findings::error(const Location& where, std::string path, std::string message,
                     std::string suggestion) {
    errors_.push_back({where.file,
                       where.line,
                       where.column,
                       std::move(path),
                       DiagnosticLevel::error,
                       std::move(message),
                       std::move(suggestion),
                       {}});
}

void Findings::warning(const Location& where, std::string path, std::string message,
                       std::string suggestion) {
    warnings_.push_back({where.file,
                         where.line,
                         where.column,
                         std::move(path),
                         DiagnosticLevel::warning,
                         std::move(message),
                         std::move(suggestion),
                         {}});
}

Diagnostics Findings::finished(Diagnostics found) const {
    const auto place = [](const Diagnostic& one) { return std::tie(one.line, one.column); };
    std::stable_sort(found.begin(), found.end(),
                     [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
    for (Diagnostic& one : found) {
        one.path = mask_.clean(std::move(one.path));
        one.message = mask_.clean(std::move(one.message));
        one.suggestion = mask_.clean(std::move(one.suggestion));
        if (one.line > 0) one.excerpt = mask_.excerpt(source_, one.line);
    }
    // What stands behind an alias is checked where it is used, but reported where it stands.
    const auto same = [&](const Diagnostic& a, const Diagnostic& b) {
        return a.line > 0 && place(a) == place(b) && a.message == b.message;
    };
    found.erase(std::unique(found.begin(), found.end(), same), found.end());
    return found;
}

}  // namespace spillway::runtime
