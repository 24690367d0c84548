#include <charconv>

#include <spillway/fields.hpp>
#include <spillway/scorer.hpp>

#include "own_blob.hpp"

namespace spillway::detail {
namespace {

/// How many bands a value has reached.
std::ptrdiff_t band_of(const EmissionOptions& options, double value) noexcept {
    return std::count_if(options.band_values.begin(), options.band_values.end(),
                         [value](double band) { return value >= band; });
}

}  // namespace

EmitWhen decide(const EmissionOptions& options, const Emitted& last, const ScoreValue& now,
                bool at_close, Time time) noexcept {
    if (!last.ever || last.has_value != now.has_value) return EmitWhen::now;
    if (now.has_value && band_of(options, last.value) != band_of(options, now.value)) {
        return EmitWhen::now;
    }
    // Who acts on closes only must hear of each one that follows a trial.
    if (at_close && now.has_value && !last.at_close) return EmitWhen::now;
    const bool changed = std::abs(now.value - last.value) >= options.min_change ||
                         std::abs(now.low - last.low) >= options.min_change ||
                         std::abs(now.high - last.high) >= options.min_change ||
                         now.coverage != last.coverage;
    if (!now.has_value) return EmitWhen::never;
    if (time - last.at >= options.heartbeat) return EmitWhen::now;
    if (!changed) return EmitWhen::never;
    return at_close ? EmitWhen::now : EmitWhen::on_grid;
}

void write_score(Emitter& out, const OutputNames& names, Direction direction, bool headline,
                 const ScoreValue& score, MarketId market,
                 std::span<const ComponentValue> components,
                 const Assessment<int>& flags) noexcept {
    Event& event = out.emit(Kind::score);
    event.market = market;
    if (!flags.at_close && flags.ready) event.flags |= flag_trial;
    ScorePayload& payload = event.score;
    payload = {score.value,   score.low,     score.high,       score.coverage,
               names.output,  flags.profile, flags.model,      0,
               direction,     headline,      flags.warming_up, flags.young_ranks,
               flags.at_close};
    for (unsigned f = 0; f < fields_of(Kind::score).size(); ++f) event.set_present(f);
    if (!score.has_value) event.set_absent(field::score::value);
    if (flags.model == NameId::none) event.set_absent(field::score::model);

    Batch& batch = out.batch();
    if (!flags.ready) {
        payload.contributions = 1;
        const Contribution reason{0, 0, 0, -1, name_id("not_ready"), flags.reason, {}, true, false};
        std::memcpy(batch.extend_blob(event, sizeof(reason)), &reason, sizeof(reason));
        return;
    }
    payload.contributions = static_cast<std::uint32_t>(components.size());
    batch.extend_blob(event, components.size() * sizeof(Contribution));
    for (std::size_t c = 0; c < components.size(); ++c) {
        const ComponentValue& from = components[c];
        const BlobRange venues = batch.add_text(event, from.venues);
        const Contribution one{from.missing ? 0 : from.points,
                               from.cap,
                               from.raw,
                               from.age,
                               names.components[c],
                               from.missing || from.partial ? from.reason : NameId::none,
                               venues,
                               from.missing,
                               from.has_raw};
        std::memcpy(own_blob(batch, event) + c * sizeof(Contribution), &one, sizeof(one));
    }
}

std::vector<OutputNames> intern(std::span<const OutputSpec> outputs) {
    std::vector<OutputNames> names;
    for (const OutputSpec& output : outputs) {
        OutputNames& one = names.emplace_back();
        one.output = name_id(output.name);
        for (std::size_t c = 0; c < output.components.size(); ++c) {
            one.components[c] = name_id(output.components[c].name);
        }
    }
    return names;
}

Status parse_bands(EmissionOptions& options) {
    options.band_values.clear();
    for (const std::string& text : options.bands) {
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size()) {
            return bad_option("bands", "'" + text + "' is not a number");
        }
        options.band_values.push_back(value);
    }
    return {};
}

}  // namespace spillway::detail
