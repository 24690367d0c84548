#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "network.hpp"
#include "trace.hpp"
#include "transport.hpp"

namespace spillway::live {

class Wire;

/// Network::request: a few connections to each host are kept and reused; requests beyond them wait
/// their turn. The request's time runs from the call on.
///
/// A connection that the server closed while it was idle is replaced, and the request sent again:
/// requests of this program only ask, a second one changes nothing.
class HttpClient : public std::enable_shared_from_this<HttpClient> {
public:
    explicit HttpClient(std::shared_ptr<Transport> transport);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    void request(Request request, std::function<void(Response)> done, Trace trace = {});
    /// Cuts everything without a further call.
    void end();

private:
    struct Call;
    struct Idle {
        std::shared_ptr<Wire> wire;
        Time since = 0;
    };
    struct Host {
        std::vector<std::shared_ptr<Call>> active;
        std::vector<Idle> idle;
        std::deque<std::shared_ptr<Call>> waiting;
    };

    void start(const std::shared_ptr<Call>& call);
    void connect(const std::shared_ptr<Call>& call);
    void send(const std::shared_ptr<Call>& call);
    void finish(const std::shared_ptr<Call>& call, Response response, bool reusable);
    void start_waiting(Host& host);
    void keep(Host& host, std::shared_ptr<Wire> wire);
    void sweep();

    std::shared_ptr<Transport> transport_;
    std::map<std::string, Host> hosts_;
    std::unique_ptr<Network::Timer> sweep_timer_;
    bool sweeping_ = false;
};

}  // namespace spillway::live
