#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace spillway {

struct Label {
    std::string_view name, value;
};

/// Takes the figures of a source or sink for `/metrics`, in Prometheus' terms. The engine puts
/// `spillway_` before names and adds the labels `pipeline` and `node`. Texts are copied.
class MetricWriter {
public:
    virtual void counter(std::string_view name, std::string_view help,
                         std::span<const Label> labels, double value) = 0;
    virtual void gauge(std::string_view name, std::string_view help, std::span<const Label> labels,
                       double value) = 0;
    /// `bounds` are upper ends in seconds; `counts` has one more, for what lies above all.
    virtual void histogram(std::string_view name, std::string_view help,
                           std::span<const Label> labels, std::span<const double> bounds,
                           std::span<const std::uint64_t> counts, double sum) = 0;

protected:
    ~MetricWriter() = default;
};

}  // namespace spillway
