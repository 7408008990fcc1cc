// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/lane.h"

#include "server/http/qtserver.h"
#include "tests/server/observe/manualclock.h"

#include <QtHttpServer/QAbstractHttpServer>
#include <QtHttpServer/QHttpServerRequest>
#include <functional>
#include <gtest/gtest.h>
#include <optional>

namespace spillway::http {
namespace {

/// Writes down what QHttpServer makes of the bytes on its lanes.
class Recorder final : public QAbstractHttpServer
{
public:
    Recorder() { bind(announcer_); }
    Lane* lane()
    {
        auto* made = new Lane;
        made->setParent(announcer_);
        announcer_->announce(made);
        return made;
    }
    std::vector<std::string> urls;

protected:
#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)
    bool handleRequest(const QHttpServerRequest& request, QTcpSocket*) override
    {
        return keep(request);
    }
    void missingHandler(const QHttpServerRequest&, QTcpSocket*) override {}
#elif QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
    bool handleRequest(const QHttpServerRequest& request, QHttpServerResponder&) override
    {
        return keep(request);
    }
    void missingHandler(const QHttpServerRequest&, QHttpServerResponder&&) override {}
#else
    bool handleRequest(const QHttpServerRequest& request, QHttpServerResponder&) override
    {
        return keep(request);
    }
    void missingHandler(const QHttpServerRequest&, QHttpServerResponder&) override {}
#endif

private:
    bool keep(const QHttpServerRequest& request)
    {
        const auto url = request.url();
        urls.push_back(url.path().toStdString() + "?" + url.query().toStdString());
        return true;
    }
    LaneServer* announcer_ = new LaneServer;
};

using Urls = std::vector<std::string>;

TEST(Lane, EachFeedIsOneDispatchAndTheLaneIsAsBefore)
{
    Recorder server;
    Lane* lane = server.lane();
    EXPECT_TRUE(lane->healthy());
    Urls expected;
    for (int i = 0; i < 100; ++i) {
        const std::string number = std::to_string(i);
        lane->feed("GET /file" + number + "?n=" + number + " HTTP/1.1\r\nHost: a\r\n\r\n");
        expected.push_back("/file" + number + "?n=" + number);
        ASSERT_TRUE(lane->healthy()) << i;
        ASSERT_EQ(lane->bytesAvailable(), 0);
    }
    EXPECT_EQ(server.urls, expected);
}

TEST(Lane, ManyLanesOfOneServerDoNotMix)
{
    Recorder server;
    std::vector<Lane*> lanes;
    for (int i = 0; i < 40; ++i) // more than QTcpServer's default of waiting connections
        lanes.push_back(server.lane());
    for (int i = 0; i < 40; ++i) {
        lanes[static_cast<std::size_t>(i)]->feed("GET /" + std::to_string(i) +
                                                 " HTTP/1.1\r\nHost: a\r\n\r\n");
        ASSERT_TRUE(lanes[static_cast<std::size_t>(i)]->healthy());
        ASSERT_EQ(server.urls.back(), "/" + std::to_string(i) + "?");
    }
    EXPECT_EQ(server.urls.size(), 40u);
}

/// Heads that the gate would never let through: what they leave behind must show, so that the lane is
/// retired.
TEST(Lane, ABadHeadShowsAndTheNextClientSeesOnlyItsOwn)
{
    for (const std::string bad : {
             "GET /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n",
             "GET /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nshort",
             "GET /bad HTTP/1.1\r\nHost: a\r\n", // no end
             "GET /bad HT",
             "garbage\r\n\r\n",
             "\x16\x03\x01\x02",
         }) {
        SCOPED_TRACE(bad);
        Recorder server;
        Lane* lane = server.lane();
        lane->feed(bad);
        EXPECT_FALSE(lane->healthy());
        lane->retire();
        EXPECT_FALSE(lane->healthy());
        server.urls.clear();
        Lane* next = server.lane();
        next->feed("GET /good HTTP/1.1\r\nHost: b\r\n\r\n");
        EXPECT_EQ(server.urls, Urls{"/good?"});
        EXPECT_TRUE(next->healthy());
    }
}

TEST(Lane, AnAnswerOfQtsOwnMakesItUnhealthy)
{
    Lane lane;
    EXPECT_TRUE(lane.healthy());
    EXPECT_EQ(lane.write("HTTP/1.1 404", 12), 12);
    EXPECT_FALSE(lane.healthy());
    Lane other;
    other.disconnectFromHost();
    EXPECT_FALSE(other.healthy());
}

struct Call final : Dispatch
{
    void dispatched() override
    {
        ++calls;
        if (then)
            then();
    }
    int calls = 0;
    std::function<void()> then;
};

struct QtServerTest : testing::Test
{
    observe::ManualClock clock;
    observe::Metrics metrics{clock};
    observe::WorkerCounters& counters{metrics.addWriter()};
    std::optional<QtServer> made{std::in_place, counters};
    QtServer& server = *made;
    [[nodiscard]] std::int64_t lanes() const { return counters.value(observe::Gauge::Lanes); }
    [[nodiscard]] std::uint64_t retired() const { return counters.value(observe::Counter::LanesRetired); }
};

TEST_F(QtServerTest, OneDispatchForEachRequest)
{
    for (const auto* method : {"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"})
        for (const auto* target : {"/", "/s/a/b.txt?x=1&y", "/%00%ff", "/a%2e%2e/b", "/;:@&=+$,"}) {
            Call call;
            EXPECT_TRUE(server.run(method, target, "host:80", call)) << method << target;
            EXPECT_EQ(call.calls, 1) << method << target;
        }
    EXPECT_EQ(retired(), 0u);
}

/// Whatever Qt makes of these, the caller is told the truth, and the next request is served.
TEST_F(QtServerTest, OddTargetsAndMethodsHarmNobodyElse)
{
    for (const auto* target :
         {"//[", "//", "//a:99999/", "/%", "/%zz", "/\xff\xfe", "/\"<>\\^`{|}", "/#x", "//u@[::1/"})
        for (const auto* method : {"GET", "BREW", "get"}) {
            SCOPED_TRACE(testing::Message() << method << " " << target);
            Call odd;
            const bool once = server.run(method, target, "a", odd);
            EXPECT_EQ(once, odd.calls == 1);
            EXPECT_LE(odd.calls, 1);
            Call next;
            EXPECT_TRUE(server.run("GET", "/next", "b", next));
            EXPECT_EQ(next.calls, 1);
            EXPECT_LE(odd.calls, 1) << "not called for another's request";
        }
}

/// The gate lets no such host through; were there a hole, the body that never comes must not take the next
/// client's request for itself.
TEST_F(QtServerTest, AHeadThatAnnouncesABodyRetiresItsLane)
{
    Call bad;
    (void)server.run("POST", "/bad", "a\r\nContent-Length: 70", bad);
    EXPECT_EQ(retired(), 1u);
    const int before = bad.calls;
    for (int i = 0; i < 3; ++i) {
        Call next;
        EXPECT_TRUE(server.run("GET", "/next", "b", next));
        EXPECT_EQ(next.calls, 1);
    }
    EXPECT_EQ(bad.calls, before);
    EXPECT_EQ(retired(), 1u);
}

TEST_F(QtServerTest, TwoRequestsInOneFeedDispatchOneAndRetire)
{
    Call call;
    (void)server.run("GET", "/a HTTP/1.1\r\nHost: x\r\n\r\nGET /b", "a", call);
    EXPECT_EQ(call.calls, 1) << "a second one of the same bytes is never called";
    EXPECT_EQ(retired(), 1u);
    EXPECT_EQ(lanes(), 0);
}

TEST_F(QtServerTest, RunsInsideARun)
{
    Call outer, middle, inner;
    bool middleOnce = false, innerOnce = false;
    middle.then = [&] { innerOnce = server.run("GET", "/inner", "a", inner); };
    outer.then = [&] { middleOnce = server.run("GET", "/middle/of/some/length", "a", middle); };
    for (int i = 1; i <= 3; ++i) {
        EXPECT_TRUE(server.run("GET", "/outer", "a", outer));
        EXPECT_TRUE(middleOnce);
        EXPECT_TRUE(innerOnce);
        EXPECT_EQ(outer.calls, i);
        EXPECT_EQ(middle.calls, i);
        EXPECT_EQ(inner.calls, i);
        EXPECT_EQ(lanes(), 3) << "one for each depth, kept from then on";
    }
    EXPECT_EQ(retired(), 0u);
    made.reset();
    EXPECT_EQ(lanes(), 0);
}

} // namespace
} // namespace spillway::http
