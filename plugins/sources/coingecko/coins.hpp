#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace spillway::coingecko {

/// Which coin of CoinGecko belongs to which market. Tickers are not unique there, ids are: the
/// most traded coins are known, the user adds or corrects others.
class Coins {
public:
    /// `added`: entries `MARKET=id`.
    explicit Coins(std::span<const std::string> added);

    /// Empty if it is not known; views this object.
    [[nodiscard]] std::string_view id_of(std::string_view market) const;
    [[nodiscard]] std::string_view market_of(std::string_view id) const;

private:
    using Names = std::map<std::string, std::string, std::less<>>;
    Names ids_, markets_;
};

}  // namespace spillway::coingecko
