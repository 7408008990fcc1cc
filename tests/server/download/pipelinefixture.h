// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/linkurl.h"
#include "server/catalog/denyrepository.h"
#include "server/catalog/linkcache.h"
#include "server/catalog/tokenrepository.h"
#include "server/download/denydigest.h"
#include "server/download/pipeline.h"
#include "server/http/session.h"
#include "tests/server/catalog/catalogfixture.h"
#include "tests/server/net/workerharness.h"

#include <future>
#include <optional>

namespace spillway::download {

struct Answer
{
    int status = 0;
    std::string head, body;
    [[nodiscard]] bool has(std::string_view line) const
    {
        return head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
    }
    /// The value of the first field of this name; empty where there is none.
    [[nodiscard]] std::string field(const std::string& name) const
    {
        const auto at = head.find("\r\n" + name + ": ");
        if (at == std::string::npos)
            return {};
        const auto start = at + name.size() + 4;
        return head.substr(start, head.find('\r', start) - start);
    }
};

/// What was reported as a guess.
struct RecordedFailures final : policy::FailureSink
{
    void failed(const std::array<std::uint8_t, 16>&, policy::FailureKind kind, std::uint64_t what) override
    {
        all.emplace_back(kind, what);
    }
    std::vector<std::pair<policy::FailureKind, std::uint64_t>> all;
};

/// The whole way of a request: socket, session, pipeline, file cache, a catalog on disk. Shares: "open" is
/// public, "closed" is not, "quiet" is public without listings; each has hello.txt, sub/deep.txt and .hidden.
struct PipelineTest : testing::Test
{
    template<class F>
    auto write(F f)
    {
        auto result = catalog->write(std::move(f)).get();
        EXPECT_TRUE(result) << result.error().message;
        if constexpr (!std::is_same_v<decltype(result), Result<void>>)
            return *result;
    }

    PipelineTest()
    {
        for (const std::string name : {"open", "closed", "quiet"}) {
            std::filesystem::create_directories(files.file(name + "/sub"));
            catalog::writeFile(files.file(name + "/hello.txt"), "hello from " + name);
            catalog::writeFile(files.file(name + "/sub/deep.txt"), "deep");
            catalog::writeFile(files.file(name + "/.hidden"), "x");
        }
        health.setStarted();
        auto opened = catalog::Catalog::open(data.path(), harness.clock);
        EXPECT_TRUE(opened);
        catalog = std::move(*opened);
        links.emplace(*catalog, catalog::MetadataCacheOptions{});
        recipients.emplace(*catalog, harness.clock, recipientOptions());
        changes = catalog->onChange([this](const catalog::ChangeSet& made) {
            if (made.touchesRules())
                board.invalidate();
        });
        keys = *auth::KeyRing::make({catalog::someKey("k1", true)});
        write([](catalog::Session& s) { return catalog::KeyRepository::insert(s, catalog::someKey()); });
        for (const std::string name : {"open", "closed", "quiet"}) {
            catalog::Share share;
            share.name = name;
            share.path = files.file(name);
            share.isPublic = name != "closed";
            share.listing = name != "quiet";
            shares[name] =
                write([&](catalog::Session& s) { return catalog::ShareRepository::add(s, share); });
        }
        publish();
        const body::Post post = [this](std::function<void()> task) { harness.worker.post(std::move(task)); };
        cache.emplace(body::FileCache::Options{}, *pool, preloader, types, post, harness.clock,
                      harness.counters);
        pipeline.emplace(SharedParts{board, *links, *recipients, *pool, tree, health, harness.clock,
                                     &failures, &bans, &*passwords},
                         *cache, post, 100);
        session.emplace(harness.worker, *pipeline, http::SessionLimits{}, nullptr, 0);
        harness.worker.setProtocol(*session);
    }
    ~PipelineTest() override
    {
        harness.worker.closeAll(net::EndReason::Drain);
        pool.reset();
        passwords.reset();
        recipients.reset();
        changes = {};
        links.reset();
        catalog.reset();
        harness.worker.dropMailbox();
        session.reset();
        pipeline.reset();
        cache.reset();
    }

    /// Nothing is saved but when a test says so.
    static Recipients::Options recipientOptions()
    {
        Recipients::Options options;
        options.saveEvery = std::chrono::hours(1);
        return options;
    }
    /// As the engine does it after a change.
    void publish()
    {
        auto all = catalog->read([](catalog::Session& s) { return catalog::ShareRepository::list(s); }).get();
        auto denied =
            catalog->read([](catalog::Session& s) { return catalog::DenyRepository::list(s); }).get();
        ASSERT_TRUE(all && denied);
        std::unordered_set<std::string> digests;
        for (const auto& entry : *denied)
            digests.insert(entry.digest);
        auto tokens =
            catalog->read([](catalog::Session& s) { return catalog::TokenRepository::list(s); }).get();
        ASSERT_TRUE(tokens);
        board.publish(buildRules({*all, keys, std::move(digests), signer, limits, *tokens, signIn},
                                 *board.rules(), harness.clock));
    }
    void limitTo(const policy::LimitSet& set)
    {
        limits = std::make_shared<const policy::LimitSet>(set);
        tree.apply(limits);
        publish();
    }
    void change(const std::string& name, const std::function<void(catalog::Share&)>& edit)
    {
        edit(shares[name]);
        const catalog::Share share = shares[name];
        write([&](catalog::Session& s) { return catalog::ShareRepository::update(s, share); });
        publish();
    }
    /// A link to a path of "closed"; its URL without scheme and host.
    std::string link(int number, std::string path, bool isFolder = false,
                     std::optional<std::int64_t> expires = {})
    {
        catalog::Link link = catalog::someLink(number, shares["closed"].id);
        link.path = std::move(path);
        link.isFolder = isFolder;
        link.name = link.path.empty() ? "closed" : link.path.substr(link.path.rfind('/') + 1);
        link.expiresAt = expires;
        link.keyId = keys->current()->id();
        write([&](catalog::Session& s) { return catalog::LinkRepository::insert(s, link); });
        return auth::makeLinkUrl("http://h", link.id, link.name, isFolder, *keys->current()).substr(8);
    }
    /// A token in force; its text.
    std::string token(const std::string& id, std::uint8_t scopes, std::vector<std::string> ofShares = {},
                      std::optional<std::int64_t> expires = {})
    {
        const std::string text = *auth::generateToken();
        catalog::Token token;
        token.id = id + std::string(12 - id.size(), 'A');
        token.name = id;
        token.hash = auth::hashToken(text);
        token.scopes = scopes;
        token.allShares = ofShares.empty();
        for (const std::string& name : ofShares)
            token.shares.push_back(shares[name].id);
        token.expiresAt = expires;
        write([&](catalog::Session& s) { return catalog::TokenRepository::insert(s, token); });
        publish();
        return text;
    }
    void revokeToken(const std::string& id)
    {
        write([&](catalog::Session& s) {
            return catalog::TokenRepository::revoke(s, id + std::string(12 - id.size(), 'A'), now());
        });
        publish();
    }
    void revoke(int number)
    {
        write([&](catalog::Session& s) {
            return catalog::LinkRepository::revoke(s, catalog::linkId(number), now());
        });
    }
    /// A presigned URL of "closed", without scheme and host.
    std::string presign(std::string path, std::int64_t expiresAt, bool isFolder = false,
                        std::vector<std::string> allow = {}, std::string share = "closed")
    {
        auth::PresignRequest request;
        request.share = std::move(share);
        request.path = std::move(path);
        request.isFolder = isFolder;
        request.expiresAt = expiresAt;
        request.allow = std::move(allow);
        const auto url = auth::makePresignedUrl("http://h", request, *keys->current());
        EXPECT_TRUE(url);
        return url->substr(8);
    }
    [[nodiscard]] std::int64_t now() const { return unixSeconds(harness.clock.wall()); }

    /// Sends a request on a connection of its own; its answer is read by answerOf.
    net::TestClient send(std::string_view target, std::string_view method = "GET",
                         std::string_view fields = {})
    {
        auto client = harness.connect();
        client.send(std::string(method) + " " + std::string(target) +
                    " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + std::string(fields) + "\r\n");
        return client;
    }
    Answer answerOf(net::TestClient& client)
    {
        EXPECT_TRUE(harness.pollUntil([&] { return client.ended(); }));
        Answer answer;
        const auto end = client.received.find("\r\n\r\n");
        EXPECT_NE(end, std::string::npos) << client.received;
        if (end == std::string::npos)
            return answer;
        answer.head = client.received.substr(0, end + 2);
        answer.body = client.received.substr(end + 4);
        answer.status = std::stoi(answer.head.substr(9, 3));
        return answer;
    }
    Answer get(std::string_view target, std::string_view fields = {})
    {
        auto client = send(target, "GET", fields);
        return answerOf(client);
    }
    int status(std::string_view target, std::string_view method = "GET")
    {
        auto client = send(target, method);
        return answerOf(client).status;
    }
    /// Keeps the pool's one thread busy until the promise is set.
    std::promise<void> block()
    {
        std::promise<void> gate, started;
        EXPECT_TRUE(pool->submit([wait = gate.get_future().share(), &started] {
            started.set_value();
            wait.wait();
        }));
        started.get_future().wait();
        return gate;
    }
    [[nodiscard]] std::uint64_t count(observe::Counter counter) const { return harness.count(counter); }

    catalog::TemporaryFolder data, files;
    net::WorkerHarness harness;
    observe::Health health{harness.clock};
    RulesBoard board;
    policy::LimitTree tree{4096, harness.clock};
    std::shared_ptr<const policy::LimitSet> limits = std::make_shared<const policy::LimitSet>();
    policy::BanBook bans{harness.clock, 1024, {}};
    body::Preloader preloader{{}};
    body::MediaTypes types;
    std::unique_ptr<catalog::Catalog> catalog;
    std::optional<catalog::LinkCache> links;
    std::optional<Recipients> recipients;
    catalog::ChangeSubscription changes;
    std::shared_ptr<const auth::KeyRing> keys;
    std::shared_ptr<const auth::ValueSigner> signer =
        std::make_shared<const auth::ValueSigner>(std::string(32, 'v'));
    SignInRules signIn;
    /// A hash is the password itself here, so that it costs nothing.
    std::optional<auth::PasswordChecker> passwords{
        std::in_place, 1, 2, harness.clock,
        [](const std::string& hash, std::string_view password) { return hash == password; }};
    RecordedFailures failures;
    std::map<std::string, catalog::Share> shares;
    std::optional<BlockingPool> pool{std::in_place, "files", 1, 4};
    std::optional<body::FileCache> cache;
    std::optional<Pipeline> pipeline;
    std::optional<http::Session> session;
};

} // namespace spillway::download
