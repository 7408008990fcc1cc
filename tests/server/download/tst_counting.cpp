// SPDX-License-Identifier: GPL-3.0-or-later
// A download is counted once per recipient: real connections through the whole pipeline.
#include "server/download/grant.h"
#include "tests/server/download/pipelinefixture.h"
#include "tests/server/net/senderfakes.h"

namespace spillway::download {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

struct CountingTest : PipelineTest
{
    CountingTest()
    {
        catalog::writeFile(files.file("closed/big.bin"), content);
        catalog::writeFile(files.file("closed/empty"), "");
    }
    std::string limited(int number, std::int64_t most, std::string path = "hello.txt", bool isFolder = false)
    {
        std::string url = link(number, std::move(path), isFolder);
        auto record = found(number);
        record.maxDownloads = most;
        write([&](catalog::Session& s) { return catalog::LinkRepository::update(s, record); });
        return url;
    }
    catalog::Link found(int number)
    {
        return **catalog
                     ->read([&](catalog::Session& s) {
                         return catalog::LinkRepository::find(s, catalog::linkId(number));
                     })
                     .get();
    }
    /// Counted so far, once everything is saved.
    std::int64_t downloads(int number)
    {
        EXPECT_TRUE(recipients->save());
        return found(number).downloads;
    }
    std::vector<catalog::Receipt> receipts(int number)
    {
        EXPECT_TRUE(recipients->save());
        return catalog
            ->read([&](catalog::Session& s) {
                return catalog::ReceiptRepository::list(s, catalog::linkId(number), 0, 100);
            })
            .get()
            .value();
    }
    /// Everybody comes from 127.0.0.1; another one comes with a grant.
    std::string as(const std::string& name, int number, std::int64_t lasting = 1000)
    {
        return "Cookie: theme=dark; spillway-grant=" +
               makeGrant(*signer, catalog::linkId(number), name, now() + lasting) + "\r\n";
    }
    /// Waits until what the last answers brought has been acknowledged.
    void settleArrivals()
    {
        for (int i = 0; i < 5; ++i) {
            harness.settle();
            harness.advance(std::chrono::milliseconds(600));
        }
    }

    const std::string content = net::pattern(100'000);
};

TEST_F(CountingTest, OnceForWhateverHeTakes)
{
    const std::string url = link(1, "big.bin");
    const std::string tag = [&] {
        const Answer answer = get(url);
        EXPECT_EQ(answer.body, content);
        const auto at = answer.head.find("ETag: ") + 6;
        return answer.head.substr(at, answer.head.find('\r', at) - at);
    }();
    EXPECT_EQ(downloads(1), 1);
    struct Case
    {
        const char* method;
        std::string fields;
        int status;
    };
    for (const Case& c : {
             Case{"GET", "", 200},
             Case{"GET", "Range: bytes=0-9\r\n", 206},
             Case{"GET", "Range: bytes=0-9,500-600\r\n", 206},
             Case{"GET", "Range: bytes=200000-\r\n", 416},
             Case{"GET", "If-None-Match: " + tag + "\r\n", 304},
             Case{"GET", "If-Match: \"other\"\r\n", 412},
             Case{"GET", "If-Range: \"other\"\r\nRange: bytes=0-9\r\n", 200},
             Case{"HEAD", "", 200},
         }) {
        auto client = send(url, c.method, c.fields);
        EXPECT_EQ(answerOf(client).status, c.status) << c.method << c.fields;
        EXPECT_EQ(downloads(1), 1) << c.method << c.fields;
    }
    EXPECT_EQ(get(url + "&dl", {}).status, 200);
    EXPECT_EQ(get(url + "&utm=1", {}).status, 200);
    EXPECT_EQ(downloads(1), 1);
}

TEST_F(CountingTest, WhatSendsNoByteCountsNothing)
{
    const std::string url = limited(1, 1, "big.bin");
    struct Case
    {
        const char* method;
        const char* fields;
        int status;
    };
    for (const Case& c : {
             Case{"HEAD", "", 200},
             Case{"HEAD", "Range: bytes=0-9\r\n", 200},
             Case{"GET", "Range: bytes=200000-\r\n", 416},
             Case{"GET", "If-Match: \"other\"\r\n", 412},
             Case{"GET", "If-None-Match: *\r\n", 304},
             Case{"OPTIONS", "", 204},
             Case{"POST", "", 303},
         }) {
        auto client = send(url, c.method, c.fields);
        EXPECT_EQ(answerOf(client).status, c.status) << c.method << c.fields;
    }
    EXPECT_EQ(downloads(1), 0);
    EXPECT_TRUE(receipts(1).empty());
    EXPECT_EQ(get(url, "Range: bytes=5-5\r\n").status, 206);
    EXPECT_EQ(downloads(1), 1) << "one byte is a download";
    const std::string empty = limited(2, 1, "empty");
    EXPECT_EQ(get(empty).status, 200);
    EXPECT_EQ(downloads(2), 0) << "no byte, no download";
}

TEST_F(CountingTest, AUsedUpLinkOpensForThoseItWasCountedFor)
{
    const std::string url = limited(1, 2);
    EXPECT_EQ(get(url).status, 200);
    EXPECT_EQ(get(url, as("bob", 1)).status, 200);
    for (int i = 0; i < 2; ++i) {
        const Answer refused = get(url, as("eve", 1));
        EXPECT_EQ(refused.status, 403);
        EXPECT_EQ(refused.body.find("hello"), std::string::npos);
        auto head = send(url, "HEAD", as("eve", 1));
        EXPECT_EQ(answerOf(head).status, 403);
        EXPECT_EQ(get(url, "If-None-Match: *\r\n" + as("eve", 1)).status, 403);
        EXPECT_EQ(get(url).status, 200);
        EXPECT_EQ(get(url, as("bob", 1)).status, 200);
        EXPECT_EQ(get(url, "Range: bytes=0-1\r\n" + as("bob", 1)).status, 206);
    }
    EXPECT_EQ(downloads(1), 2);
}

TEST_F(CountingTest, TheCountIsOnTheDiskBeforeTheFirstByte)
{
    const std::string url = limited(1, 3);
    std::promise<void> gate;
    auto busy = catalog->write([wait = gate.get_future().share()](catalog::Session&) -> Result<bool> {
        wait.wait();
        return true;
    });
    auto client = send(url);
    ASSERT_TRUE(harness.pollUntil([&] { return count(observe::Counter::FileCacheMiss) == 1; }));
    harness.settle();
    client.read();
    EXPECT_EQ(client.received, "") << "the catalog has not said yes";
    EXPECT_EQ(found(1).downloads, 0);
    gate.set_value();
    EXPECT_EQ(answerOf(client).status, 200);
    EXPECT_EQ(found(1).downloads, 1);
    // Who was counted does not wait again.
    std::promise<void> again;
    auto busyAgain = catalog->write([wait = again.get_future().share()](catalog::Session&) -> Result<bool> {
        wait.wait();
        return true;
    });
    EXPECT_EQ(get(url).status, 200);
    again.set_value();
}

TEST_F(CountingTest, TwoRaceForTheLastOne)
{
    for (int number = 1; number <= 10; ++number) {
        const std::string url = limited(number, 1);
        auto first = send(url, "GET", as("ann", number));
        auto second = send(url, "GET", as("bob", number));
        const int a = answerOf(first).status, b = answerOf(second).status;
        EXPECT_EQ(std::minmax(a, b), (std::pair<const int&, const int&>(200, 403)));
        EXPECT_EQ(downloads(number), 1);
    }
}

TEST_F(CountingTest, ParallelRangesOfOneRecipientAreOneDownload)
{
    const std::string url = limited(1, 1, "big.bin");
    std::vector<net::TestClient> clients;
    for (int i = 0; i < 8; ++i)
        clients.push_back(send(url, "GET", "Range: bytes=" + std::to_string(i * 1000) + "-\r\n"));
    for (auto& client : clients)
        EXPECT_EQ(answerOf(client).status, 206);
    EXPECT_EQ(downloads(1), 1);
}

TEST_F(CountingTest, AClientThatLeavesWhileItIsCountedHarmsNobody)
{
    const std::string url = limited(1, 1);
    std::promise<void> gate;
    auto busy = catalog->write([wait = gate.get_future().share()](catalog::Session&) -> Result<bool> {
        wait.wait();
        return true;
    });
    {
        auto client = send(url);
        ASSERT_TRUE(harness.pollUntil([&] { return count(observe::Counter::FileCacheMiss) == 1; }));
        harness.settle();
    }
    harness.settle();
    gate.set_value();
    EXPECT_EQ(get(url).status, 200) << "the same address comes back";
    EXPECT_EQ(downloads(1), 1);
}

TEST_F(CountingTest, ACatalogThatCannotCountIs503)
{
    const std::string url = limited(1, 3), open = link(2, "hello.txt");
    write([](catalog::Session& s) {
        return s.execute("CREATE TRIGGER stop BEFORE INSERT ON receipts BEGIN SELECT RAISE(FAIL, 'no'); END");
    });
    const Answer answer = get(url);
    EXPECT_EQ(answer.status, 503);
    EXPECT_TRUE(answer.has("Retry-After: 5"));
    EXPECT_EQ(get(open).status, 200) << "nothing to fail closed for";
    write([](catalog::Session& s) { return s.execute("DROP TRIGGER stop"); });
    EXPECT_EQ(get(url).status, 200);
    EXPECT_EQ(downloads(1), 1);
    EXPECT_EQ(downloads(2), 1);
}

TEST_F(CountingTest, ARecipientEndsWithTime)
{
    const std::string url = limited(1, 2, "big.bin");
    EXPECT_EQ(get(url, "Range: bytes=0-9\r\n").status, 206);
    harness.clock.advance(hours(24) - seconds(1));
    EXPECT_EQ(get(url, "Range: bytes=10-19\r\n").status, 206);
    EXPECT_EQ(downloads(1), 1);
    harness.clock.advance(hours(24));
    EXPECT_EQ(get(url).status, 200);
    EXPECT_EQ(downloads(1), 2);
    settleArrivals();
    EXPECT_TRUE(recipients->save());
    harness.clock.advance(hours(1));
    EXPECT_EQ(get(url).status, 403) << "he has it all, and an hour has passed";
}

TEST_F(CountingTest, AReceiptSaysWhatArrived)
{
    const std::string url = link(1, "big.bin");
    EXPECT_EQ(get(url, "Range: bytes=10-19\r\n").status, 206);
    EXPECT_EQ(get(url, "Range: bytes=0-4,1000-1099,99990-\r\n").status, 206);
    settleArrivals();
    auto all = receipts(1);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].recipient, "127.0.0.1");
    EXPECT_EQ(all[0].finishedAt, std::nullopt);
    ASSERT_EQ(all[0].files.size(), 1u);
    EXPECT_EQ(all[0].files[0].path, "");
    EXPECT_EQ(all[0].files[0].size, 100'000);
    const auto pieces = all[0].files[0].arrived.pieces();
    EXPECT_EQ(std::vector(pieces.begin(), pieces.end()),
              (std::vector<policy::RangeUnion::Piece>{{0, 5}, {10, 20}, {1000, 1100}, {99'990, 100'000}}));
    EXPECT_EQ(get(url).body, content);
    settleArrivals();
    all = receipts(1);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_TRUE(all[0].finishedAt);
    EXPECT_EQ(all[0].files[0].arrived.covered(), 100'000u);
}

TEST_F(CountingTest, WhatNeverArrivedIsNotClaimed)
{
    catalog::writeFile(files.file("closed/large.bin"), std::string(8'000'000, 'x'));
    const std::string url = link(1, "large.bin");
    {
        auto client = harness.connect(4096);
        client.send("GET " + url + " HTTP/1.1\r\nHost: h\r\n\r\n");
        ASSERT_TRUE(harness.pollUntil([&] { return client.read(1000) > 0; }));
        harness.settle();
    } // it leaves with bytes unread
    ASSERT_TRUE(harness.pollUntil([&] { return harness.open == 0; }));
    const auto all = receipts(1);
    ASSERT_EQ(all.size(), 1u);
    ASSERT_EQ(all[0].files.size(), 1u);
    EXPECT_LT(all[0].files[0].arrived.covered(), 1'000'000u) << "the kernel alone had more";
    EXPECT_EQ(all[0].finishedAt, std::nullopt);
}

TEST_F(CountingTest, AFolderIsOneDownload)
{
    const std::string url = limited(1, 1, "sub", true);
    const auto query = url.find('?');
    const auto at = [&](const std::string& name) { return url.substr(0, query) + name + url.substr(query); };
    EXPECT_EQ(get(url).status, 200) << "its listing";
    EXPECT_EQ(downloads(1), 0);
    catalog::writeFile(files.file("closed/sub/other.txt"), "other");
    EXPECT_EQ(get(at("deep.txt")).body, "deep");
    EXPECT_EQ(get(at("other.txt")).body, "other");
    EXPECT_EQ(downloads(1), 1);
    EXPECT_EQ(get(url).status, 200);
    EXPECT_EQ(get(url, as("bob", 1)).status, 403) << "used up: not even its listing";
    EXPECT_EQ(get(at("deep.txt"), as("bob", 1)).status, 403);
    settleArrivals();
    const auto all = receipts(1);
    ASSERT_EQ(all.size(), 1u);
    ASSERT_EQ(all[0].files.size(), 2u);
    EXPECT_EQ(all[0].files[0].path, "deep.txt");
    EXPECT_TRUE(all[0].files[0].arrived.coversAll(4));
    EXPECT_EQ(all[0].files[1].path, "other.txt");
}

TEST_F(CountingTest, AGrantNamesItsRecipientAndOpensNothing)
{
    const std::string url = limited(1, 1);
    EXPECT_EQ(get(url).status, 200);
    EXPECT_EQ(get(url, as("127.0.0.1", 1)).status, 200) << "he again, from wherever";
    EXPECT_EQ(get(url + "&g=" + makeGrant(*signer, catalog::linkId(1), "127.0.0.1", now() + 9)).status, 200);
    EXPECT_EQ(get(url + "&g=" + makeGrant(*signer, catalog::linkId(1), "bob", now() + 9)).status, 403);
    // Those that are no grants are as if they were not there: the address counts, and was counted.
    const std::string good = makeGrant(*signer, catalog::linkId(1), "bob", now() + 9);
    const std::string foreign = makeGrant(*signer, catalog::linkId(2), "bob", now() + 9);
    const std::string over = makeGrant(*signer, catalog::linkId(1), "bob", now());
    std::string forged = good;
    forged[10] = forged[10] == 'A' ? 'B' : 'A';
    const auth::ValueSigner other(std::string(32, 'w'));
    for (const std::string& grant :
         {foreign, over, forged, std::string("x"), std::string(), good + "A",
          makeGrant(other, catalog::linkId(1), "bob", now() + 9),
          signer->sign(auth::ValueKind::SignIn, catalog::linkId(1) + "bob", now() + 9)}) {
        EXPECT_EQ(get(url + "&g=" + grant).status, 200) << grant;
        EXPECT_EQ(get(url, "Cookie: spillway-grant=" + grant + "\r\n").status, 200) << grant;
    }
    const std::string path = url.substr(0, url.find('?'));
    EXPECT_EQ(get(path + "?g=" + good).status, 403) << "it is no signature";
    EXPECT_EQ(downloads(1), 1);
}

TEST_F(CountingTest, ABrowserIsGivenOneOnce)
{
    const std::string url = link(1, "hello.txt");
    const std::string browser = "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0\r\n";
    const Answer first = get(url, browser);
    const auto at = first.head.find("\r\nSet-Cookie: spillway-grant=");
    ASSERT_NE(at, std::string::npos) << first.head;
    const std::string cookie = first.head.substr(at + 14, first.head.find(';', at) - at - 14);
    EXPECT_NE(first.head.find("HttpOnly; SameSite=Lax"), std::string::npos);
    const std::string value = cookie.substr(cookie.find('=') + 1);
    EXPECT_EQ(signer->open(auth::ValueKind::Grant, value, now()), catalog::linkId(1) + "127.0.0.1");
    EXPECT_EQ(get(url, browser).head.find("Set-Cookie"), std::string::npos);
    EXPECT_EQ(get(url, browser + "Cookie: " + cookie + "\r\n").head.find("Set-Cookie"), std::string::npos);
    EXPECT_EQ(get(link(2, "hello.txt"), "User-Agent: curl/8.0\r\n").head.find("Set-Cookie"),
              std::string::npos);
    EXPECT_EQ(get("/s/open/hello.txt", browser).head.find("Set-Cookie"), std::string::npos);
    EXPECT_EQ(downloads(1), 1);
}

TEST_F(CountingTest, APreviewGetsAPageAndCountsNothing)
{
    const std::string url = limited(1, 1, "big.bin"), folder = link(2, "sub", true);
    struct Case
    {
        const char* agent;
        bool isBot;
    };
    for (const Case& c : {
             Case{"WhatsApp/2.23.20.0", true},
             Case{"TelegramBot (like TwitterBot)", true},
             Case{"Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", true},
             Case{"Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", true},
             Case{"facebookexternalhit/1.1 Facebot Twitterbot/1.0", true},
             Case{"Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5", true},
             Case{"LINKEDINBOT/1.0", true},
             Case{"Mozilla/5.0 (iPhone) AppleWebKit/605 [LinkedInApp]/9.1", false},
             Case{"Mozilla/5.0 (Linux; Android 14) Snapchat/12.6", false},
             Case{"Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", false},
             Case{"curl/8.0", false},
             Case{"", false},
         })
        EXPECT_EQ(isPreviewBot(c.agent), c.isBot) << c.agent;
    const std::string bot = "User-Agent: WhatsApp/2.23.20.0 N\r\n";
    for (const auto& fields : {bot, bot + "Range: bytes=0-9\r\n", bot + "If-None-Match: *\r\n"}) {
        const Answer page = get(url, fields);
        EXPECT_EQ(page.status, 200);
        EXPECT_TRUE(page.has("Content-Type: text/html; charset=utf-8")) << page.head;
        EXPECT_NE(page.body.find("big.bin"), std::string::npos);
        EXPECT_NE(page.body.find("97 KiB"), std::string::npos) << page.body;
        EXPECT_EQ(page.body.find(content.substr(0, 20)), std::string::npos);
    }
    EXPECT_NE(get(folder, bot).body.find("Folder"), std::string::npos);
    EXPECT_EQ(downloads(1), 0);
    EXPECT_EQ(get(url).status, 200);
    EXPECT_EQ(get(url).status, 200);
    EXPECT_EQ(get(url, bot).body.find(content.substr(0, 20)), std::string::npos)
        << "nor from an address that is remembered";
    EXPECT_EQ(downloads(1), 1);
    EXPECT_EQ(get("/s/open/hello.txt", bot).body, "hello from open") << "public files are as they are";
}

TEST_F(CountingTest, NamesInAPreviewAreHarmless)
{
    const std::string name = "<script>\"'&.txt";
    catalog::writeFile(files.file("closed/" + name), "x");
    const Answer page = get(link(1, name), "User-Agent: Slackbot 1.0\r\n");
    EXPECT_EQ(page.body.find("<script>"), std::string::npos);
    EXPECT_NE(page.body.find("&lt;script&gt;"), std::string::npos);
}

TEST_F(CountingTest, WhoHasItAllTakesTheShortestWay)
{
    const std::string url = link(1, "hello.txt"), most = limited(2, 5);
    for (const auto& target : {url, most}) {
        EXPECT_EQ(get(target).status, 200);
        settleArrivals();
        EXPECT_EQ(get(target).status, 200) << "the file itself is looked at again after a while";
        const auto before = links->counters();
        for (int i = 0; i < 3; ++i)
            EXPECT_EQ(get(target).status, 200);
        const auto after = links->counters();
        EXPECT_EQ(after.hits + after.misses, before.hits + before.misses) << "no record was looked for";
    }
    EXPECT_EQ(downloads(1), 1);
    EXPECT_EQ(downloads(2), 1);
    harness.clock.advance(hours(1));
    EXPECT_EQ(get(most).status, 200);
    EXPECT_EQ(downloads(2), 2) << "another download is counted, remembered or not";
}

TEST(RecipientName, IsAnAddressOrItsNetwork)
{
    const auto name = [](std::initializer_list<int> bytes) {
        net::PeerAddress client;
        std::transform(bytes.begin(), bytes.end(), client.address.begin(),
                       [](int b) { return static_cast<std::uint8_t>(b); });
        return recipientName(client);
    };
    EXPECT_EQ(name({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 7}), "192.0.2.7");
    EXPECT_EQ(name({0x20, 1, 0xd, 0xb8, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 9}), "2001:db8:1:2::/64");
    EXPECT_EQ(name({0x20, 1, 0xd, 0xb8, 0, 1, 0, 2, 0xff, 0, 0, 0, 0, 0, 0, 1}), "2001:db8:1:2::/64");
    EXPECT_EQ(name({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}), "::/64");
}

TEST(FilePieces, MapABodyToItsFile)
{
    const std::vector<BodyPiece> pieces{{10, 0, 5}, {25, 100, 50}, {90, 7, 3}};
    struct Case
    {
        std::uint64_t bytes;
        std::vector<policy::RangeUnion::Piece> expected;
    };
    for (const Case& c : {
             Case{0, {}},
             Case{10, {}},
             Case{11, {{0, 1}}},
             Case{15, {{0, 5}}},
             Case{25, {{0, 5}}},
             Case{26, {{0, 5}, {100, 101}}},
             Case{75, {{0, 5}, {100, 150}}},
             Case{90, {{0, 5}, {100, 150}}},
             Case{93, {{0, 5}, {100, 150}, {7, 10}}},
             Case{1000, {{0, 5}, {100, 150}, {7, 10}}},
         })
        EXPECT_EQ(filePieces(pieces, c.bytes), c.expected) << c.bytes;
    const std::vector<http::ByteRange> one{{5, 9}};
    EXPECT_EQ(bodyPieces(one, {"b", "t", 100}).front().at, 0u);
}

} // namespace
} // namespace spillway::download
