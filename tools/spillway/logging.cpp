#include "logging.hpp"

#include <chrono>
#include <memory>

#include <fmt/format.h>
#include <spdlog/formatter.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <spillway/event_json.hpp>
#include <spillway/time.hpp>

namespace spillway::cli {
namespace {

/// spdlog's patterns do not escape; messages hold quotes, paths and line breaks.
class JsonFormatter final : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
        const auto since_epoch = message.time.time_since_epoch();
        const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count();
        PodVector<char> text;
        append_json_string(text, {message.payload.data(), message.payload.size()});
        const spdlog::string_view_t level = spdlog::level::to_string_view(message.level);
        fmt::format_to(std::back_inserter(out),
                       R"({{"time":"{}","level":"{}","message":{}}})"
                       "\n",
                       format_time(floor_to(ns, millisecond)),
                       std::string_view(level.data(), level.size()), view(text));
    }
    [[nodiscard]] std::unique_ptr<formatter> clone() const override {
        return std::make_unique<JsonFormatter>();
    }
};

}  // namespace

void LogSettings::add_to(CLI::App& command) {
    command.add_option("--log-level", level, "Least severe log message that is shown")
        ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error", "off"}))
        ->type_name("LEVEL")
        ->capture_default_str();
    command.add_option("--log-format", format, "Log lines on standard error as text or JSON")
        ->check(CLI::IsMember({"text", "json"}))
        ->type_name("FORMAT")
        ->capture_default_str();
}

void set_up_logging(const LogSettings& settings) {
    std::shared_ptr<spdlog::logger> logger;
    if (settings.json()) {
        auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        sink->set_formatter(std::make_unique<JsonFormatter>());
        logger = std::make_shared<spdlog::logger>("spillway", std::move(sink));
    } else {
        auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
        sink->set_pattern("%H:%M:%S.%e %^%l%$ %v");
        logger = std::make_shared<spdlog::logger>("spillway", std::move(sink));
    }
    logger->set_level(spdlog::level::from_str(settings.level));
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
}

}  // namespace spillway::cli
