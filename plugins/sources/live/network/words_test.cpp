#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "http_words.hpp"
#include "inflate.hpp"
#include "proxy.hpp"
#include "route.hpp"
#include "url.hpp"

namespace spillway::live {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Url, HasHostPortAndTarget) {
    const auto url = parse_url("wss://Stream.Example.com:8443/v5?a=b#part");
    ASSERT_TRUE(url);
    EXPECT_TRUE(url->tls && url->websocket);
    EXPECT_EQ(url->host, "stream.example.com");
    EXPECT_EQ(url->port, 8443);
    EXPECT_EQ(url->target, "/v5?a=b");
    EXPECT_EQ(url->authority(), "stream.example.com:8443");
    EXPECT_EQ(parse_url("https://x.com")->authority(), "x.com");
    EXPECT_EQ(parse_url("https://x.com?a=1")->target, "/?a=1");
    EXPECT_EQ(parse_url("https://[::1]:9/")->host, "::1");
    EXPECT_EQ(parse_url("https://[::1]:9/")->authority(), "[::1]:9");
}

TEST(Url, IsRefusedWithWordsAndWithoutItsKey) {
    for (const char* text :
         {"ftp://x.com/?key=secret", "https:///?key=secret", "https://x.com:0/?key=secret",
          "https://x.com:99999/?key=secret", "https://x.com/a b?key=secret",
          "https://user:secret@x.com/", "http://x.com/?key=secret", "https://x\r\ny/?key=secret"}) {
        const auto url = parse_url(text);
        ASSERT_FALSE(url) << text;
        EXPECT_THAT(url.error(), Not(HasSubstr("secret"))) << text;
    }
    EXPECT_TRUE(parse_url("http://localhost:80/"));
    EXPECT_TRUE(parse_url("ws://127.0.0.1:80/"));
    EXPECT_FALSE(parse_url("ws://127.0.0.1.example.com/"));
}

TEST(RetryAfter, IsSecondsOrADate) {
    const Time now = 1'700'000'000 * second;  // Tue, 14 Nov 2023 22:13:20 GMT
    EXPECT_EQ(parse_retry_after("120", now), 120 * second);
    EXPECT_EQ(parse_retry_after(" 1.5 ", now), 1500 * millisecond);
    EXPECT_EQ(parse_retry_after("Tue, 14 Nov 2023 22:14:20 GMT", now), minute);
    EXPECT_EQ(parse_retry_after("Tue, 14 Nov 2023 22:00:00 GMT", now), 0);
    for (const char* bad : {"", "soon", "-5", "12x", "nan", "Tue, 99 Nov 2023"}) {
        EXPECT_EQ(parse_retry_after(bad, now), std::nullopt) << bad;
    }
}

TEST(RetryAfter, IsNeverLongerThanTheLongestBan) {
    const Time now = 1'700'000'000 * second;
    for (const char* far : {"604801", "99999999999999999999", "inf",
                            "Wed, 22 Nov 2023 22:13:20 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"}) {
        EXPECT_EQ(parse_retry_after(far, now), longest_retry) << far;
    }
    EXPECT_EQ(parse_retry_after("Sat, 01 Jan 0000 00:00:00 GMT", now), 0);
}

TEST(Quotable, IsOneShortPrintableLine) {
    EXPECT_EQ(quotable("<p>\r\n\x1b[31m no\n"), "<p> [31m no");
    EXPECT_EQ(quotable("abcdef", 3), "abc...");
}

ProxyRules rules(std::string_view option, const std::map<std::string, std::string>& variables) {
    auto made = ProxyRules::make(option, [&](const char* name) -> const char* {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    });
    EXPECT_TRUE(made) << made.error();
    return std::move(*made);
}

bool proxied(const ProxyRules& rules, const char* url) {
    return rules.find(*parse_url(url)) != nullptr;
}

TEST(Proxy, OfTheOptionIsForEverything) {
    const ProxyRules set =
        rules("http://me:p%40ss@10.0.0.1:8080", {{"HTTPS_PROXY", "other:1"}, {"NO_PROXY", "*"}});
    const Proxy* const proxy = set.find(*parse_url("https://x.com"));
    ASSERT_NE(proxy, nullptr);
    EXPECT_EQ(proxy->host, "10.0.0.1");
    EXPECT_EQ(proxy->port, 8080);
    EXPECT_EQ(proxy->authorization, "Basic bWU6cEBzcw==");
    EXPECT_FALSE(proxied(rules("none", {{"HTTPS_PROXY", "other:1"}}), "https://x.com"));
}

TEST(Proxy, OfTheEnvironmentSparesNoProxyAndThisMachine) {
    const ProxyRules set = rules("", {{"https_proxy", "http://proxy:3128/"},
                                      {"no_proxy", "internal.example, .corp,one.com:444,::5"}});
    EXPECT_TRUE(proxied(set, "https://x.com"));
    EXPECT_TRUE(proxied(set, "https://notinternal.example"));
    EXPECT_TRUE(proxied(set, "https://one.com"));
    EXPECT_FALSE(proxied(set, "https://internal.example"));
    EXPECT_FALSE(proxied(set, "https://a.internal.example"));
    EXPECT_FALSE(proxied(set, "https://b.corp"));
    EXPECT_FALSE(proxied(set, "https://one.com:444"));
    EXPECT_FALSE(proxied(set, "https://[::5]/"));
    EXPECT_FALSE(proxied(set, "https://localhost"));
}

TEST(Proxy, ErrorsNeverShowThePassword) {
    for (const char* text :
         {"http://me:secret@", "https://me:secret@x:1", "http://me:secret@x:y"}) {
        const auto made = ProxyRules::make(text, [](const char*) { return nullptr; });
        ASSERT_FALSE(made) << text;
        EXPECT_THAT(made.error(), HasSubstr("option 'proxy'"));
        EXPECT_THAT(made.error(), Not(HasSubstr("secret")));
    }
}

TEST(Routes, GatewayTakesAllConnections) {
    NetworkSettings settings;
    settings.gateway = "[::1]:9000,/ca.pem";
    const auto environment = [](const char*) -> const char* { return "http://proxy:1"; };
    const auto routes = Routes::make(settings, environment);
    ASSERT_TRUE(routes) << routes.error();
    const Route route = routes->find(*parse_url("wss://stream.test"));
    EXPECT_EQ(route.host, "::1");
    EXPECT_EQ(route.port, 9000);
    EXPECT_EQ(route.proxy, nullptr);
    EXPECT_EQ(routes->ca_files(), std::vector<std::string>{"/ca.pem"});

    settings.proxy = "http://proxy:1";
    const auto through = Routes::make(settings, environment);
    const Route tunnelled = through->find(*parse_url("wss://stream.test"));
    EXPECT_EQ(tunnelled.host, "proxy");
    EXPECT_EQ(tunnelled.tunnel, "[::1]:9000");

    settings.gateway = "nowhere";
    EXPECT_THAT(Routes::make(settings, environment).error(), HasSubstr("host:port"));
}

TEST(Settings, ThatCannotWorkAreNamed) {
    EXPECT_TRUE(check({}).ok());
    NetworkSettings settings;
    settings.ca_file = "/nowhere/ca.pem";
    EXPECT_THAT(std::string(check(settings).message()), HasSubstr("/nowhere/ca.pem"));
}

std::string packed(const std::string& text, int window) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
    std::string input = text;
    std::string out(text.size() + 256, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

TEST(Inflate, ReadsGzipZlibAndRawUpToTheLimit) {
    const std::string text(100'000, 'x');
    std::string out;
    for (const int window : {15 + 16, 15, -15}) {
        EXPECT_EQ(inflate_body(packed(text, window), text.size(), out), Inflated::good) << window;
        EXPECT_EQ(out, text);
        EXPECT_EQ(inflate_body(packed(text, window), text.size() - 1, out), Inflated::too_large);
    }
    const std::string whole = packed(text, 15 + 16);
    EXPECT_EQ(inflate_body(whole.substr(0, whole.size() / 2), 1 << 20, out), Inflated::damaged);
    EXPECT_EQ(inflate_body("no gzip at all", 1 << 20, out), Inflated::damaged);
    EXPECT_EQ(inflate_body("", 1 << 20, out), Inflated::damaged);
}

}  // namespace
}  // namespace spillway::live
