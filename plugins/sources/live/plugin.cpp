#include "plugin.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <spillway/id.hpp>

#include "examination.hpp"
#include "network/probe.hpp"
#include "network/route.hpp"

namespace spillway::live {

namespace {

const char* no_environment(const char*) { return nullptr; }

/// One thread reads what all sources of a pipeline get.
struct SharedThread final : Commons {
    std::shared_ptr<IoThread> thread = make_io_thread();
};

}  // namespace

std::unique_ptr<Network> Live::connect(const NetworkSettings& settings,
                                       std::unique_ptr<Commons>* commons) const {
    if (commons == nullptr) return make_network(settings);
    if (!*commons) *commons = std::make_unique<SharedThread>();
    return make_network(settings, static_cast<const SharedThread&>(**commons).thread);
}

void Live::probe(const NetworkSettings& settings, const std::string& url, Examiner& out) const {
    live::probe(settings, url, out);
}

Status Live::check() {
    if (options.venue.empty()) return bad_option("venue", "empty; expected a venue plugin's name");
    NetworkSettings through;
    through.gateway = options.gateway;
    if (const auto routes = Routes::make(through, no_environment); !routes) {
        return bad_option("gateway", routes.error());
    }
    if (options.buffer < 2 * options.max_message) {
        return bad_option("buffer",
                          "too small: it must hold at least two messages of the size "
                          "that `max_message` allows");
    }
    return {};
}

NetworkSettings Live::network_settings() const {
    NetworkSettings settings;
    settings.gateway = options.gateway;
    settings.proxy = options.proxy;
    settings.ca_file = options.ca_file;
    settings.max_message = options.max_message;
    settings.connect_timeout = options.connect_timeout;
    return settings;
}

/// The seed differs between pipelines and starts, so that they do not try again in step.
Driver::Settings Live::driver_settings(const SourceSetup& setup, Time now) const {
    Driver::Settings settings;
    settings.venue = options.venue;
    settings.max_message = options.max_message;
    settings.reconnect_wait = options.reconnect_wait;
    settings.seed =
        hash_text(setup.pipeline) ^ hash_text(setup.id) ^ static_cast<std::uint64_t>(now);
    return settings;
}

Status Live::usable(const SourceSetup& setup) const {
    if (setup.protocol == nullptr) {
        return bad_option("venue",
                          fmt::format("the plugin {} can only decode: it does not say how to "
                                      "connect; use `type: frames` to read a recording",
                                      options.venue));
    }
    return live::check(network_settings());
}

Status Live::open(const SourceSetup& setup) noexcept {
    return detail::guarded([&]() -> Status {
        if (Status status = usable(setup); !status.ok()) return status;
        network_ = connect(network_settings(), setup.commons);
        mailbox_ = std::make_unique<Mailbox>(venue_id(options.venue), options.buffer,
                                             network_->gather(setup.arrivals));
        figures_ = std::make_unique<Figures>();
        driver_ = std::make_unique<Driver>(*network_, *setup.protocol, *mailbox_, *figures_,
                                           driver_settings(setup, network_->now()));
        return {};
    });
}

Result<ReadState> Live::read(SourceOutput& out, std::uint32_t) noexcept {
    if (!begun_) {
        begun_ = true;
        network_->post([driver = driver_.get(), from = reached_] { driver->start(from); });
    }
    const std::uint32_t before = out.frames.size();
    const ReadState state = mailbox_->take(out);
    for (std::uint32_t i = before; i < out.frames.size(); ++i) {
        reached_.last_session = std::max(reached_.last_session, out.frames[i].session);
        reached_.newest = out.frames[i].receive_time;
    }
    return state;
}

void Live::position(StateWriter& out) noexcept {
    out(1, reached_.last_session);
    out(2, reached_.newest);
}

Status Live::seek(std::span<const std::byte> position) noexcept {
    StateReader in(position);
    in(1, reached_.last_session);
    in(2, reached_.newest);
    if (!in.ok()) return {Code::io, "the stored position is damaged", options.venue};
    // A journal may hold connections that were made after the position was stored.
    constexpr std::uint32_t since_then = 1000;
    reached_.last_session += since_then;
    mailbox_->not_before(reached_.newest);
    return {};
}

void Live::finish() noexcept {
    if (!begun_) {
        begun_ = true;
        return mailbox_->end();
    }
    network_->post([driver = driver_.get()] { driver->finish(); });
}

void Live::examine(const SourceSetup& setup, Examiner& out) noexcept {
    const Status status = detail::guarded([&]() -> Status {
        if (Status unusable = usable(setup); !unusable.ok()) return unusable;
        const NetworkSettings settings = network_settings();
        std::unique_ptr<Network> network = connect(settings, setup.commons);
        const Time now = network->now();
        live::examine(
            std::move(network), *setup.protocol, driver_settings(setup, now),
            [&](const std::string& url) { probe(settings, url, out); }, out);
        return {};
    });
    if (!status.ok()) out.report({"", "options", Outcome::failed, status.message()});
}

void Live::metrics(MetricWriter& out) const {
    if (!figures_) return;
    figures_->write(out);
    out.counter("live_frames_dropped_total", "Frames dropped because the pipeline did not keep up.",
                {}, static_cast<double>(mailbox_->dropped()));
    out.gauge("live_waiting_bytes", "What the pipeline has not fetched yet.", {},
              static_cast<double>(mailbox_->waiting_bytes()));
}

}  // namespace spillway::live

SPILLWAY_PLUGIN(spillway::live::Live)
