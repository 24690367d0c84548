#pragma once

#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>

#include <spillway/sink.hpp>
#include <spillway/testing/option_texts.hpp>
#include <spillway/testing/script.hpp>

namespace spillway::testing {

/// Hands rows to a sink in a test as the engine does.
///
///     SinkDriver<Board> board(folder, {{"path", "board.txt"}});
///     ASSERT_TRUE(board.opened());
///     ASSERT_TRUE(board.sink.write({script.batch(), {nullptr, script.batch().size()}}));
///     ASSERT_TRUE(board.sink.flush(1));
template <class Plugin>
class SinkDriver {
public:
    /// `data_dir`: where relative paths of the sink start. `position`: what the sink said at the
    /// last flush of an earlier run, which this one goes on with.
    SinkDriver(const std::filesystem::path& data_dir, std::initializer_list<OptionText> options,
               std::span<const std::byte> position = {})
        : data_dir_(data_dir.string()) {
        opened_ = values_.template parse<Plugin>({options.begin(), options.size()});
        if (opened_.ok()) opened_ = sink.configure(values_.view());
        SinkSetup setup;
        setup.pipeline = "test";
        setup.id = Plugin::about.name;
        setup.data_dir = data_dir_;
        setup.resumed = !position.empty();
        setup.position = position;
        if (opened_.ok()) opened_ = sink.open(setup);
    }

    /// Result of parsing the options, `configure` and `open`.
    [[nodiscard]] const Status& opened() const noexcept { return opened_; }
    /// Every event of a script, in one piece.
    Status write(const Script& script) {
        return sink.write({script.batch(), {nullptr, script.batch().size()}});
    }

    Plugin sink;

private:
    std::string data_dir_;
    OptionValues values_;
    Status opened_;
};

}  // namespace spillway::testing
