// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/catalog/catalogfixture.h"

#include "server/catalog/banrepository.h"
#include "server/catalog/denyrepository.h"
#include "server/catalog/limitrepository.h"
#include "server/catalog/secretrepository.h"
#include "server/catalog/settingrepository.h"
#include "server/catalog/tokenrepository.h"

#include <algorithm>
#include <functional>

namespace spillway::catalog {

using RepositoryTest = CatalogTest;

TEST_F(RepositoryTest, ShareComesBackAsItWent)
{
    Share share = someShare("Films_2-x.y");
    share.path = "/srv/\xff\xfe\n\x01 odd";
    share.isPublic = true;
    share.showDotFiles = true;
    share.listing = false;
    share.cacheMaxAge = std::chrono::seconds(0);
    const auto added = write([&](Session& s) { return ShareRepository::add(s, share); });
    ASSERT_TRUE(added) << added.error().message;
    EXPECT_NE(added->id, share_.id);
    const auto found = read([&](Session& s) { return ShareRepository::findByName(s, share.name); });
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->id, added->id);
    EXPECT_EQ((*found)->path, share.path);
    EXPECT_TRUE((*found)->isPublic);
    EXPECT_TRUE((*found)->showDotFiles);
    EXPECT_FALSE((*found)->listing);
    EXPECT_EQ((*found)->cacheMaxAge.count(), 0);
    EXPECT_EQ((*found)->createdAt, 1000);
    EXPECT_EQ(read([](Session& s) { return ShareRepository::list(s); })->size(), 2U);
}

TEST_F(RepositoryTest, ShareNamesAndPathsHaveRules)
{
    struct Case
    {
        std::string name;
        std::string path;
        bool good;
    };
    const Case cases[] = {
        {"a", "/", true},
        {std::string(64, 'x'), "/x", true},
        {std::string(65, 'x'), "/x", false},
        {"", "/x", false},
        {".a", "/x", false},
        {"a.b", "/x", true},
        {"a/b", "/x", false},
        {"a b", "/x", false},
        {"\xc3\xa4", "/x", false},
        {"rel", "x", false},
        {"none", "", false},
        {"nul", std::string("/a\0b", 4), false},
    };
    for (const Case& test : cases) {
        Share share = someShare(test.name);
        share.path = test.path;
        const auto added = write([&](Session& s) { return ShareRepository::add(s, share); });
        EXPECT_EQ(added.has_value(), test.good) << test.name;
        if (!added) {
            EXPECT_EQ(added.error().code, ErrorCode::InvalidArgument) << test.name;
        }
    }
}

TEST_F(RepositoryTest, ShareNameIsUnique)
{
    const auto again = write([](Session& s) { return ShareRepository::add(s, someShare()); });
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::AlreadyExists);
    auto other = write([](Session& s) { return ShareRepository::add(s, someShare("films")); });
    ASSERT_TRUE(other);
    other->name = "music";
    EXPECT_EQ(write([&](Session& s) { return ShareRepository::update(s, *other); }).error().code,
              ErrorCode::AlreadyExists);
    other->name = "movies";
    const auto renamed = write([&](Session& s) { return ShareRepository::update(s, *other); });
    ASSERT_TRUE(renamed);
    EXPECT_EQ(renamed->name, "movies");
    other->id = 999;
    other->name = "else";
    EXPECT_EQ(write([&](Session& s) { return ShareRepository::update(s, *other); }).error().code,
              ErrorCode::NotFound);
}

TEST_F(RepositoryTest, RemovedShareTakesItsLinksAlong)
{
    ASSERT_TRUE(write([&](Session& s) { return LinkRepository::insert(s, someLink(1, share_.id)); }));
    ChangeSet seen;
    const auto watch = catalog_->onChange([&](const ChangeSet& changes) { seen = changes; });
    ASSERT_TRUE(write([&](Session& s) { return ShareRepository::remove(s, share_.id); }));
    EXPECT_FALSE(*read([](Session& s) { return LinkRepository::find(s, linkId(1)); }));
    EXPECT_EQ(seen.links, std::vector<std::string>{linkId(1)});
    EXPECT_EQ(seen.shares, std::vector<ShareId>{share_.id});
    EXPECT_EQ(write([&](Session& s) { return ShareRepository::remove(s, share_.id); }).error().code,
              ErrorCode::NotFound);
}

TEST_F(RepositoryTest, LinkComesBackAsItWent)
{
    Link link = someLink(1, share_.id);
    link.path = "\xff/odd\n";
    link.name = "odd\n\xff";
    link.isFolder = true;
    link.expiresAt = 5000;
    link.maxDownloads = 3;
    link.passwordHash = "$argon2id$v=19$m=65536,t=2,p=1$x$y";
    link.allow = {"10.0.0.0/8", "::1/128"};
    link.rate = BytesPerSecond{1 << 20};
    link.concurrency = 4;
    link.note = "für Müller";
    link.page = false;
    ASSERT_TRUE(write([&](Session& s) { return LinkRepository::insert(s, link); }));
    const auto found = read([&](Session& s) { return LinkRepository::find(s, link.id); });
    ASSERT_TRUE(found && *found);
    const Link& got = **found;
    EXPECT_EQ(got.share, share_.id);
    EXPECT_EQ(got.path, link.path);
    EXPECT_EQ(got.name, link.name);
    EXPECT_TRUE(got.isFolder);
    EXPECT_EQ(got.keyId, "k1");
    EXPECT_EQ(got.expiresAt, 5000);
    EXPECT_EQ(got.maxDownloads, 3);
    EXPECT_EQ(got.passwordHash, link.passwordHash);
    EXPECT_EQ(got.allow, link.allow);
    EXPECT_EQ(got.rate, link.rate);
    EXPECT_EQ(got.concurrency, 4);
    EXPECT_EQ(got.note, link.note);
    EXPECT_FALSE(got.page);
    EXPECT_EQ(got.createdAt, 1001);
    EXPECT_EQ(got.revokedAt, std::nullopt);
    EXPECT_FALSE(*read([](Session& s) { return LinkRepository::find(s, linkId(2)); }));
}

TEST_F(RepositoryTest, LinkInsertRefuses)
{
    ASSERT_TRUE(write([&](Session& s) { return LinkRepository::insert(s, someLink(1, share_.id)); }));
    struct Case
    {
        const char* name;
        std::function<void(Link&)> change;
        ErrorCode code;
    };
    const Case cases[] = {
        {"same id", [](Link& l) { l.id = linkId(1); }, ErrorCode::AlreadyExists},
        {"id of 15", [](Link& l) { l.id.pop_back(); }, ErrorCode::InvalidArgument},
        {"id of 17", [](Link& l) { l.id += 'A'; }, ErrorCode::InvalidArgument},
        {"id with +", [](Link& l) { l.id[3] = '+'; }, ErrorCode::InvalidArgument},
        {"no such share", [](Link& l) { l.share += 100; }, ErrorCode::NotFound},
        {"no such key", [](Link& l) { l.keyId = "k9"; }, ErrorCode::NotFound},
        {"absolute path", [](Link& l) { l.path = "/etc"; }, ErrorCode::InvalidArgument},
        {"no name", [](Link& l) { l.name.clear(); }, ErrorCode::InvalidArgument},
        {"slash in name", [](Link& l) { l.name = "a/b"; }, ErrorCode::InvalidArgument},
        {"max 0", [](Link& l) { l.maxDownloads = 0; }, ErrorCode::InvalidArgument},
        {"rate -1", [](Link& l) { l.rate.count = -1; }, ErrorCode::InvalidArgument},
        {"note not UTF-8", [](Link& l) { l.note = "\xff"; }, ErrorCode::InvalidArgument},
    };
    for (const Case& test : cases) {
        Link link = someLink(2, share_.id);
        test.change(link);
        const auto added = write([&](Session& s) { return LinkRepository::insert(s, link); });
        ASSERT_FALSE(added) << test.name;
        EXPECT_EQ(added.error().code, test.code) << test.name << ": " << added.error().message;
    }
    EXPECT_EQ(read([](Session& s) { return LinkRepository::list(s, {}); })->size(), 1U);
}

TEST_F(RepositoryTest, LinkRevokeUpdateAndCount)
{
    Link link = someLink(1, share_.id);
    link.maxDownloads = 2;
    ASSERT_TRUE(write([&](Session& s) { return LinkRepository::insert(s, link); }));
    for (const std::int64_t expected : {1, 2})
        EXPECT_EQ(write([&](Session& s) { return LinkRepository::addDownloads(s, link.id, 1); })->downloads,
                  expected);
    EXPECT_EQ(write([&](Session& s) { return LinkRepository::addDownloads(s, link.id, 1); }).error().code,
              ErrorCode::Exhausted);

    link.note = "changed";
    link.expiresAt = 77;
    link.downloads = 0; // not a rule: stays
    link.path = "else"; // is signed: stays
    const auto updated = write([&](Session& s) { return LinkRepository::update(s, link); });
    ASSERT_TRUE(updated);
    EXPECT_EQ(updated->note, "changed");
    EXPECT_EQ(updated->expiresAt, 77);
    EXPECT_EQ(updated->downloads, 2);
    EXPECT_EQ(updated->path, "a/b.txt");

    EXPECT_EQ(write([&](Session& s) { return LinkRepository::revoke(s, link.id, 50); })->revokedAt, 50);
    EXPECT_EQ(write([&](Session& s) { return LinkRepository::revoke(s, link.id, 60); })->revokedAt, 50);
    for (const auto& missing :
         {write([](Session& s) { return LinkRepository::revoke(s, linkId(9), 1); }),
          write([](Session& s) { return LinkRepository::addDownloads(s, linkId(9), 1); }),
          write([&](Session& s) { return LinkRepository::update(s, someLink(9, share_.id)); })}) {
        ASSERT_FALSE(missing);
        EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
    }
}

TEST_F(RepositoryTest, LinkListFiltersAndPages)
{
    const auto second = write([](Session& s) { return ShareRepository::add(s, someShare("films")); });
    ASSERT_TRUE(second);
    ASSERT_TRUE(write([&](Session& s) -> Result<void> {
        for (int i = 0; i < 25; ++i) {
            Link link = someLink(i, i % 5 == 0 ? second->id : share_.id);
            link.createdAt = 1000 + i / 3; // equal times: the id decides
            link.note = i == 7 ? "100% Sure_thing" : "plain";
            if (auto added = LinkRepository::insert(s, link); !added)
                return fail(added.error());
        }
        if (auto revoked = LinkRepository::revoke(s, linkId(3), 1); !revoked)
            return fail(revoked.error());
        return {};
    }));
    const auto count = [&](const LinkFilter& filter) {
        return read([&](Session& s) { return LinkRepository::list(s, filter); })->size();
    };
    EXPECT_EQ(count({}), 24U);
    EXPECT_EQ(count({.includeRevoked = true}), 25U);
    EXPECT_EQ(count({.share = second->id}), 5U);
    EXPECT_EQ(count({.search = "100% sure_THING"}), 1U);
    EXPECT_EQ(count({.search = "%"}), 1U);
    EXPECT_EQ(count({.search = "b.txt"}), 24U);
    EXPECT_EQ(count({.search = linkId(12)}), 1U);
    EXPECT_EQ(count({.search = "nothing"}), 0U);

    for (const std::int64_t limit : {1, 7, 24, 25, 26}) {
        std::vector<std::string> ids;
        LinkFilter filter{.includeRevoked = true, .limit = limit};
        for (;;) {
            const auto page = read([&](Session& s) { return LinkRepository::list(s, filter); });
            ASSERT_TRUE(page);
            if (page->empty())
                break;
            for (const Link& link : *page)
                ids.push_back(link.id);
            filter.after = page->back().id;
        }
        ASSERT_EQ(ids.size(), 25U) << limit;
        EXPECT_EQ(ids.front(), linkId(24));
        EXPECT_EQ(ids.back(), linkId(0));
        std::sort(ids.begin(), ids.end());
        EXPECT_EQ(std::unique(ids.begin(), ids.end()), ids.end()) << limit;
    }
    const auto code = [&](const LinkFilter& filter) {
        return read([&](Session& s) { return LinkRepository::list(s, filter); }).error().code;
    };
    EXPECT_EQ(code({.after = linkId(99)}), ErrorCode::NotFound);
    EXPECT_EQ(code({.limit = 0}), ErrorCode::InvalidArgument);
    EXPECT_EQ(code({.limit = 10001}), ErrorCode::InvalidArgument);
}

TEST_F(RepositoryTest, KeysRotateAndRetire)
{
    const auto codeOf = [&](auto f) { return write(f).error().code; };
    EXPECT_EQ(codeOf([](Session& s) { return KeyRepository::insert(s, someKey("k2", true)); }),
              ErrorCode::Conflict);
    EXPECT_EQ(codeOf([](Session& s) { return KeyRepository::insert(s, someKey("k1", false)); }),
              ErrorCode::AlreadyExists);
    EXPECT_EQ(codeOf([](Session& s) { return KeyRepository::retire(s, "k1", 5); }), ErrorCode::Conflict);
    EXPECT_EQ(codeOf([](Session& s) { return KeyRepository::retire(s, "k7", 5); }), ErrorCode::NotFound);
    EXPECT_EQ(codeOf([](Session& s) { return KeyRepository::rotate(s, someKey("k1")); }),
              ErrorCode::AlreadyExists);
    EXPECT_EQ(read([](Session& s) { return KeyRepository::current(s); })->value().id, "k1");

    SigningKey next = someKey("k2");
    next.secret = std::string("\0\xff", 2) + std::string(30, 'x');
    ASSERT_TRUE(write([&](Session& s) { return KeyRepository::rotate(s, next); }));
    const auto current = read([](Session& s) { return KeyRepository::current(s); });
    EXPECT_EQ(current->value().id, "k2");
    EXPECT_EQ(current->value().secret, next.secret);
    EXPECT_FALSE(read([](Session& s) { return KeyRepository::find(s, "k1"); })->value().current);

    EXPECT_EQ(write([](Session& s) { return KeyRepository::retire(s, "k1", 5); })->retiredAt, 5);
    EXPECT_EQ(write([](Session& s) { return KeyRepository::retire(s, "k1", 6); })->retiredAt, 5);
    EXPECT_EQ(read([](Session& s) { return KeyRepository::list(s); })->size(), 2U);
}

TEST_F(RepositoryTest, KeysHaveRules)
{
    struct Case
    {
        std::string id;
        std::size_t secretSize;
        bool good;
    };
    const Case cases[] = {{"a", 32, true},
                          {std::string(16, 'a'), 32, true},
                          {std::string(17, 'a'), 32, false},
                          {"", 32, false},
                          {"a.b", 32, false},
                          {"b", 31, false},
                          {"c", 33, true},
                          {"A_-9", 64, true}};
    for (const Case& test : cases) {
        SigningKey key = someKey(test.id, false);
        key.secret = std::string(test.secretSize, 'Z');
        const auto added = write([&](Session& s) { return KeyRepository::insert(s, key); });
        EXPECT_EQ(added.has_value(), test.good) << test.id;
        if (!added) {
            EXPECT_EQ(added.error().code, ErrorCode::InvalidArgument);
            EXPECT_EQ(added.error().message.find("ZZZ"), std::string::npos); // a secret stays secret
        }
    }
}

TEST_F(RepositoryTest, Settings)
{
    EXPECT_FALSE(*read([](Session& s) { return SettingRepository::get(s, "a"); }));
    ASSERT_TRUE(write([](Session& s) { return SettingRepository::set(s, "a", "1"); }));
    ASSERT_TRUE(write([](Session& s) { return SettingRepository::set(s, "a", ""); }));
    EXPECT_EQ(*read([](Session& s) { return SettingRepository::get(s, "a"); }), "");
    EXPECT_EQ(write([](Session& s) { return SettingRepository::set(s, "", "x"); }).error().code,
              ErrorCode::InvalidArgument);
    EXPECT_EQ(read([](Session& s) { return SettingRepository::list(s); })->size(), 1U);
    EXPECT_TRUE(*write([](Session& s) { return SettingRepository::remove(s, "a"); }));
    EXPECT_FALSE(*write([](Session& s) { return SettingRepository::remove(s, "a"); }));
}

TEST_F(RepositoryTest, Limits)
{
    using policy::LimitLevel;
    const auto list = [&] { return *read([](Session& s) { return LimitRepository::list(s); }); };
    const auto set = [&](const Limit& limit) {
        return write([&](Session& s) { return LimitRepository::set(s, limit); });
    };
    Limit all{LimitLevel::Link, "abcdefghijklmnop", {}};
    all.fields.milliRequests = 500;
    all.fields.burst = 3;
    all.fields.bandwidth = BytesPerSecond{1 << 20};
    all.fields.connections = 4;
    all.fields.downloads = 5;
    all.fields.queue = 0;
    all.fields.wait = std::chrono::milliseconds(1500);
    all.fields.priority = policy::Priority::High;
    Limit base{LimitLevel::Link, "", {}};
    base.fields.priority = policy::Priority::Low;
    EXPECT_TRUE(list().empty());
    ASSERT_TRUE(set(all) && set(base));
    ASSERT_EQ(list().size(), 2U);
    EXPECT_EQ(list()[0].fields, base.fields);
    EXPECT_EQ(list()[1].subject, all.subject);
    EXPECT_EQ(list()[1].fields, all.fields);
    const auto find = [&](const char* subject) {
        return *read([&](Session& s) { return LimitRepository::find(s, LimitLevel::Link, subject); });
    };
    EXPECT_EQ(find("abcdefghijklmnop").fields, all.fields);
    EXPECT_TRUE(find("other").fields.empty());
    all.fields = {};
    ASSERT_TRUE(set(all)) << "without fields it is gone";
    EXPECT_EQ(list().size(), 1U);
}

TEST_F(RepositoryTest, DeniedUrls)
{
    const auto add = [&](char fill, std::optional<std::int64_t> expires) {
        return write([&](Session& s) {
            return DenyRepository::add(s, {std::string(32, fill), expires, 1, "n"});
        });
    };
    ASSERT_TRUE(add('\0', 10));
    ASSERT_TRUE(add('b', 20));
    ASSERT_TRUE(add('c', std::nullopt));
    ASSERT_TRUE(add('b', 15)); // keeps the later
    ASSERT_TRUE(add('c', 5));  // keeps "never"
    const auto has = [&](char fill) {
        return *read([&](Session& s) { return DenyRepository::contains(s, std::string(32, fill)); });
    };
    EXPECT_TRUE(has('\0'));
    EXPECT_FALSE(has('x'));
    EXPECT_EQ(*write([](Session& s) { return DenyRepository::removeExpired(s, 9); }), 0);
    EXPECT_EQ(*write([](Session& s) { return DenyRepository::removeExpired(s, 19); }), 1);
    EXPECT_FALSE(has('\0'));
    EXPECT_TRUE(has('b'));
    EXPECT_EQ(*write([](Session& s) { return DenyRepository::removeExpired(s, 20); }), 1);
    EXPECT_EQ(read([](Session& s) { return DenyRepository::list(s); })->size(), 1U);
    EXPECT_TRUE(*write([](Session& s) { return DenyRepository::remove(s, std::string(32, 'c')); }));
    EXPECT_EQ(write([](Session& s) {
                  return DenyRepository::add(s, {std::string(31, 'x'), {}, 1, ""});
              })
                  .error()
                  .code,
              ErrorCode::InvalidArgument);
}

TEST_F(RepositoryTest, ASecretIsMadeOnceAndLasts)
{
    const auto get = [this](std::string_view name) {
        return *write([name](Session& s) { return SecretRepository::getOrMake(s, name, 5); });
    };
    EXPECT_FALSE(*read([](Session& s) { return SecretRepository::find(s, "a"); }));
    const std::string first = get("a");
    EXPECT_EQ(first.size(), 32U);
    EXPECT_EQ(get("a"), first);
    EXPECT_NE(get("b"), first);
    open();
    EXPECT_EQ(get("a"), first);
}

TEST_F(RepositoryTest, BansComeBackAndByHandStays)
{
    const auto put = [&](const char* address, bool byHand, std::int64_t created,
                         std::optional<std::int64_t> until, const char* reason = "r") {
        return write([&](Session& s) {
            return BanRepository::put(s, {address, reason, 3, byHand, created, until});
        });
    };
    ASSERT_TRUE(put("192.0.2.1", false, 10, 20, "rule"));
    ASSERT_TRUE(put("192.0.2.1", true, 12, std::nullopt, "hand"));
    ASSERT_TRUE(put("192.0.2.1", false, 13, 30, "rule again")) << "no error, and nothing changed";
    auto all = read([](Session& s) { return BanRepository::list(s); });
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 1U);
    EXPECT_EQ(all->front().reason, "hand");
    EXPECT_EQ(all->front().until, std::nullopt);
    EXPECT_TRUE(all->front().byHand);
    EXPECT_EQ(all->front().offences, 3);
    EXPECT_EQ(all->front().createdAt, 12);
    ASSERT_TRUE(put("192.0.2.2", true, 10, 20, "hand"));
    ASSERT_TRUE(put("192.0.2.2", false, 20, 40, "rule")) << "the one by hand is over";
    all = read([](Session& s) { return BanRepository::list(s); });
    EXPECT_EQ(all->front().reason, "rule");
    EXPECT_TRUE(*write([](Session& s) { return BanRepository::remove(s, "192.0.2.2"); }));
    EXPECT_FALSE(*write([](Session& s) { return BanRepository::remove(s, "192.0.2.2"); }));
    EXPECT_EQ(put("", true, 1, {}).error().code, ErrorCode::InvalidArgument);
}

TEST_F(RepositoryTest, BansAreTidiedUp)
{
    const auto put = [&](int number, bool byHand, std::int64_t created, std::optional<std::int64_t> until) {
        ASSERT_TRUE(write([&](Session& s) {
            return BanRepository::put(s, {std::to_string(number), "r", 1, byHand, created, until});
        }));
    };
    put(1, true, 1, 100);
    put(2, true, 1, 101);
    put(3, true, 1, std::nullopt);
    put(4, false, 1, 50);
    put(5, false, 2, 51);
    put(6, false, 3, 200);
    put(7, false, 4, 200);
    ASSERT_TRUE(write([](Session& s) { return BanRepository::tidy(s, 100, 50, 2); }));
    std::vector<std::string> left;
    const auto all = read([](Session& s) { return BanRepository::list(s); });
    ASSERT_TRUE(all);
    for (const Ban& ban : *all)
        left.push_back(ban.address);
    std::sort(left.begin(), left.end());
    EXPECT_EQ(left, (std::vector<std::string>{"2", "3", "6", "7"})) << "5 is the oldest beyond two";
}

Token someToken(const std::string& id, char hash)
{
    Token token;
    token.id = id;
    token.name = "ci";
    token.hash = std::string(32, hash);
    token.scopes = 3;
    token.createdAt = 1000;
    return token;
}

TEST_F(RepositoryTest, TokensComeBackAndAreRevokedOnce)
{
    Token token = someToken("aaaaaaaaaaaa", '\0');
    token.allShares = false;
    token.shares = {share_.id};
    token.expiresAt = 2000;
    ASSERT_TRUE(write([&](Session& s) { return TokenRepository::insert(s, token); }));
    ASSERT_TRUE(
        write([&](Session& s) { return TokenRepository::insert(s, someToken("bbbbbbbbbbbb", 'b')); }));
    const auto all = read([](Session& s) { return TokenRepository::list(s); });
    ASSERT_EQ(all->size(), 2U);
    EXPECT_EQ(all->at(0).hash, token.hash);
    EXPECT_EQ(all->at(0).shares, token.shares);
    EXPECT_EQ(all->at(0).expiresAt, 2000);
    EXPECT_FALSE(all->at(0).allShares);
    EXPECT_TRUE(all->at(1).allShares);

    const auto revoke = [this](std::string_view id, std::int64_t when) {
        return write([=](Session& s) { return TokenRepository::revoke(s, id, when); });
    };
    EXPECT_EQ(revoke("aaaaaaaaaaaa", 1500)->revokedAt, 1500);
    EXPECT_EQ(revoke("aaaaaaaaaaaa", 1600)->revokedAt, 1500);
    EXPECT_EQ(revoke("cccccccccccc", 1).error().code, ErrorCode::NotFound);
    const auto use = [this](std::int64_t when) {
        return write([=](Session& s) { return TokenRepository::markUsed(s, "bbbbbbbbbbbb", when); });
    };
    ASSERT_TRUE(use(50) && use(40));
    EXPECT_EQ((*read([](Session& s) { return TokenRepository::find(s, "bbbbbbbbbbbb"); }))->lastUsedAt, 50);

    ASSERT_TRUE(write([this](Session& s) { return ShareRepository::remove(s, share_.id); }));
    const auto left = *read([](Session& s) { return TokenRepository::find(s, "aaaaaaaaaaaa"); });
    EXPECT_FALSE(left->allShares) << "a token that has lost its share gets no others";
    EXPECT_TRUE(left->shares.empty());
}

TEST_F(RepositoryTest, TokensHaveRules)
{
    const auto code = [this](const std::function<void(Token&)>& spoil) {
        Token token = someToken("aaaaaaaaaaaa", 'a');
        spoil(token);
        const auto added = write([&](Session& s) { return TokenRepository::insert(s, token); });
        return added ? ErrorCode::Internal : added.error().code;
    };
    EXPECT_EQ(code([](Token& t) { t.id = "short"; }), ErrorCode::InvalidArgument);
    EXPECT_EQ(code([](Token& t) { t.name.clear(); }), ErrorCode::InvalidArgument);
    EXPECT_EQ(code([](Token& t) { t.name.assign(101, 'n'); }), ErrorCode::InvalidArgument);
    EXPECT_EQ(code([](Token& t) { t.hash.pop_back(); }), ErrorCode::InvalidArgument);
    EXPECT_EQ(code([](Token& t) { t.scopes = 0; }), ErrorCode::InvalidArgument);
    EXPECT_EQ(code([](Token& t) { t.scopes = 32; }), ErrorCode::InvalidArgument);
    EXPECT_EQ(code([](Token& t) { t.shares = {1}; }), ErrorCode::InvalidArgument);
    EXPECT_EQ(code([](Token& t) { t.allShares = false; }), ErrorCode::InvalidArgument);
    EXPECT_EQ(code([](Token& t) { t.allShares = false, t.shares = {999}; }), ErrorCode::NotFound);
    ASSERT_TRUE(write([](Session& s) { return TokenRepository::insert(s, someToken("aaaaaaaaaaaa", 'a')); }));
    EXPECT_EQ(code([](Token& t) { t.hash.assign(32, 'b'); }), ErrorCode::AlreadyExists);
    EXPECT_EQ(code([](Token& t) { t.id = "bbbbbbbbbbbb"; }), ErrorCode::AlreadyExists);
}

} // namespace spillway::catalog
