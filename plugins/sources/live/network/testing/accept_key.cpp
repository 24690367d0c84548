#include "testing/accept_key.hpp"

#include <array>

#include <openssl/evp.h>

namespace spillway::live::testing {

std::string_view key_of(std::string_view head) {
    constexpr std::string_view field = "Sec-WebSocket-Key: ";
    const std::size_t found = head.find(field);
    if (found == std::string_view::npos) return {};
    const std::string_view rest = head.substr(found + field.size());
    return rest.substr(0, rest.find("\r\n"));
}

std::string accept_key(std::string_view key) {
    const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha1(), nullptr);
    std::array<unsigned char, 64> base64{};
    const int length = EVP_EncodeBlock(base64.data(), hash.data(), static_cast<int>(size));
    return {reinterpret_cast<const char*>(base64.data()), static_cast<std::size_t>(length)};
}

}  // namespace spillway::live::testing
