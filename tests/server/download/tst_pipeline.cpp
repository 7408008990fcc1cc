// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/download/pipelinefixture.h"

namespace spillway::download {
namespace {

using observe::Counter;

TEST_F(PipelineTest, StatusByRoute)
{
    struct Case
    {
        const char* target;
        int status;
    };
    for (const Case& c : {
             Case{"/", 200},
             Case{"/healthz", 200},
             Case{"/readyz", 200},
             Case{"/robots.txt", 200},
             Case{"/favicon.ico", 200},
             Case{"/nothing", 404},
             Case{"/S/open/hello.txt", 404},
             Case{"/s", 404},
             Case{"/s/", 404},
             Case{"/s/open/hello.txt", 200},
             Case{"/s/open/hello.txt?x=y", 200},
             Case{"/s/open/%68ello.txt", 200},
             Case{"/s/open/sub/deep.txt", 200},
             Case{"/s/open", 308},
             Case{"/s/open/", 200},
             Case{"/s/open/sub", 308},
             Case{"/s/open/sub/", 200},
             Case{"/s/open/none", 404},
             Case{"/s/open/.hidden", 404},
             Case{"/s/open/hello.txt/", 404},
             Case{"/s/open//hello.txt", 404},
             Case{"/s/open/../closed/hello.txt", 400},
             Case{"/s/open/%2e%2e/closed/hello.txt", 400},
             Case{"/s/closed/hello.txt", 403},
             Case{"/s/closed/none", 403},
             Case{"/s/closed", 403},
             Case{"/s/closed/", 403},
             Case{"/s/unknown/hello.txt", 403},
             Case{"/s/quiet/hello.txt", 200},
             Case{"/s/quiet/", 403},
             Case{"/s/quiet/sub/", 403},
             Case{"/d/", 400},
             Case{"/d/abc", 403},
             Case{"/d/abc?k=k1", 403},
             Case{"/d/abc?k=k1&k=k1&s=x", 400},
             Case{"/p/open/hello.txt", 403},
             Case{"/p/open/hello.txt?e=0&k=k1&s=x", 403},
             Case{"/p/open/../x?e=0&k=k1&s=x", 400},
         })
        EXPECT_EQ(status(c.target), c.status) << c.target;
}

TEST_F(PipelineTest, StatusByMethod)
{
    struct Case
    {
        const char* method;
        int status;
    };
    for (const Case& c : {Case{"HEAD", 200}, Case{"OPTIONS", 204}, Case{"POST", 405}, Case{"PUT", 405},
                          Case{"DELETE", 405}, Case{"PATCH", 405}, Case{"BREW", 501}}) {
        auto client = send("/s/open/hello.txt", c.method);
        const Answer answer = answerOf(client);
        EXPECT_EQ(answer.status, c.status) << c.method;
        EXPECT_EQ(answer.has("Allow: GET, HEAD, OPTIONS"), c.status == 405 || c.status == 204) << c.method;
    }
}

TEST_F(PipelineTest, TheRootShowsOnlyWhatIsPublic)
{
    const Answer answer = get("/");
    EXPECT_NE(answer.body.find("s/open/"), std::string::npos);
    EXPECT_EQ(answer.body.find("closed"), std::string::npos);
}

TEST_F(PipelineTest, AFileGoesOutThreeTimesTheSame)
{
    for (int i = 0; i < 3; ++i) {
        const Answer answer = get("/s/open/hello.txt");
        EXPECT_EQ(answer.body, "hello from open");
        EXPECT_TRUE(answer.has("Content-Length: 15"));
        EXPECT_TRUE(answer.has("Accept-Ranges: bytes"));
        EXPECT_TRUE(answer.has("X-Content-Type-Options: nosniff"));
        EXPECT_NE(answer.head.find("Cache-Control: public"), std::string::npos) << answer.head;
    }
    EXPECT_EQ(count(Counter::FileCacheMiss), 1u);
    EXPECT_EQ(get("/s/open/hello.txt", "Range: bytes=6-9\r\n").body, "from");
}

TEST_F(PipelineTest, ALinkLetsItsFileThroughAndNothingElse)
{
    const std::string url = link(1, "hello.txt");
    const Answer answer = get(url);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "hello from closed");
    EXPECT_TRUE(answer.has("Cache-Control: private, no-store"));
    EXPECT_TRUE(answer.has("Referrer-Policy: no-referrer"));
    const auto query = url.find('?');
    const std::string path = url.substr(0, query), secret = url.substr(query);
    EXPECT_EQ(status(path), 403) << "without its signature";
    EXPECT_EQ(status(path + "/more" + secret), 403) << "below a file";
    EXPECT_EQ(status("/s/closed/hello.txt" + secret), 403);
    EXPECT_EQ(status(path + secret + "&x-dir=1"), 403) << "a rule that is not known";
}

TEST_F(PipelineTest, AFolderLinkReachesWhatIsBelowIt)
{
    const std::string url = link(1, "sub", true);
    const auto query = url.find('?');
    const std::string path = url.substr(0, query), secret = url.substr(query);
    EXPECT_EQ(get(path + secret).status, 200) << "its listing";
    EXPECT_EQ(get(path + "deep.txt" + secret).body, "deep");
    EXPECT_EQ(status(path + "none" + secret), 404);
    EXPECT_EQ(status(path + "../hello.txt" + secret), 400);
    EXPECT_EQ(status(path + "%2e%2e/hello.txt" + secret), 400);
}

/// Whoever may not see it learns nothing from how he is refused.
TEST_F(PipelineTest, EveryRefusalLooksTheSame)
{
    const std::string good = link(1, "hello.txt");
    link(2, "hello.txt");
    const std::string revoked = link(3, "hello.txt");
    revoke(3);
    const std::string expired = link(4, "hello.txt", false, now() - 1);
    std::string forged = good;
    forged.back() = forged.back() == 'A' ? 'B' : 'A';
    forged[forged.size() - 5] = forged[forged.size() - 5] == 'A' ? 'B' : 'A';
    const std::string unknown =
        auth::makeLinkUrl("http://h", catalog::linkId(99), "hello.txt", false, *keys->current()).substr(8);
    std::string other = good; // the signature of one link on another
    other.replace(3, 16, catalog::linkId(2));
    std::string stranger = good;
    stranger.replace(stranger.find("k=k1"), 4, "k=k2");
    const auto withoutId = [](const Answer& answer) {
        const auto at = answer.body.find("\"request_id\"");
        return answer.body.substr(0, at);
    };
    const std::string first = withoutId(get("/s/closed/hello.txt"));
    for (const auto& url : {revoked, expired, forged, unknown, other, stranger}) {
        const Answer answer = get(url);
        EXPECT_EQ(answer.status, 403) << url;
        EXPECT_EQ(withoutId(answer).substr(0, 60), first.substr(0, 60)) << url;
        EXPECT_EQ(answer.body.size(), get("/s/closed/none").body.size()) << url;
    }
    EXPECT_EQ(status(good), 200);
}

/// A guess is a signature that is wrong; the same one is the same guess. What has merely ended is none.
TEST_F(PipelineTest, OnlyWrongSignaturesAreReported)
{
    const std::string good = link(1, "hello.txt");
    const std::string revoked = link(3, "hello.txt");
    revoke(3);
    for (const std::string& url :
         {good, revoked, link(4, "hello.txt", false, now() - 1), presign("hello.txt", now() - 1),
          std::string("/d/abc?k=k1"), std::string("/d/abc?k=gone&s=x"), std::string("/s/closed/x")})
        (void)get(url);
    EXPECT_TRUE(failures.all.empty());
    std::string forged = good;
    forged[forged.size() - 5] = forged[forged.size() - 5] == 'A' ? 'B' : 'A';
    EXPECT_EQ(status(forged), 403);
    EXPECT_EQ(status(forged), 403);
    EXPECT_EQ(status("/p/open/hello.txt?e=0&k=k1&s=x"), 403);
    ASSERT_EQ(failures.all.size(), 3U);
    EXPECT_EQ(failures.all[0].first, policy::FailureKind::Signature);
    EXPECT_EQ(failures.all[0], failures.all[1]);
    EXPECT_NE(failures.all[0].second, failures.all[2].second);
}

TEST_F(PipelineTest, AForgedLinkCostsNoIO)
{
    std::string forged = link(1, "hello.txt");
    forged[forged.size() - 5] = forged[forged.size() - 5] == 'A' ? 'B' : 'A';
    std::string presigned = presign("hello.txt", now() + 100);
    const auto signature = presigned.find("s=") + 5;
    presigned[signature] = presigned[signature] == 'A' ? 'B' : 'A';
    const auto loads = links->counters().loads;
    for (const auto& url : {forged, presigned})
        for (int i = 0; i < 3; ++i)
            EXPECT_EQ(status(url), 403);
    const auto after = links->counters();
    EXPECT_EQ(after.misses, 0u);
    EXPECT_EQ(after.loads, loads);
    EXPECT_EQ(after.negativeHits, 0u);
    EXPECT_EQ(count(Counter::FileCacheMiss), 0u);
    EXPECT_EQ(count(Counter::ParkedRequests), 0u);
    EXPECT_EQ(cache->size(), 0u);
}

TEST_F(PipelineTest, ALinkExpiresToTheSecond)
{
    const std::int64_t end = now() + 10;
    const std::string url = link(1, "hello.txt", false, end);
    EXPECT_EQ(status(url), 200); // from now on remembered
    harness.clock.advance(std::chrono::seconds(9));
    ASSERT_EQ(now(), end - 1);
    EXPECT_EQ(status(url), 200);
    EXPECT_EQ(status(url), 200);
    harness.clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(status(url), 403) << "n";
    harness.clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(status(url), 403) << "n+1";
}

TEST_F(PipelineTest, APresignedUrlExpiresToTheSecond)
{
    const std::string url = presign("hello.txt", now() + 10);
    EXPECT_EQ(get(url).body, "hello from closed");
    harness.clock.advance(std::chrono::seconds(9));
    EXPECT_EQ(status(url), 200);
    EXPECT_EQ(status(url), 200);
    harness.clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(status(url), 403);
    harness.clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(status(url), 403);
}

TEST_F(PipelineTest, APresignedUrlReachesWhatItSigns)
{
    const std::string file = presign("hello.txt", now() + 100);
    std::string moved = file;
    moved.replace(moved.find("hello.txt"), 9, "sub/deep.txt");
    EXPECT_EQ(status(moved), 403);
    std::string longer = file;
    longer.replace(longer.find("e="), 3, "e=9");
    EXPECT_EQ(status(longer), 403);
    const std::string folder = presign("sub", now() + 100, true);
    const auto query = folder.find('?');
    std::string below = folder;
    below.insert(query, below[query - 1] == '/' ? "deep.txt" : "/deep.txt");
    EXPECT_EQ(get(below).body, "deep");
    EXPECT_EQ(status(presign("hello.txt", now() + 100, false, {}, "unknown")), 403);
}

TEST_F(PipelineTest, AnAddressRuleIsAskedEachTime)
{
    const auto wanted = [&](const char* block) { return presign("hello.txt", now() + 100, false, {block}); };
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(status(wanted("127.0.0.0/8")), 200);
        EXPECT_EQ(status(wanted("192.0.2.0/24")), 403);
    }
}

TEST_F(PipelineTest, ADeniedUrlIsRefusedHoweverItIsSpelled)
{
    const std::string url = presign("hello.txt", now() + 100);
    const std::string other = presign("sub/deep.txt", now() + 100);
    EXPECT_EQ(status(url), 200);
    const auto query = url.find('?');
    const std::string path = url.substr(0, query), rest = url.substr(query + 1);
    auth::PresignedLink link;
    ASSERT_FALSE(auth::parsePresignedLink(path, rest, link));
    catalog::DenyEntry entry;
    entry.digest = denyDigest(link);
    write([&](catalog::Session& s) { return catalog::DenyRepository::add(s, entry); });
    publish();
    EXPECT_EQ(status(url), 403);
    std::string spelled = url;
    spelled.replace(spelled.find("hello"), 5, "%68ello");
    EXPECT_EQ(status(spelled), 403);
    EXPECT_EQ(status(url + "&utm=x"), 403);
    EXPECT_EQ(status(other), 200);
}

TEST_F(PipelineTest, ARememberedTargetAsksNobody)
{
    const std::string url = link(1, "hello.txt");
    EXPECT_EQ(status(url), 200);
    const auto before = links->counters();
    const auto hot = count(Counter::HotCacheHit);
    EXPECT_EQ(get(url).body, "hello from closed");
    const auto after = links->counters();
    EXPECT_EQ(after.hits + after.misses, before.hits + before.misses);
    EXPECT_EQ(count(Counter::HotCacheHit), hot + 1);
}

/// Larger than what is kept in memory, so it is sent from the disk, where the cache does not look each time.
TEST_F(PipelineTest, AKnownFileThatChangedInPlaceIsOpenedAnew)
{
    const std::string path = files.file("open/large.bin");
    catalog::writeFile(path, std::string(100'000, 'a'));
    for (int i = 0; i < 2; ++i)
        ASSERT_EQ(get("/s/open/large.bin").body, std::string(100'000, 'a'));
    catalog::writeFile(path, std::string(90'000, 'b'));
    EXPECT_EQ(get("/s/open/large.bin").body, std::string(90'000, 'b')) << "on a connection that closes";
    EXPECT_EQ(get("/s/open/large.bin").body, std::string(90'000, 'b'));
    catalog::writeFile(path, std::string(50'000, 'c'));
    auto client = harness.connect();
    client.send("GET /s/open/large.bin HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(harness.pollUntil([&] { return client.has(std::string(50'000, 'c')); }));
    EXPECT_TRUE(client.has("Content-Length: 50000\r\n"));
    EXPECT_TRUE(client.has("HTTP/1.1 200 "));
    EXPECT_EQ(count(Counter::EndFileChanged), 0u);
}

/// A target that is remembered must not keep a file open that the file cache has let go.
TEST_F(PipelineTest, ARememberedTargetHoldsNoDescriptor)
{
    const std::string path = files.file("open/hello.txt");
    const auto isOpen = [&] {
        for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
            std::error_code ignored;
            if (std::filesystem::read_symlink(entry.path(), ignored) == path)
                return true;
        }
        return false;
    };
    ASSERT_EQ(status("/s/open/hello.txt"), 200);
    ASSERT_TRUE(isOpen());
    cache->clear();
    EXPECT_FALSE(isOpen());
    EXPECT_EQ(status("/s/open/hello.txt"), 200);
}

TEST_F(PipelineTest, RememberedTargetsAreBounded)
{
    for (int i = 0; i < 100; ++i) // the fixture's bound
        ASSERT_EQ(status("/s/open/hello.txt?n=" + std::to_string(i)), 200);
    EXPECT_EQ(status("/s/open/hello.txt?n=0"), 200) << "one of them again";
    EXPECT_EQ(count(Counter::BoundTargetCache), 0u);
    EXPECT_EQ(status("/s/open/hello.txt?n=100"), 200);
    EXPECT_EQ(count(Counter::BoundTargetCache), 1u);
}

TEST_F(PipelineTest, OverALimitIs429AndStaticPagesAreNotLimited)
{
    using policy::LimitLevel;
    const std::string signedUrl = link(1, "hello.txt");
    for (const LimitLevel level : {LimitLevel::Server, LimitLevel::Share, LimitLevel::Link, LimitLevel::Ip}) {
        policy::LimitFields fields;
        fields.milliRequests = 500;
        fields.burst = 2;
        policy::LimitSet set;
        set.setDefault(level, fields);
        limitTo(set);
        for (int i = 0; i < 2; ++i) // the long way, then the known target
            EXPECT_EQ(status(signedUrl), 200) << policy::limitLevelName(level);
        const Answer refused = get(signedUrl);
        EXPECT_EQ(refused.status, 429);
        EXPECT_TRUE(refused.has("Retry-After: 2")) << refused.head;
        const std::string name(policy::limitLevelName(level));
        EXPECT_TRUE(refused.has("RateLimit-Policy: \"" + name + "\";q=2;w=4")) << refused.head;
        EXPECT_TRUE(refused.has("RateLimit: \"" + name + "\";r=0;t=2")) << refused.head;
        EXPECT_EQ(tree.refused(level), 1U);
        EXPECT_EQ(status("/"), 200);
        EXPECT_EQ(status("/healthz"), 200);
        EXPECT_EQ(status("/s/closed/hello.txt"), 403) << "no access, nothing to count";
        harness.clock.advance(std::chrono::seconds(2));
        EXPECT_EQ(status(signedUrl), 200) << "as Retry-After said";
        EXPECT_EQ(status(signedUrl), 429);
        limitTo({});
        EXPECT_EQ(status(signedUrl), 200);
    }
}

TEST_F(PipelineTest, ARevokedLinkIsRefusedAtOnce)
{
    const std::string url = link(1, "hello.txt");
    EXPECT_EQ(status(url), 200);
    EXPECT_EQ(status(url), 200);
    revoke(1);
    EXPECT_EQ(status(url), 403);
    EXPECT_EQ(status(url), 403);
}

TEST_F(PipelineTest, AShareThatIsClosedIsRefusedAtOnce)
{
    EXPECT_EQ(status("/s/open/hello.txt"), 200);
    change("open", [](catalog::Share& share) { share.isPublic = false; });
    EXPECT_EQ(status("/s/open/hello.txt"), 403);
    change("open", [&](catalog::Share& share) {
        share.isPublic = true;
        share.path = files.file("closed");
    });
    EXPECT_EQ(get("/s/open/hello.txt").body, "hello from closed") << "another folder, another file";
}

/// The change comes between the decision and the file: this one answer may go out, but it must not be
/// remembered as if it had been made after the change.
TEST_F(PipelineTest, WhatWasAllowedBeforeAChangeIsNotRememberedAfterIt)
{
    const std::string url = link(1, "hello.txt");
    {
        auto gate = block();
        auto early = send(url);
        ASSERT_TRUE(harness.pollUntil([&] { return count(Counter::FileCacheMiss) == 1; }));
        revoke(1);
        EXPECT_EQ(status("/healthz"), 200); // the worker hears of the change
        gate.set_value();
        (void)answerOf(early);
    }
    EXPECT_EQ(status(url), 403);
    {
        auto gate = block();
        auto early = send("/s/open/hello.txt");
        ASSERT_TRUE(harness.pollUntil([&] { return count(Counter::FileCacheMiss) == 2; }));
        change("open", [](catalog::Share& share) { share.isPublic = false; });
        EXPECT_EQ(status("/healthz"), 200);
        gate.set_value();
        (void)answerOf(early);
    }
    EXPECT_EQ(status("/s/open/hello.txt"), 403);
}

TEST_F(PipelineTest, AFullPoolAndALostFolderAre503)
{
    {
        auto gate = block();
        while (pool->submit([] {})) {
        }
        const Answer busy = get("/s/open/hello.txt");
        EXPECT_EQ(busy.status, 503);
        EXPECT_TRUE(busy.has("Retry-After: 5"));
        gate.set_value();
    }
    ASSERT_TRUE(harness.pollUntil([&] { return pool->queued() == 0; }));
    EXPECT_EQ(status("/s/open/hello.txt"), 200);
    std::filesystem::remove_all(files.file("quiet"));
    const Answer gone = get("/s/quiet/hello.txt");
    EXPECT_EQ(gone.status, 503);
    EXPECT_TRUE(gone.has("Retry-After: 30"));
}

} // namespace
} // namespace spillway::download
