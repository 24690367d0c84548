#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <spillway/source.hpp>

#include "driver.hpp"
#include "mailbox.hpp"
#include "network/beast_network.hpp"
#include "options.hpp"

namespace spillway::live {

/// Connects to a venue and brings what it sends, as the venue's plugin declares it. An unreachable
/// venue never fails the pipeline: its frames say how it is.
class Live : public SourcePlugin<Live> {
public:
    static constexpr About about{
        .name = "live",
        .version = "1.0.0",
        .summary = "Live data of a venue over WebSocket and HTTP, as its plugin declares it",
        .emits = source_kinds,
        .traits = Trait::frames | Trait::unbounded | Trait::live};
    static constexpr auto option_list = live::option_list;
    Options options;

    Status check();
    /// Returns at once. Connections are made from the first read on, so that a position that is
    /// restored in between is known.
    Status open(const SourceSetup& setup) noexcept override;
    Result<ReadState> read(SourceOutput& out, std::uint32_t limit) noexcept override;
    void position(StateWriter& out) noexcept override;
    Status seek(std::span<const std::byte> position) noexcept override;
    void finish() noexcept override;
    void examine(const SourceSetup& setup, Examiner& out) noexcept override;
    void metrics(MetricWriter& out) const override;

protected:
    // Tests play the venue.
    [[nodiscard]] virtual std::unique_ptr<Network> connect(const NetworkSettings& settings,
                                                           std::unique_ptr<Commons>* commons) const;
    virtual void probe(const NetworkSettings& settings, const std::string& url,
                       Examiner& out) const;

private:
    [[nodiscard]] NetworkSettings network_settings() const;
    [[nodiscard]] Driver::Settings driver_settings(const SourceSetup& setup, Time now) const;
    [[nodiscard]] Status usable(const SourceSetup& setup) const;

    Driver::Resume reached_;  ///< what the engine has read
    bool begun_ = false;
    std::unique_ptr<Mailbox> mailbox_;
    std::unique_ptr<Figures> figures_;
    std::unique_ptr<Driver> driver_;
    std::unique_ptr<Network> network_;  ///< goes first: then nobody calls the others
};

}  // namespace spillway::live
