#include "scaling.hpp"

#include <cstring>
#include <string_view>

#include <spillway/fields.hpp>

namespace spillway::normalise {

void scale_to_single_tokens(Event& event, std::uint32_t multiplier) noexcept {
    const auto fields = fields_of(event.kind());
    for (unsigned i = 0; i < fields.size(); ++i) {
        const FieldInfo& field = fields[i];
        if (field.type != FieldType::number || !event.has(i)) continue;
        const bool is_price = field.unit == std::string_view("quote");
        if (!is_price && field.unit != std::string_view("coins")) continue;
        auto* at = reinterpret_cast<char*>(&event) + field.offset;
        double value = 0;
        std::memcpy(&value, at, sizeof(value));
        value = is_price ? value / multiplier : value * multiplier;
        std::memcpy(at, &value, sizeof(value));
    }
}

}  // namespace spillway::normalise
