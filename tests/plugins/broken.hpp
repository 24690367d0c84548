#pragma once

#include <string_view>

#include <spillway/transform.hpp>

namespace spillway {

/// A filter that keeps everything, for plugins that are broken elsewhere.
template <class Self>
class KeepAll : public Filter<Self> {
public:
    static constexpr About about = {.name = "broken",
                                    .version = "1.0.0",
                                    .summary = "Cannot be loaded.",
                                    .consumes = {Kind::price},
                                    .emits = {Kind::price},
                                    .traits = Trait::in_place};
    static constexpr auto option_list = no_options();
    NoOptions options;

    Verdict on(const Event&, const Batch&) const { return Verdict::keep; }
};

}  // namespace spillway
