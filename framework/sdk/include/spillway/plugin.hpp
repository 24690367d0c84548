#pragma once

#include <span>

#include <spillway/detail/manifest_json.hpp>
#include <spillway/manifest.hpp>
#include <spillway/options.hpp>
#include <spillway/status.hpp>

namespace spillway {

class Node;
class Protocol;
class Source;
class Sink;

/// What every plugin object is to the engine. One object serves one node of one pipeline (one
/// shard of it); the engine creates it, calls it from one thread at a time and destroys it.
/// Nothing may be thrown through any of these functions.
class Plugin {
public:
    Plugin() = default;
    Plugin(const Plugin&) = delete;
    Plugin& operator=(const Plugin&) = delete;
    virtual ~Plugin() = default;

    /// Takes the options (in manifest order) and checks what the engine could not: the grammar of
    /// expressions, combinations. Opens nothing: `validate` calls it too.
    virtual Status configure(std::span<const OptionValue> values) noexcept = 0;

    /// The interface of the plugin's category; the others are null.
    [[nodiscard]] virtual Node* node() noexcept { return nullptr; }
    [[nodiscard]] virtual Source* source() noexcept { return nullptr; }
    [[nodiscard]] virtual Sink* sink() noexcept { return nullptr; }
    /// How a venue is spoken to, for the source `live`; valid after `configure`. Null: the venue
    /// can only be decoded.
    [[nodiscard]] virtual const Protocol* protocol() const noexcept { return nullptr; }
};

namespace detail {
/// Runs code of a plugin author; whatever it throws becomes a defect.
template <class Call>
Status guarded(Call&& call) noexcept {
    try {
        return call();
    } catch (const std::exception& error) {
        return {Code::defect, error.what()};
    } catch (...) {
        return {Code::defect, "threw something that is not a std::exception"};
    }
}

/// Assigns options and lets the author check them, if `Self` has `Status check()`.
template <class Self>
Status configure(Self& self, std::span<const OptionValue> values) noexcept {
    return guarded([&]() -> Status {
        if constexpr (requires { self.options; }) {
            Self::option_list.assign(self.options, values);
        }
        if constexpr (requires { self.check(); }) return self.check();
        return {};
    });
}
}  // namespace detail

/// Every plugin library exports its manifest and this factory. `spillway_create` answers null
/// when construction throws.
#define SPILLWAY_PLUGIN(Type)                                                                  \
    extern "C"                                                                                 \
        __attribute__((section(".spillway"), used, retain, visibility("default"), aligned(8))) \
        const constinit auto spillway_manifest = ::spillway::detail::make_manifest<Type>();    \
    extern "C" __attribute__((visibility("default"))) ::spillway::Plugin*                      \
    spillway_create() noexcept {                                                               \
        try {                                                                                  \
            return new Type();                                                                 \
        } catch (...) {                                                                        \
            return nullptr;                                                                    \
        }                                                                                      \
    }

}  // namespace spillway
