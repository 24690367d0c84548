#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string_view>

#include <spillway/fields.hpp>
#include <spillway/transform.hpp>

namespace spillway::my_plugin {

/// Which price of a `price` event a bar is made of: the texts are what users write.
enum class Of : std::uint8_t { last, mark, index };
inline constexpr std::array<std::string_view, 3> of_names = {"last", "mark", "index"};

/// What a pipeline file sets; see `option_list` for the meaning and the defaults.
struct Options {
    Duration every = 0;
    Of of = Of::last;
};

struct Bar {
    double open = 0, high = 0, low = 0, close = 0;

    void add(double price) noexcept;
    template <class Archive>
    void fields(Archive& io) {
        io(1, open);
        io(2, high);
        io(3, low);
        io(4, close);
    }
};

/// What is kept per market, and stored in checkpoints: a tag number belongs to its field for ever.
struct Bars {
    std::map<Time, Bar> open;  ///< by end; more than one while records come out of order

    template <class Archive>
    void fields(Archive& io) {
        io(1, open);
    }
};

/// Makes bars out of prices. A bar covers [end - every, end) of event time and is written when the
/// watermark says that no price of it can come any more; what comes later goes to the output
/// `late`.
class MyPlugin : public KeyedTransform<MyPlugin, Bars> {
public:
    static constexpr About about = {
        .name = "my_plugin",
        .version = "0.1.0",
        .summary = "Bars of event time out of prices",
        .consumes = {Kind::price},
        .emits = {Kind::bar},
        .traits = Trait::keyed | Trait::late_output,
    };
    static constexpr auto option_list = spillway::options(
        option::duration<&Options::every>("every", "Length of a bar.")
            .otherwise("1m")
            .at_least(static_cast<double>(second)),
        option::choice<&Options::of>("of", of_names, "The price that bars are made of.")
            .otherwise("last"));
    Options options;

    /// One price. An error refuses the record: it becomes a dead letter.
    Status on(Bars& bars, const Event& event, Context& context);
    /// The watermark reached the end of the earliest bar.
    void on_event_timer(Bars& bars, TimerId timer, Time due, Context& context);

private:
    static constexpr TimerId close_bar = 0;
};

}  // namespace spillway::my_plugin
