#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/batch.hpp>
#include <spillway/fields.hpp>
#include <spillway/status.hpp>

namespace spillway::window {

/// What windows are kept apart by: the option `by`. Parts are `instrument`, `market`, `venue`,
/// `kind` and payload fields that hold a choice, a name or a venue (`side`, `token`, `from_venue`).
class Grouping {
public:
    [[nodiscard]] Status parse(const std::vector<std::string>& by);

    /// Process-local code of the event's group.
    [[nodiscard]] std::uint64_t code(const Event& event) const noexcept;
    /// Stable text of the group: parts separated by `|`, in the order of the option.
    void text(const Event& event, std::string& out) const;

    /// A group as its windows show it.
    struct Group {
        InstrumentId instrument = InstrumentId::none;
        MarketId market = MarketId::none;
        VenueId venue = VenueId::none;
        std::vector<ExtensionField> labels;  ///< the other parts, as texts
    };
    [[nodiscard]] Group read(std::string_view text) const;

private:
    enum class Type : std::uint8_t { instrument, market, venue, kind, field };
    struct Place {
        std::uint32_t presence = 0;
        std::uint16_t offset = 0;
        FieldType type = FieldType::choice;
        std::uint16_t first_code = 0;  ///< of a choice
        const FieldInfo* field = nullptr;
    };
    struct Part {
        std::string name;
        Type type = Type::field;
        unsigned bits = 0;
        std::array<Place, kind_names.size()> places;

        [[nodiscard]] std::uint32_t value(const Event& event) const noexcept;
        [[nodiscard]] std::string_view value_text(const Event& event) const noexcept;
    };
    [[nodiscard]] static std::uint16_t first_code(const Part& part,
                                                  const FieldInfo& field) noexcept;

    std::vector<Part> parts_;
};

}  // namespace spillway::window
