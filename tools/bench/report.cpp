#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <thread>

#include <fmt/format.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

namespace spillway::bench {
namespace {

/// Four significant digits, thousands grouped: 4_613_000, 0.8241, 61.5.
std::string readable(double value) {
    if (!std::isfinite(value)) return "unknown";
    const double size = std::abs(value);
    if (size == 0) return "0";
    const int magnitude = static_cast<int>(std::floor(std::log10(size)));
    const int decimals = std::clamp(3 - magnitude, 0, 6);
    if (magnitude < 4) return fmt::format("{:.{}f}", value, decimals);
    const double unit = std::pow(10.0, magnitude - 3);
    std::string digits = fmt::format("{:.0f}", std::round(value / unit) * unit);
    const std::size_t first = value < 0 ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, 1, '_');
    return digits;
}

}  // namespace

const Figure* Report::find(std::string_view key) const {
    const auto found = std::find_if(figures.begin(), figures.end(),
                                    [&](const Figure& figure) { return figure.key == key; });
    return found != figures.end() ? &*found : nullptr;
}

Machine this_machine() {
    Machine machine;
    machine.cores = std::thread::hardware_concurrency();
    if (::getloadavg(&machine.load_average, 1) != 1) machine.load_average = 0;
#ifndef NDEBUG
    machine.assertions = true;
#endif
    return machine;
}

std::string to_text(const Report& report, const Machine& machine) {
    std::string text = fmt::format("{}: {}\n", report.benchmark, report.measured);
    std::size_t width = 0;
    for (const Figure& figure : report.figures) width = std::max(width, figure.key.size());
    for (const Figure& figure : report.figures) {
        text += fmt::format("  {:<{}}  {:>12}  {}\n", figure.key, width, readable(figure.value),
                            figure.meaning);
    }
    text +=
        fmt::format("  {} {}, {} cores, load average {:.1f}{}\n", report.runs,
                    report.runs == 1 ? "run" : "runs", machine.cores, machine.load_average,
                    machine.assertions ? ", built with assertions: not a measure of speed" : "");
    return text;
}

std::string to_json(const Report& report, const Machine& machine) {
    rapidjson::StringBuffer buffer;
    rapidjson::PrettyWriter<rapidjson::StringBuffer> json(buffer);
    json.SetIndent(' ', 2);
    const auto text = [&](const char* key, const std::string& value) {
        json.Key(key);
        json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    };
    json.StartObject();
    text("benchmark", report.benchmark);
    text("measured", report.measured);
    for (const Figure& figure : report.figures) {
        json.Key(figure.key.c_str());
        if (std::isfinite(figure.value)) {
            json.Double(figure.value);
        } else {
            json.Null();
        }
    }
    json.Key("runs");
    json.Uint64(report.runs);
    json.Key("cores");
    json.Uint(machine.cores);
    json.Key("load_average");
    json.Double(machine.load_average);
    json.Key("assertions");
    json.Bool(machine.assertions);
    json.EndObject();
    return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace spillway::bench
