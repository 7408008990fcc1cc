// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/download/pipelinefixture.h"

namespace spillway::download {
namespace {

/// Downloads too large for the kernel's buffers, whose client does not read on: they go out for as long as
/// the test likes.
struct RunningAnswersTest : PipelineTest
{
    static constexpr std::uintmax_t kSize = std::uintmax_t{64} << 20;

    RunningAnswersTest()
    {
        catalog::writeFile(files.file("closed/big"), "");
        std::filesystem::resize_file(files.file("closed/big"), kSize);
    }
    net::TestClient start(std::string_view target, std::string_view fields = {})
    {
        byLink = target.starts_with("/d/");
        auto client = send(target, "GET", fields);
        EXPECT_TRUE(harness.pollUntil([&] { return client.has("\r\n\r\n"); }));
        EXPECT_EQ(client.received.substr(0, 12), "HTTP/1.1 200") << client.received.substr(0, 300);
        return client;
    }
    /// Whether the answer still goes out after the rules were looked at. A link's record may have to be read
    /// before anything can be said.
    bool runs(net::TestClient& client)
    {
        EXPECT_TRUE(harness.pollUntil([this] {
            pipeline->enforce();
            return harness.open.load() == 0 || !byLink || links->peek(catalog::linkId(1));
        }));
        pipeline->enforce();
        harness.settle();
        const bool open = harness.open.load() > 0;
        if (!open) {
            EXPECT_TRUE(harness.pollUntil([&] { return client.ended(); }));
            EXPECT_LT(client.received.size(), kSize);
        }
        return open;
    }
    bool byLink = false; ///< the last download is one of link 1
    void edit(int number, const std::function<void(catalog::Link&)>& change)
    {
        write([&](catalog::Session& s) -> Result<catalog::Link> {
            auto link = catalog::LinkRepository::find(s, catalog::linkId(number));
            change(**link);
            return catalog::LinkRepository::update(s, **link);
        });
        pipeline->linksChanged({catalog::linkId(number)}); // as the engine does
    }
};

TEST_F(RunningAnswersTest, ATokensDownloadEndsWithIt)
{
    const std::string text = token("t", 1, {}, now() + 100);
    const std::string fields = "Authorization: Bearer " + text + "\r\n";
    auto client = start("/s/closed/big", fields);
    EXPECT_TRUE(runs(client));
    token("other", 1);
    EXPECT_TRUE(runs(client)) << "another change";
    revokeToken("t");
    EXPECT_FALSE(runs(client));

    const std::string brief = token("brief", 1, {}, now() + 10);
    auto second = start("/s/closed/big", "Authorization: Bearer " + brief + "\r\n");
    harness.clock.advance(std::chrono::seconds(9));
    EXPECT_TRUE(runs(second));
    harness.clock.advance(std::chrono::seconds(1));
    EXPECT_FALSE(runs(second));
}

TEST_F(RunningAnswersTest, ALinksDownloadFollowsItsRules)
{
    struct Case
    {
        const char* what;
        std::function<void()> change;
        bool goesOn;
    };
    const std::string url = link(1, "big", false, now() + 1000);
    const std::vector<Case> cases{
        {"a note", [this] { edit(1, [](auto& l) { l.note = "x"; }); }, true},
        {"a later end", [this] { edit(1, [&](auto& l) { l.expiresAt = now() + 2000; }); }, true},
        {"a block that has the client", [this] { edit(1, [](auto& l) { l.allow = {"127.0.0.0/8"}; }); },
         true},
        {"another link", [this] { link(2, "hello.txt"), revoke(2); }, true},
        {"a block without the client", [this] { edit(1, [](auto& l) { l.allow = {"10.0.0.0/8"}; }); }, false},
        {"an end that has passed",
         [this] { edit(1, [&](auto& l) { l.allow.clear(), l.expiresAt = now(); }); }, false},
        {"a password",
         [this] { edit(1, [&](auto& l) { l.expiresAt.reset(), l.passwordHash = "$argon2id$x"; }); }, false},
        {"its key",
         [this] {
             keys = *auth::KeyRing::make({catalog::someKey("k2", true)});
             publish();
         },
         false},
        {"revoked", [this] { revoke(1); }, false},
    };
    for (const Case& c : cases) {
        edit(1, [this](auto& l) { l.allow.clear(), l.passwordHash.clear(), l.expiresAt = now() + 1000; });
        keys = *auth::KeyRing::make({catalog::someKey("k1", true)});
        publish();
        auto client = start(url);
        EXPECT_TRUE(runs(client)) << c.what;
        c.change();
        EXPECT_EQ(runs(client), c.goesOn) << c.what;
        client.close();
        EXPECT_TRUE(harness.pollUntil([&] { return harness.open.load() == 0; }));
    }
}

TEST_F(RunningAnswersTest, ALinksOwnTimeEndsIt)
{
    auto client = start(link(1, "big", false, now() + 10));
    harness.clock.advance(std::chrono::seconds(9));
    EXPECT_TRUE(runs(client));
    harness.clock.advance(std::chrono::seconds(1));
    EXPECT_FALSE(runs(client));
}

TEST_F(RunningAnswersTest, APresignedUrlsDownloadEndsWhenItIsTakenBack)
{
    auto client = start(presign("big", now() + 1000));
    EXPECT_TRUE(runs(client));
    keys = *auth::KeyRing::make({catalog::someKey("k2", true)});
    publish();
    EXPECT_FALSE(runs(client));
}

TEST_F(RunningAnswersTest, AWithdrawnShareEndsAllThatNeededARight)
{
    const std::string text = token("t", 1);
    auto byToken = start("/s/closed/big", "Authorization: Bearer " + text + "\r\n");
    write([this](catalog::Session& s) { return catalog::ShareRepository::remove(s, shares["closed"].id); });
    publish();
    EXPECT_FALSE(runs(byToken));
}

/// The second request takes the shortest way, through the target cache.
TEST_F(RunningAnswersTest, AKnownTargetIsFollowedToo)
{
    const std::string url = link(1, "big");
    start(url).close();
    EXPECT_TRUE(harness.pollUntil([&] { return harness.open.load() == 0; }));
    auto client = start(url);
    revoke(1);
    EXPECT_FALSE(runs(client));
}

TEST_F(RunningAnswersTest, TellsWhenItHasSomethingToDo)
{
    std::vector<bool> told;
    pipeline->onRunning([&told](bool any) { told.push_back(any); });
    const std::string url = link(1, "big");
    start("/s/open/hello.txt").close();
    auto first = start(url), second = start(url);
    EXPECT_EQ(told, std::vector<bool>{true});
    first.close();
    second.close();
    EXPECT_TRUE(harness.pollUntil([&] { return harness.open.load() == 0; }));
    EXPECT_EQ(told, (std::vector<bool>{true, false}));
    pipeline->onRunning({});
}

TEST_F(RunningAnswersTest, ARateThatChangesHoldsAtOnce)
{
    const std::string url = link(1, "big");
    edit(1, [](auto& l) { l.rate = BytesPerSecond{1}; });
    auto client = start(url); // at one byte a second it would take years
    EXPECT_LT(client.received.size(), 128 * 1024U);
    edit(1, [](auto& l) { l.rate = BytesPerSecond{0}; });
    EXPECT_TRUE(runs(client));
    EXPECT_TRUE(harness.pollUntil([&] {
        harness.advance(std::chrono::milliseconds(20));
        return client.ended();
    }));
    EXPECT_GE(client.received.size(), kSize);
}

} // namespace
} // namespace spillway::download
