#include "http_exchange.hpp"

#include <utility>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "endings.hpp"
#include "http_words.hpp"
#include "inflate.hpp"
#include "url.hpp"
#include "wire.hpp"

namespace spillway::live {

namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::uint32_t largest_header = 64 << 10;
constexpr std::size_t readable_after_body = 64;

class Exchange final : public std::enable_shared_from_this<Exchange> {
public:
    Exchange(std::shared_ptr<Wire> wire, const Url& url, const Request& request,
             const std::string& user_agent, std::function<void(Exchanged)> done)
        : wire_(std::move(wire)), host_(url.host), done_(std::move(done)) {
        message_.version(11);
        message_.method(request.method == Method::post ? http::verb::post : http::verb::get);
        message_.target(url.target);
        message_.set(http::field::host, url.authority());
        message_.set(http::field::user_agent, user_agent);
        message_.set(http::field::accept_encoding, "gzip, deflate");
        if (request.method == Method::post) {
            message_.set(http::field::content_type, "application/json");
        }
        for (const auto& [name, value] : request.headers) message_.set(name, value);
        message_.body() = request.body;
        message_.prepare_payload();
        parser_.body_limit(largest_body);
        parser_.header_limit(largest_header);
    }

    void start() {
        http::async_write(*wire_, message_,
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                              if (error) return self->fail(error);
                              self->read();
                          });
    }

private:
    void read() {
        http::async_read(*wire_, buffer_, parser_,
                         [self = shared_from_this()](const error_code& error, std::size_t) {
                             if (error) return self->fail(error);
                             self->deliver();
                         });
    }

    void fail(const error_code& error) {
        Exchanged result;
        result.stale = !parser_.got_some() && buffer_.size() == 0;
        result.response.failure = classify(error, "in the HTTP exchange with " + host_);
        finish(std::move(result));
    }

    void deliver() {
        auto& message = parser_.get();
        Exchanged result;
        // Bytes after the end of the response belong to nothing we asked for.
        result.reusable = message.keep_alive() && buffer_.size() == 0;
        Response& response = result.response;
        response.status = static_cast<std::uint16_t>(message.result_int());
        for (const auto& field : message) {
            std::string name(field.name_string().data(), field.name_string().size());
            for (char& c : name) {
                if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
            }
            response.headers.emplace_back(std::move(name),
                                          std::string(field.value().data(), field.value().size()));
        }
        unpack(response, std::move(message.body()));
        const bool redirect = response.status >= 300 && response.status < 400;
        if (redirect && !response.failure) {
            response.failure =
                Ended{Ending::status, response.status,
                      describe_status(response.status, host_, {}, response.header("location"))};
        }
        response.body.reserve(response.body.size() + readable_after_body);
        finish(std::move(result));
    }

    void unpack(Response& response, std::string body) const {
        const std::string_view encoding = response.header("content-encoding");
        if (encoding.empty() || encoding == "identity" || body.empty()) {
            response.body = std::move(body);
            return;
        }
        const Inflated how = encoding == "gzip" || encoding == "x-gzip" || encoding == "deflate"
                                 ? inflate_body(body, largest_body, response.body)
                                 : Inflated::damaged;
        if (how == Inflated::good) return;
        response.body.clear();
        response.failure =
            how == Inflated::too_large
                ? Ended{Ending::too_large, 0,
                        "unpacked, the answer of " + host_ + " is larger than 16 MiB"}
                : Ended{Ending::malformed, 0,
                        "the answer of " + host_ + " cannot be unpacked (" + quotable(encoding) +
                            ")"};
    }

    void finish(Exchanged result) {
        result.response.took = watch_.elapsed();
        done_(std::move(result));
    }

    std::shared_ptr<Wire> wire_;
    std::string host_;
    std::function<void(Exchanged)> done_;
    http::request<http::string_body> message_;
    http::response_parser<http::string_body> parser_;
    beast::flat_buffer buffer_;
    Stopwatch watch_;
};

}  // namespace

void exchange(std::shared_ptr<Wire> wire, const Url& url, const Request& request,
              const std::string& user_agent, std::function<void(Exchanged)> done) {
    std::make_shared<Exchange>(std::move(wire), url, request, user_agent, std::move(done))->start();
}

}  // namespace spillway::live
