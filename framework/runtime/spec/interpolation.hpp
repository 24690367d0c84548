#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// A value scalar after its variables were put in.
struct Expansion {
    std::string text;
    Origin origin = Origin::file;
    std::string detail;   ///< variable names, path of a secret, or "default of ${NAME}"
    bool secret = false;  ///< holds the content of a `${file:}`
};

struct ExpansionError {
    std::string message;  ///< never holds the content of a file
    std::string suggestion;
};

/// Puts variables into value scalars, once (what is put in is not looked at again):
///
///     ${NAME}            must be set
///     ${NAME:-default}   default if unset or empty
///     ${NAME:?message}   message if unset or empty
///     ${file:PATH}       content of a file without its last line end; never printed
///     $$                 a dollar sign
class Interpolation {
public:
    using Environment = std::function<std::optional<std::string>(std::string_view)>;

    /// An empty function stands for the process environment.
    explicit Interpolation(Environment environment);

    [[nodiscard]] tl::expected<Expansion, ExpansionError> expand(std::string_view text) const;

private:
    [[nodiscard]] tl::expected<void, ExpansionError> put_in(std::string_view reference,
                                                            Expansion& into) const;
    Environment environment_;
};

/// Whether the text is one `${..}` and nothing else.
[[nodiscard]] bool is_one_reference(std::string_view text) noexcept;

}  // namespace spillway::runtime
