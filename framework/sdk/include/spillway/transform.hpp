#pragma once

#include <cstdint>

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

protected:
    [[nodiscard]] Self& self() noexcept { return static_cast<Self&>(*this); }
    [[nodiscard]] const NodeSetup& setup() const noexcept { return setup_; }

private:
    NodeSetup setup_;
};

template <class Self>
class Filter : public InPlaceTransform<Self> {
public:
    Status step(StepInput& in, StepOutput& out) noexcept override {
        if (in.batch == nullptr) return {};
        return detail::guarded([&]() -> Status {
            const Batch& batch = *in.batch;
            const Rows rows = in.rows;
            // Verdicts cannot be foretold: no branch depends on them.
            std::uint32_t kept = 0, duplicate = 0, dropped = 0;
            for (std::uint32_t k = 0; k < rows.count; ++k) {
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
    }
};

template <class Self>
class Map : public InPlaceTransform<Self> {
public:
    Status step(StepInput& in, StepOutput& out) noexcept override {
        if (in.batch == nullptr) return {};
        return detail::guarded([&]() -> Status {
            Batch& batch = *in.batch;
            const Rows rows = in.rows;
            std::uint32_t kept = 0;
            for (std::uint32_t k = 0; k < rows.count; ++k) {
                const std::uint32_t row = rows[k];
                const Status status = this->self().on(batch[row], batch);
                if (status.ok()) [[likely]] {
                    in.row_storage[kept++] = row;
                } else if (Status fatal =
                               detail::refuse(this->setup(), out, batch, batch[row], status);
                           !fatal.ok()) {
                    return fatal;
                }
            }
            if (kept != rows.count) in.rows = {in.row_storage, kept};
            return {};
        });
    }
};

}  // namespace spillway
