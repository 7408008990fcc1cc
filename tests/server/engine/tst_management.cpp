// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/link.h"
#include "server/catalog/denyrepository.h"
#include "server/catalog/receiptrepository.h"
#include "server/engine/management.h"
#include "tests/server/catalog/catalogfixture.h"

namespace spillway::engine {
namespace {

using catalog::ManualClock;
using catalog::Session;
using catalog::TemporaryFolder;

class ManagementTest : public testing::Test
{
protected:
    void SetUp() override
    {
        std::filesystem::create_directories(folder_.file("files/sub"));
        std::filesystem::create_directory(folder_.file("data"));
        catalog::writeFile(folder_.file("files/a.txt"), "hello");
        catalog::writeFile(folder_.file("files/sub/b.txt"), "deep");
        auto opened = catalog::Catalog::open(folder_.file("data"), clock_);
        ASSERT_TRUE(opened) << opened.error().message;
        catalog_ = std::move(*opened);
        ManagementSettings settings;
        settings.linkExpiry = std::chrono::hours(24);
        settings.cacheMaxAge = std::chrono::seconds(77);
        settings.publicUrl = [] { return std::string("http://host:8080/sub"); };
        management_.emplace(*catalog_, clock_, folder_.file("data"), std::move(settings),
                            [this]() -> Result<void> {
                                ++rulesChanged_;
                                if (rulesFail_)
                                    return fail(ErrorCode::Io, "no rules today");
                                return {};
                            });
    }

    Result<catalog::Share> addFiles()
    {
        return management_->addShare({"docs", folder_.file("files"), false, false, true, {}});
    }
    std::int64_t now() const { return unixSeconds(clock_.wall()); }
    std::shared_ptr<const auth::KeyRing> keys()
    {
        auto records = catalog_->read([](Session& s) { return catalog::KeyRepository::list(s); }).get();
        return *auth::KeyRing::make(*records);
    }
    /// How the server judges a URL of ours.
    auth::LinkVerdict judge(const std::string& url)
    {
        const std::size_t path = url.find(url.find("/d/") != std::string::npos ? "/d/" : "/p/");
        const std::size_t query = url.find('?');
        const std::string_view rest = std::string_view(url).substr(query + 1);
        const std::string_view target = std::string_view(url).substr(path, query - path);
        const auto ring = keys();
        if (target.starts_with("/d/")) {
            auth::StoredLink link;
            return auth::check(target, rest, *ring, link);
        }
        auth::PresignedLink link;
        return auth::check(target, rest, *ring, now(), config::IpAddress::v4(10, 0, 0, 1), link);
    }

    TemporaryFolder folder_;
    ManualClock clock_;
    std::unique_ptr<catalog::Catalog> catalog_;
    std::optional<Management> management_;
    int rulesChanged_ = 0;
    bool rulesFail_ = false;
};

TEST_F(ManagementTest, SharesComeChangeAndGo)
{
    const auto added = addFiles();
    ASSERT_TRUE(added) << added.error().message;
    EXPECT_EQ(added->path, std::filesystem::canonical(folder_.file("files")).string());
    EXPECT_EQ(added->cacheMaxAge, std::chrono::seconds(77));
    EXPECT_EQ(added->createdAt, now());
    EXPECT_EQ(rulesChanged_, 1);

    EXPECT_EQ(addFiles().error().code, ErrorCode::AlreadyExists);
    EXPECT_EQ(management_->addShare({"bad name", folder_.file("files"), false, false, true, {}}).error().code,
              ErrorCode::InvalidArgument);
    EXPECT_EQ(management_->addShare({"data", folder_.file("data"), false, false, true, {}}).error().code,
              ErrorCode::InvalidArgument);
    EXPECT_EQ(rulesChanged_, 1) << "a refusal puts nothing in force";

    ShareChange change;
    change.isPublic = true;
    change.name = "papers";
    const auto changed = management_->updateShare("docs", change);
    ASSERT_TRUE(changed) << changed.error().message;
    EXPECT_TRUE(changed->isPublic);
    EXPECT_EQ(changed->name, "papers");
    EXPECT_EQ(changed->path, added->path);
    EXPECT_EQ(rulesChanged_, 2);
    EXPECT_EQ(management_->updateShare("docs", {}).error().code, ErrorCode::NotFound);
    change = {};
    change.path = folder_.file("nothing");
    EXPECT_EQ(management_->updateShare("papers", change).error().code, ErrorCode::NotFound);

    ASSERT_EQ(management_->listShares()->size(), 1U);
    ASSERT_TRUE(management_->createLink({"papers/a.txt", {}, {}, true}));
    ASSERT_TRUE(management_->createLink({"papers", {}, {}, true}));
    rulesChanged_ = 0;
    const auto removed = management_->removeShare("papers");
    ASSERT_TRUE(removed);
    EXPECT_EQ(removed->links, 2U);
    EXPECT_EQ(rulesChanged_, 1);
    EXPECT_EQ(management_->removeShare("papers").error().code, ErrorCode::NotFound);
    EXPECT_TRUE(management_->listShares()->empty());
}

TEST_F(ManagementTest, AChangeThatIsSavedButNotInForceSaysSo)
{
    rulesFail_ = true;
    EXPECT_EQ(addFiles().error().code, ErrorCode::Unavailable);
    EXPECT_EQ(management_->listShares()->size(), 1U);
}

TEST_F(ManagementTest, ALinkOpensExpiresAndIsRevoked)
{
    ASSERT_TRUE(addFiles());
    const auto made = management_->createLink({"docs/sub", {}, "for Ann", false});
    ASSERT_TRUE(made) << made.error().message;
    const catalog::Link& link = made->link;
    EXPECT_EQ(link.id.size(), 16U);
    EXPECT_EQ(link.path, "sub");
    EXPECT_TRUE(link.isFolder);
    EXPECT_EQ(link.note, "for Ann");
    EXPECT_FALSE(link.page);
    EXPECT_EQ(link.expiresAt, now() + 86400) << "the default";
    EXPECT_EQ(made->share, "docs");
    EXPECT_EQ(made->state, LinkState::Active);
    EXPECT_TRUE(made->url.starts_with("http://host:8080/sub/d/" + link.id + "/sub/?")) << made->url;
    EXPECT_EQ(judge(made->url), auth::LinkVerdict::Valid);

    const auto shown = management_->showLink(link.id);
    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->url, made->url);
    clock_.advance(std::chrono::hours(24) - std::chrono::seconds(1));
    EXPECT_EQ(management_->showLink(link.id)->state, LinkState::Active);
    clock_.advance(std::chrono::seconds(1));
    EXPECT_EQ(management_->showLink(link.id)->state, LinkState::Expired);

    const auto revoked = management_->revokeLink(link.id);
    ASSERT_TRUE(revoked);
    EXPECT_EQ(revoked->state, LinkState::Revoked);
    EXPECT_EQ(revoked->link.revokedAt, now());
    EXPECT_TRUE(revoked->url.empty());
    clock_.advance(std::chrono::seconds(5));
    EXPECT_EQ(management_->revokeLink(link.id)->link.revokedAt, now() - 5) << "the first time stays";
    EXPECT_EQ(management_->revokeLink("AAAAAAAAAAAAAAAA").error().code, ErrorCode::NotFound);
    EXPECT_EQ(management_->showLink("AAAAAAAAAAAAAAAA").error().code, ErrorCode::NotFound);
}

TEST_F(ManagementTest, LinksThatAreRefused)
{
    ASSERT_TRUE(addFiles());
    EXPECT_EQ(management_->createLink({"docs/nope", {}, {}, true}).error().code, ErrorCode::NotFound);
    EXPECT_EQ(management_->createLink({"nope", {}, {}, true}).error().code, ErrorCode::NotFound);
    EXPECT_EQ(management_->createLink({"docs/..", {}, {}, true}).error().code, ErrorCode::InvalidArgument);
    EXPECT_TRUE(management_->createLink({"docs", {}, std::string(1000, 'n'), true}));
    EXPECT_EQ(management_->createLink({"docs", {}, std::string(1001, 'n'), true}).error().code,
              ErrorCode::InvalidArgument);
}

TEST(ExpiryTest, Texts)
{
    const struct
    {
        const char* text;
        std::optional<std::int64_t> seconds; ///< of After
        bool never = false;
    } rows[] = {{"never", {}, true}, {"1s", 1}, {"7d", 604800}, {"1500ms", 1}, {"365000d", 31'536'000'000},
                {"365001d", {}},     {"0", {}}, {"999ms", {}},  {"", {}},      {"soon", {}},
                {"-1d", {}}};
    for (const auto& row : rows) {
        const auto expiry = Expiry::parse(row.text);
        ASSERT_EQ(expiry.has_value(), row.never || row.seconds) << row.text;
        if (!expiry) {
            EXPECT_EQ(expiry.error().code, ErrorCode::InvalidArgument);
            continue;
        }
        EXPECT_EQ(expiry->kind, row.never ? Expiry::Kind::Never : Expiry::Kind::After);
        EXPECT_EQ(expiry->after.count(), row.seconds.value_or(0)) << row.text;
    }
}

TEST_F(ManagementTest, ExpiryOfLinks)
{
    ASSERT_TRUE(addFiles());
    EXPECT_EQ(management_->createLink({"docs", *Expiry::parse("never"), {}, true})->link.expiresAt,
              std::nullopt);
    EXPECT_EQ(management_->createLink({"docs", *Expiry::parse("90s"), {}, true})->link.expiresAt, now() + 90);
    ManagementSettings settings;
    settings.linkExpiry = std::chrono::seconds(0);
    settings.publicUrl = [] { return std::string("https://new"); };
    management_->setSettings(std::move(settings));
    const auto made = management_->createLink({"docs", {}, {}, true});
    EXPECT_EQ(made->link.expiresAt, std::nullopt) << "0: links do not expire";
    EXPECT_TRUE(made->url.starts_with("https://new/d/"));
}

TEST_F(ManagementTest, PagesOfLinks)
{
    ASSERT_TRUE(addFiles());
    ASSERT_TRUE(management_->addShare({"other", folder_.file("files/sub"), false, false, true, {}}));
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) {
        ids.insert(ids.begin(),
                   management_->createLink({"docs/a.txt", {}, "note " + std::to_string(i), true})->link.id);
        clock_.advance(std::chrono::seconds(1));
    }
    ASSERT_TRUE(management_->createLink({"other", *Expiry::parse("1s"), {}, true}));
    clock_.advance(std::chrono::seconds(2));
    ASSERT_TRUE(management_->revokeLink(ids[2]));
    ids.erase(ids.begin() + 2);

    for (const std::int64_t limit : {1, 2, 3, 4, 5}) {
        std::vector<std::string> seen;
        LinkQuery query;
        query.limit = limit;
        for (int pages = 0; pages < 10; ++pages) {
            const auto page = management_->listLinks(query);
            ASSERT_TRUE(page) << page.error().message;
            EXPECT_LE(page->links.size(), static_cast<std::size_t>(limit));
            for (const LinkInfo& info : page->links) {
                seen.push_back(info.link.id);
                EXPECT_TRUE(info.url.empty()) << "lists hold no signatures";
            }
            if (page->next.empty())
                break;
            query.after = page->next;
        }
        EXPECT_EQ(seen, ids) << "limit " << limit;
    }
    LinkQuery all;
    all.all = true;
    EXPECT_EQ(management_->listLinks(all)->links.size(), 6U);
    all.share = "other";
    ASSERT_EQ(management_->listLinks(all)->links.size(), 1U);
    EXPECT_EQ(management_->listLinks(all)->links[0].state, LinkState::Expired);
    all.share = "nope";
    EXPECT_EQ(management_->listLinks(all).error().code, ErrorCode::NotFound);
    LinkQuery search;
    search.search = "note 4"; // with a space, as no identifier has one
    EXPECT_EQ(management_->listLinks(search)->links.size(), 1U);
    for (const std::int64_t limit : {std::int64_t{0}, std::int64_t{1001}, std::int64_t{-1}}) {
        LinkQuery query;
        query.limit = limit;
        EXPECT_EQ(management_->listLinks(query).error().code, ErrorCode::InvalidArgument);
    }
}

TEST_F(ManagementTest, PresignedUrlsCarryTheirRules)
{
    ASSERT_TRUE(addFiles());
    const auto made = management_->presign({"docs/a.txt", *Expiry::parse("1h"), {"10.0.0.0/8"}, {}});
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->expiresAt, now() + 3600);
    EXPECT_FALSE(made->isFolder);
    EXPECT_EQ(judge(made->url), auth::LinkVerdict::Valid);
    EXPECT_EQ(judge(management_->presign({"docs/sub", *Expiry::parse("never"), {}, {}})->url),
              auth::LinkVerdict::Valid);
    EXPECT_EQ(judge(management_->presign({"docs/sub", *Expiry::parse("1h"), {"192.0.2.0/24"}, {}})->url),
              auth::LinkVerdict::WrongAddress);
    EXPECT_EQ(management_->presign({"docs/sub", {}, {"10.0.0.1/8"}, {}}).error().code,
              ErrorCode::InvalidArgument);
    EXPECT_EQ(management_->presign({"docs/nope", {}, {}, {}}).error().code, ErrorCode::NotFound);
    clock_.advance(std::chrono::hours(1));
    EXPECT_EQ(judge(made->url), auth::LinkVerdict::Expired);
}

TEST_F(ManagementTest, ADeniedUrlIsInTheListByWhatItSigns)
{
    ASSERT_TRUE(addFiles());
    const std::string url = management_->presign({"docs/a.txt", *Expiry::parse("1h"), {}, {}})->url;
    rulesChanged_ = 0;
    const auto denied = management_->denyPresigned(url, "leaked");
    ASSERT_TRUE(denied) << denied.error().message;
    EXPECT_EQ(denied->digest.size(), 64U);
    EXPECT_EQ(denied->expiresAt, now() + 3600);
    EXPECT_EQ(rulesChanged_, 1);
    // Another spelling is the same URL.
    std::string other = url;
    other.replace(other.find("a.txt"), 1, "%61");
    EXPECT_EQ(management_->denyPresigned(other + "&utm_source=x", {})->digest, denied->digest);
    EXPECT_EQ(catalog_->read([](Session& s) { return catalog::DenyRepository::list(s); }).get()->size(), 1U);

    std::string forged = url;
    forged.back() = forged.back() == 'A' ? 'E' : 'A';
    for (const std::string& bad :
         {forged, std::string(), std::string("http://host/p/"), url.substr(0, url.find('?')),
          management_->createLink({"docs", {}, {}, true})->url})
        EXPECT_EQ(management_->denyPresigned(bad, {}).error().code, ErrorCode::InvalidArgument) << bad;
}

TEST_F(ManagementTest, KeysRotateRetireAndExport)
{
    EXPECT_TRUE(management_->listKeys()->empty());
    ASSERT_TRUE(addFiles());
    const auto first = management_->createLink({"docs", {}, {}, true});
    ASSERT_TRUE(first) << "a catalog without a key gets one";
    const std::string old = first->link.keyId;
    EXPECT_EQ(management_->retireKey(old).error().code, ErrorCode::Conflict);

    rulesChanged_ = 0;
    const auto rotated = management_->rotateKey();
    ASSERT_TRUE(rotated);
    EXPECT_TRUE(rotated->current);
    EXPECT_NE(rotated->id, old);
    EXPECT_EQ(rulesChanged_, 1);
    EXPECT_EQ(management_->createLink({"docs", {}, {}, true})->link.keyId, rotated->id);
    EXPECT_EQ(judge(first->url), auth::LinkVerdict::Valid) << "old links stay good";

    const auto secret = management_->exportKey(old);
    ASSERT_TRUE(secret);
    EXPECT_EQ(secret->size(), 64U);
    const auto retired = management_->retireKey(old);
    ASSERT_TRUE(retired);
    EXPECT_EQ(retired->retiredAt, now());
    EXPECT_EQ(rulesChanged_, 2);
    EXPECT_EQ(judge(first->url), auth::LinkVerdict::UnknownKey);
    const auto shown = management_->showLink(first->link.id);
    EXPECT_EQ(shown->state, LinkState::KeyRetired);
    EXPECT_TRUE(shown->url.empty());
    EXPECT_EQ(management_->exportKey(old).error().code, ErrorCode::Conflict);
    EXPECT_EQ(management_->exportKey("nope").error().code, ErrorCode::NotFound);
    EXPECT_EQ(management_->retireKey("nope").error().code, ErrorCode::NotFound);
    EXPECT_EQ(management_->listKeys()->size(), 2U);
}

TEST_F(ManagementTest, BansComeAndGoWithAndWithoutAServer)
{
    policy::BanBook book(clock_, 1024, {});
    Management serving(*catalog_, clock_, folder_.file("data"), {}, nullptr, {&book});
    for (Management* management : {&*management_, &serving}) {
        const auto added = management->addBan({"2001:db8:1:2::7", std::chrono::seconds(60), "spam"});
        ASSERT_TRUE(added) << added.error().message;
        EXPECT_EQ(added->address, "2001:db8:1:2::/64");
        EXPECT_EQ(added->until, now() + 60);
        EXPECT_TRUE(added->byHand);
        ASSERT_TRUE(management->addBan({"192.0.2.1", {}, {}}));
        auto listed = management->listBans();
        ASSERT_TRUE(listed);
        ASSERT_EQ(listed->size(), 2U);
        EXPECT_EQ(management_->listBans()->size(), 2U) << "both are in the catalog";
        clock_.advance(std::chrono::seconds(60));
        listed = management->listBans();
        ASSERT_EQ(listed->size(), 1U);
        EXPECT_EQ(listed->front().address, "192.0.2.1");
        EXPECT_EQ(listed->front().until, std::nullopt);
        const auto lifted = management->liftBan("192.0.2.1");
        ASSERT_TRUE(lifted);
        EXPECT_EQ(lifted->reason, "by hand");
        EXPECT_EQ(management->liftBan("192.0.2.1").error().code, ErrorCode::NotFound);
        EXPECT_TRUE(management_->listBans()->empty());
    }
    EXPECT_TRUE(book.list().empty());
}

TEST_F(ManagementTest, ABanThatIsNoBanIsRefused)
{
    const NewBan bad[] = {
        {"127.0.0.1"},
        {"::1"},
        {"0.0.0.0"},
        {"::"},
        {"192.0.2.0/24"},
        {"here"},
        {""},
        {"192.0.2.1", std::chrono::seconds(0)},
        {"192.0.2.1", std::chrono::hours(24 * 36'501)},
        {"192.0.2.1", {}, std::string(201, 'x')},
    };
    for (const NewBan& ban : bad)
        EXPECT_EQ(management_->addBan(ban).error().code, ErrorCode::InvalidArgument) << ban.address;
    EXPECT_TRUE(management_->addBan({"192.0.2.1", std::chrono::hours(24 * 36'500), std::string(200, 'x')}));
}

TEST_F(ManagementTest, ReceiptsOfALinkComeInPages)
{
    ASSERT_TRUE(addFiles());
    const auto made = management_->createLink({"docs/a.txt", {}, "", true});
    ASSERT_TRUE(made);
    const std::string id = made->link.id;
    EXPECT_TRUE(management_->linkReceipts(id, 0, 100)->receipts.empty());
    catalog::Link limited = made->link;
    limited.maxDownloads = 3;
    ASSERT_TRUE(
        catalog_->write([&](Session& s) { return catalog::LinkRepository::update(s, limited); }).get());
    for (int i = 1; i <= 3; ++i) {
        EXPECT_EQ(management_->showLink(id)->state, LinkState::Active);
        ASSERT_TRUE(catalog_
                        ->write([&](Session& s) {
                            return catalog::ReceiptRepository::take(s, id, "192.0.2." + std::to_string(i),
                                                                    now(), {}, false);
                        })
                        .get());
    }
    EXPECT_EQ(management_->showLink(id)->state, LinkState::UsedUp);
    const auto listed = management_->listLinks({});
    ASSERT_EQ(listed->links.size(), 1u) << "it still opens for those it was counted for";
    EXPECT_EQ(listed->links[0].state, LinkState::UsedUp);
    EXPECT_STREQ(linkStateName(LinkState::UsedUp), "used-up");

    const auto first = management_->linkReceipts(id, 0, 2);
    ASSERT_TRUE(first);
    ASSERT_EQ(first->receipts.size(), 2u);
    EXPECT_EQ(first->receipts[0].recipient, "192.0.2.3");
    EXPECT_NE(first->next, 0);
    const auto second = management_->linkReceipts(id, first->next, 2);
    ASSERT_EQ(second->receipts.size(), 1u);
    EXPECT_EQ(second->receipts[0].recipient, "192.0.2.1");
    EXPECT_EQ(second->next, 0);
    EXPECT_EQ(management_->linkReceipts(id, 0, 3)->next, 0);

    EXPECT_EQ(management_->linkReceipts("AAAAAAAAAAAAAAAA", 0, 10).error().code, ErrorCode::NotFound);
    for (const std::int64_t bad : {0, -1, 1001})
        EXPECT_EQ(management_->linkReceipts(id, 0, bad).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(management_->linkReceipts(id, -1, 10).error().code, ErrorCode::InvalidArgument);
}

} // namespace
} // namespace spillway::engine
