#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/load/catalogue.hpp"
#include "runtime/spec/source_text.hpp"

namespace spillway::runtime {

/// Keeps secrets out of every text that leaves the loader. Excerpts are masked by key, because a
/// mistake may lie before the point where the value is known to be a secret; all other texts are
/// searched for the secrets found.
class SecretMask {
public:
    /// Knows the secret options of every plugin, and names that are secrets anywhere.
    explicit SecretMask(const Catalogue& catalogue);

    /// A value that must not appear anywhere.
    void hide(std::string_view secret);
    /// The text with every hidden value replaced by `***`.
    [[nodiscard]] std::string clean(std::string text) const;
    /// The line for a message: what stands behind a secret's key is `***`.
    [[nodiscard]] std::string excerpt(const SourceText& source, int line) const;

private:
    [[nodiscard]] bool names_secret(std::string_view key) const;
    /// Where the value of the first secret key of the line starts; npos if there is none.
    [[nodiscard]] std::size_t secret_value(std::string_view line) const;

    std::vector<std::string> keys_;
    std::vector<std::string> values_;
};

}  // namespace spillway::runtime
