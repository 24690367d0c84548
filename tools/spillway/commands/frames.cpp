#include "commands/frames.hpp"

#include <algorithm>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include "arguments.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"

namespace spillway::cli {
namespace {

struct FramesArguments {
    std::vector<std::filesystem::path> files;
    std::string format = "text";
    FrameSelection selection;
    MakeFrames make;

    [[nodiscard]] bool json() const { return format == "json"; }
};

std::string check_frame_files(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return "there is no '" + path + "'";
    if (!frame_files({path}).empty()) return {};
    return fmt::format("there is no frame file (*{}) in '{}' or below", frame_file_extension, path);
}

void add_files(CLI::App& command, std::vector<std::filesystem::path>& files) {
    command.add_option("FILE", files, "Frame files, or folders with them")
        ->type_name("")
        ->required()
        ->check(check_frame_files);
}

std::string check_time(const std::string& text) {
    if (parse_time(text)) return {};
    return "'" + text +
           "' is no time; write 2026-02-05, 2026-02-05T20:25Z, 2026-02-05T20:25:00.5Z, or "
           "nanoseconds since 1970";
}

void add_selection(CLI::App& command, FrameSelection& selection) {
    command.add_option("--from", selection.from, "Received at this time (UTC) or later")
        ->type_name("TIME")
        ->check(check_time);
    command.add_option("--to", selection.to, "Received before this time")
        ->type_name("TIME")
        ->check(check_time);
    command.add_option("--venue", selection.venues, "Of this venue (repeatable)")
        ->type_name("NAME")
        ->allow_extra_args(false);
    command.add_option("--channel", selection.channels, "Of this channel (repeatable)")
        ->type_name("NAME")
        ->allow_extra_args(false);
    command.add_option("--session", selection.sessions, "Of this session (repeatable)")
        ->type_name("N")
        ->allow_extra_args(false);
}

void add_make(CLI::App& frames, const std::shared_ptr<FramesArguments>& arguments, Action& chosen) {
    CLI::App* const make =
        frames.add_subcommand("make", "Make a frame file out of JSON lines: fixtures for tests");
    MakeFrames& m = arguments->make;
    make->footer(
        "Without --venue every line is a frame as `cat` prints it:\n"
        "  {\"time\":\"2026-02-05T20:25:00Z\",\"venue\":\"okx\",\"channel\":\"tickers\",\"text\":"
        "\"{}\"}\n"
        "\"session\" (1), \"type\" (data), \"status\" and \"binary\" may be left out; \"base64\" "
        "stands in\n"
        "for \"text\" where bytes are no text. `cat` and `make` are inverse: print, edit, make.\n"
        "\n"
        "With --venue every line is a message of that venue, and receive times come from a key:\n"
        "the integer after its first occurrence in the line; a time that goes back is held.\n"
        "\n"
        "Examples:\n"
        "  spillway frames cat recording.frames | grep liquidation | spillway frames make --out "
        "few.frames\n"
        "  spillway frames make orders.jsonl --venue binance --channel '!forceOrder@arr' \\\n"
        "      --time-key E --out orders.frames\n"
        "  zcat orders.jsonl.gz | spillway frames make --venue okx --channel trades --time-key ts "
        "--out t.frames");
    make->add_option("INPUT", m.input, "File of lines; - is standard input")
        ->type_name("")
        ->capture_default_str();
    make->add_option("--out", m.out, "The new file; one that exists is not touched")
        ->type_name("FILE")
        ->required();
    make->add_option("--codec", m.codec, "How blocks are stored")
        ->type_name("none|zstd")
        ->check(CLI::IsMember({"none", "zstd"}).description(""))
        ->capture_default_str();
    CLI::Option* const venue =
        make->add_option("--venue", m.venue, "Lines are messages of this venue")->type_name("NAME");
    make->add_option("--channel", m.channel, "Their channel")->type_name("NAME")->needs(venue);
    CLI::Option* const key =
        make->add_option("--time-key", m.time_key, "Their receive time is in this key")
            ->type_name("KEY")
            ->needs(venue);
    venue->needs(key);
    make->add_option("--time-unit", m.time_unit, "Unit of that time")
        ->type_name("s|ms|us|ns")
        ->check(CLI::IsMember({"s", "ms", "us", "ns"}).description(""))
        ->capture_default_str()
        ->needs(key);
    make->add_option("--session", m.session, "Their session")->capture_default_str()->needs(venue);
    make->callback(
        [arguments, &chosen] { chosen = [arguments] { return make_frames(arguments->make); }; });
}

}  // namespace

std::vector<std::filesystem::path> frame_files(const std::vector<std::filesystem::path>& named) {
    std::vector<std::filesystem::path> files;
    for (const std::filesystem::path& path : named) {
        std::error_code error;
        if (!std::filesystem::is_directory(path, error)) {
            files.push_back(path);
            continue;
        }
        const auto first = static_cast<std::ptrdiff_t>(files.size());
        std::filesystem::recursive_directory_iterator entry(
            path, std::filesystem::directory_options::skip_permission_denied, error);
        for (; !error && entry != end(entry); entry.increment(error)) {
            std::error_code unknown;
            const bool wanted = entry->path().extension() == frame_file_extension;
            if (wanted && entry->is_regular_file(unknown)) files.push_back(entry->path());
        }
        std::sort(files.begin() + first, files.end());
    }
    return files;
}

void add_frames(CLI::App& app, Action& chosen) {
    CLI::App* const command =
        app.add_subcommand("frames", "Look into files of raw frames: recordings and fixtures");
    command->require_subcommand(1);
    command->footer(
        "A frame is what a venue sent, with the time it was received. docs/frame-files.md\n"
        "describes the format. A folder stands for all frame files in it and below.\n"
        "\n"
        "Examples:\n"
        "  spillway frames inspect recording.frames\n"
        "  spillway frames cat recording.frames --venue okx --channel trades | head\n"
        "  spillway frames cut recording.frames --from 2026-02-05T20:00Z --to 2026-02-05T21:00Z "
        "--out hour.frames\n"
        "  spillway frames verify recorded/\n"
        "  spillway frames make --help\n"
        "\n"
        "Damage costs no more than what it hit: everything else is read. It is told on standard\n"
        "error, and the exit code is 1.");
    const auto arguments = std::make_shared<FramesArguments>();
    FramesArguments& a = *arguments;

    CLI::App* const inspect = command->add_subcommand(
        "inspect", "Show venues, channels, sessions, time span, counts and damage");
    add_files(*inspect, a.files);
    add_format(*inspect, a.format);
    inspect->callback([arguments, &chosen] {
        chosen = [arguments] {
            return inspect_frames(frame_files(arguments->files), arguments->json());
        };
    });

    CLI::App* const cat = command->add_subcommand("cat", "Print frames as JSON lines");
    add_files(*cat, a.files);
    add_selection(*cat, a.selection);
    cat->callback([arguments, &chosen] {
        chosen = [arguments] {
            return cat_frames(frame_files(arguments->files), arguments->selection);
        };
    });

    CLI::App* const cut = command->add_subcommand("cut", "Copy some frames into a new file");
    cut->footer(
        "Several files are written one after the other, in the order given.\n"
        "\n"
        "Example:\n"
        "  spillway frames cut day.frames --venue bybit --session 3 --out session.frames");
    add_files(*cut, a.files);
    add_selection(*cut, a.selection);
    cut->add_option("--out", a.make.out, "The new file; one that exists is not touched")
        ->type_name("FILE")
        ->required();
    cut->callback([arguments, &chosen] {
        chosen = [arguments] {
            return cut_frames(frame_files(arguments->files), arguments->selection,
                              arguments->make.out);
        };
    });

    CLI::App* const verify = command->add_subcommand(
        "verify", "Check every record; exit code 1 and the places if something is damaged");
    add_files(*verify, a.files);
    add_format(*verify, a.format);
    verify->callback([arguments, &chosen] {
        chosen = [arguments] {
            return verify_frames(frame_files(arguments->files), arguments->json());
        };
    });

    add_make(*command, arguments, chosen);
}

}  // namespace spillway::cli
