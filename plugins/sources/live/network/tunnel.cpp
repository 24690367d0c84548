#include "tunnel.hpp"

#include <charconv>
#include <utility>

#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "http_words.hpp"
#include "wire.hpp"

namespace spillway::live {

namespace {

constexpr std::size_t largest_answer = 16384;

class Tunnel : public std::enable_shared_from_this<Tunnel> {
public:
    Tunnel(std::shared_ptr<Wire> wire, const Route& route, const std::string& user_agent,
           std::function<void(const std::string&)> done)
        : wire_(std::move(wire)), proxy_(route.host), done_(std::move(done)) {
        text_ = "CONNECT " + route.tunnel + " HTTP/1.1\r\nHost: " + route.tunnel +
                "\r\nUser-Agent: " + user_agent + "\r\n";
        if (!route.proxy->authorization.empty()) {
            text_ += "Proxy-Authorization: " + route.proxy->authorization + "\r\n";
        }
        text_ += "\r\n";
    }

    void start() {
        asio::async_write(wire_->tcp(), asio::buffer(text_),
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                              if (error) return self->fail(error);
                              self->read();
                          });
    }

private:
    void read() {
        text_.clear();
        // The server speaks only after us, so nothing of it can follow the proxy's answer.
        asio::async_read_until(wire_->tcp(), asio::dynamic_buffer(text_, largest_answer),
                               "\r\n\r\n",
                               [self = shared_from_this()](const error_code& error, std::size_t) {
                                   if (error) return self->fail(error);
                                   self->judge();
                               });
    }

    void judge() {
        unsigned status = 0;
        if (text_.starts_with("HTTP/1.") && text_.size() > 12) {
            std::from_chars(text_.data() + 9, text_.data() + 12, status);
        }
        if (status >= 200 && status < 300) return done_({});
        if (status < 100) {
            return done_("proxy " + proxy_ + " does not answer in HTTP: check `proxy`");
        }
        done_("proxy refuses the tunnel: " +
              describe_status(static_cast<std::uint16_t>(status), proxy_, {}, {}));
    }

    void fail(const error_code& error) {
        done_("proxy " + proxy_ + " broke off: " + error.message());
    }

    std::shared_ptr<Wire> wire_;
    std::string proxy_;
    std::function<void(const std::string&)> done_;
    std::string text_;
};

}  // namespace

void open_tunnel(std::shared_ptr<Wire> wire, const Route& route, const std::string& user_agent,
                 std::function<void(const std::string& why)> done) {
    std::make_shared<Tunnel>(std::move(wire), route, user_agent, std::move(done))->start();
}

}  // namespace spillway::live
