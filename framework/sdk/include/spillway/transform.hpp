#pragma once

#include <cstdint>

#include <spillway/detail/whole_state.hpp>
#include <spillway/keyed_transform.hpp>
#include <spillway/node.hpp>

namespace spillway {

/// What an in-place transform decides about an event.
enum class Verdict : std::uint8_t { keep, filtered, duplicate, dropped };

/// A transform that keeps or drops events where they lie. The author writes
///
///     static constexpr About about = {.name = .., .traits = Trait::in_place, ..};
///     static constexpr auto option_list = spillway::options(..);   // fills `options`
///     Verdict on(const Event& event, const Batch& batch);
///
/// A `Map` takes `Event&` and may change it (trait `mutates`) or refuse it:
///
///     Status on(Event& event, Batch& batch);
///
/// Both may add `Status check()` (after options are set) and `Status begin(const NodeSetup&)`.
/// What is to outlive a restart is named in
///
///     template <class Archive> void fields(Archive& io);      // state.hpp
template <class Self>
class InPlaceTransform : public Node {
public:
    static constexpr Category category = Category::transform;

    Status configure(std::span<const OptionValue> values) noexcept override {
        return detail::configure(self(), values);
    }
    Status start(const NodeSetup& setup) noexcept override {
        setup_ = setup;
        return detail::guarded([&]() -> Status {
            if constexpr (requires { self().begin(setup_); }) return self().begin(setup_);
            return {};
        });
    }
    Status snapshot(StateSink& sink, bool all) noexcept override {
        return state_.snapshot(self(), sink, all);
    }
    Status restore(std::string_view key, std::string_view, std::uint32_t version,
                   std::span<const std::byte> bytes) noexcept override {
        return state_.restore(self(), key, version, bytes);
    }

protected:
    [[nodiscard]] Self& self() noexcept { return static_cast<Self&>(*this); }
    [[nodiscard]] const NodeSetup& setup() const noexcept { return setup_; }

private:
    NodeSetup setup_;
    detail::WholeState<Self> state_;
};

template <class Self>
class Filter : public InPlaceTransform<Self> {
public:
    Status step(StepInput& in, StepOutput& out) noexcept override {
        if (in.batch == nullptr) return {};
        const Batch& batch = *in.batch;
        const Rows rows = in.rows;
        std::uint32_t k = 0;
        Status status = detail::guarded([&]() -> Status {
            // Verdicts cannot be foretold: no branch depends on them.
            std::uint32_t kept = 0, duplicate = 0, dropped = 0;
            for (k = 0; k < rows.count; ++k) {
                const std::uint32_t row = rows[k];
                const Verdict verdict = this->self().on(batch[row], batch);
                in.row_storage[kept] = row;
                kept += static_cast<std::uint32_t>(verdict == Verdict::keep);
                duplicate += static_cast<std::uint32_t>(verdict == Verdict::duplicate);
                dropped += static_cast<std::uint32_t>(verdict == Verdict::dropped);
            }
            out.books->filtered += rows.count - kept - duplicate - dropped;
            out.books->duplicate += duplicate;
            out.books->dropped += dropped;
            if (kept != rows.count) in.rows = {in.row_storage, kept};
            return {};
        });
        if (!status.ok() && k < rows.count) out.failed_at = order_of(batch[rows[k]]);
        return status;
    }
};

template <class Self>
class Map : public InPlaceTransform<Self> {
public:
    Status step(StepInput& in, StepOutput& out) noexcept override {
        if (in.batch == nullptr) return {};
        Batch& batch = *in.batch;
        const Rows rows = in.rows;
        std::uint32_t k = 0;
        Status status = detail::guarded([&]() -> Status {
            std::uint32_t kept = 0;
            for (k = 0; k < rows.count; ++k) {
                const std::uint32_t row = rows[k];
                const Status answer = this->self().on(batch[row], batch);
                if (answer.ok()) [[likely]] {
                    in.row_storage[kept++] = row;
                } else if (Status fatal =
                               detail::refuse(this->setup(), out, batch, batch[row], answer);
                           !fatal.ok()) {
                    return fatal;
                }
            }
            if (kept != rows.count) in.rows = {in.row_storage, kept};
            return {};
        });
        if (!status.ok() && k < rows.count) out.failed_at = order_of(batch[rows[k]]);
        return status;
    }
};

}  // namespace spillway
