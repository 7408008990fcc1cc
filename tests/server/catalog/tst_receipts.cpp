// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/receiptrepository.h"
#include "tests/server/catalog/catalogfixture.h"

namespace spillway::catalog {
namespace {

using How = ReceiptRepository::Taken::How;
constexpr std::int64_t kStart = 1'700'000'000, kHour = 3600;
constexpr const char* kAnn = "192.0.2.1";
constexpr const char* kBob = "2001:db8:1:2::/64";

struct ReceiptTest : CatalogTest
{
    void SetUp() override
    {
        CatalogTest::SetUp();
        link(1, std::nullopt);
        link(2, 2);
    }
    void link(int number, std::optional<std::int64_t> most)
    {
        Link made = someLink(number, share_.id);
        made.maxDownloads = most;
        ASSERT_TRUE(write([&](Session& s) { return LinkRepository::insert(s, made); }));
    }
    Result<ReceiptRepository::Taken> take(int number, const std::string& who, std::int64_t now = kStart,
                                          bool beyond = false)
    {
        return write(
            [&](Session& s) { return ReceiptRepository::take(s, linkId(number), who, now, life, beyond); });
    }
    How how(int number, const std::string& who, std::int64_t now = kStart, bool beyond = false)
    {
        const auto taken = take(number, who, now, beyond);
        EXPECT_TRUE(taken) << taken.error().message;
        return taken ? taken->how : How::Revoked;
    }
    std::int64_t downloads(int number)
    {
        return read([&](Session& s) { return LinkRepository::find(s, linkId(number)); }).value()->downloads;
    }
    ReceiptFile file(std::uint64_t begin, std::uint64_t end, std::string path = "", std::string tag = "\"a\"",
                     std::int64_t size = 100)
    {
        ReceiptFile made{std::move(path), std::move(tag), size, {}};
        (void)made.arrived.add(begin, end);
        return made;
    }
    ReceiptRepository::Saved save(std::int64_t id, std::int64_t lastAt, std::vector<ReceiptFile> files,
                                  bool isFolder = false)
    {
        auto saved = write([&](Session& s) {
            return ReceiptRepository::save(s, {id, lastAt, isFolder, files});
        });
        EXPECT_TRUE(saved) << saved.error().message;
        return saved ? *saved : ReceiptRepository::Saved{};
    }
    std::vector<Receipt> list(int number, std::int64_t after = 0, std::int64_t limit = 100)
    {
        return read([&](Session& s) { return ReceiptRepository::list(s, linkId(number), after, limit); })
            .value();
    }
    policy::RecipientLife life; // 24 h idle, 1 h done
};

TEST_F(ReceiptTest, ARecipientIsCountedOnceWhileHisReceiptLasts)
{
    EXPECT_EQ(how(1, kAnn), How::Counted);
    EXPECT_EQ(how(1, kAnn), How::Known);
    EXPECT_EQ(how(1, kBob), How::Counted);
    EXPECT_EQ(downloads(1), 2);
    EXPECT_EQ(how(1, kAnn, kStart + 24 * kHour - 1), How::Known) << "and that was activity";
    EXPECT_EQ(how(1, kAnn, kStart + 48 * kHour - 2), How::Known);
    EXPECT_EQ(how(1, kAnn, kStart + 72 * kHour - 2), How::Counted) << "a day without";
    EXPECT_EQ(downloads(1), 3);
    EXPECT_EQ(list(1).size(), 3u);
    EXPECT_EQ(how(2, kAnn), How::Counted) << "each link by itself";
}

TEST_F(ReceiptTest, AMaximumIsNeverPassed)
{
    EXPECT_EQ(how(2, "192.0.2.1"), How::Counted);
    EXPECT_EQ(how(2, "192.0.2.2"), How::Counted);
    EXPECT_EQ(how(2, "192.0.2.3"), How::UsedUp);
    EXPECT_EQ(how(2, "192.0.2.1"), How::Known) << "who was counted goes on";
    EXPECT_EQ(downloads(2), 2);
    EXPECT_EQ(list(2).size(), 2u);
    EXPECT_EQ(how(2, "192.0.2.4", kStart, true), How::Counted) << "who was let through before is counted";
    EXPECT_EQ(downloads(2), 3);
}

TEST_F(ReceiptTest, RevokedAndLostLinksAreTakenByNobodyNew)
{
    EXPECT_EQ(how(1, kAnn), How::Counted);
    ASSERT_TRUE(write([](Session& s) { return LinkRepository::revoke(s, linkId(1), kStart); }));
    EXPECT_EQ(how(1, kBob), How::Revoked);
    EXPECT_EQ(how(1, kAnn), How::Known) << "the link itself is judged elsewhere";
    EXPECT_EQ(how(1, kBob, kStart, true), How::Counted);
    EXPECT_EQ(take(9, kAnn).error().code, ErrorCode::NotFound);
    EXPECT_EQ(take(9, kAnn, kStart, true).error().code, ErrorCode::NotFound);
}

TEST_F(ReceiptTest, CoverageIsJoined)
{
    const std::int64_t id = take(1, kAnn)->receipt.id;
    EXPECT_EQ(save(id, kStart + 1, {file(0, 40)}).complete, std::vector<bool>{false});
    EXPECT_EQ(save(id, kStart + 2, {file(60, 100)}).finishedAt, std::nullopt);
    const auto saved = save(id, kStart + 3, {file(40, 60)});
    EXPECT_EQ(saved.complete, std::vector<bool>{true});
    EXPECT_EQ(saved.finishedAt, kStart + 3);
    EXPECT_EQ(save(id, kStart + 9, {file(0, 100)}).finishedAt, kStart + 3) << "the first time counts";
    const auto receipts = list(1);
    ASSERT_EQ(receipts.size(), 1u);
    const Receipt& receipt = receipts.front();
    EXPECT_EQ(receipt.recipient, kAnn);
    EXPECT_EQ(receipt.startedAt, kStart);
    EXPECT_EQ(receipt.lastAt, kStart + 9);
    EXPECT_EQ(receipt.finishedAt, kStart + 3);
    ASSERT_EQ(receipt.files.size(), 1u);
    EXPECT_EQ(receipt.files.front().arrived.covered(), 100u);
    EXPECT_EQ(receipt.files.front().size, 100);
    EXPECT_EQ(receipt.files.front().entityTag, "\"a\"");
}

TEST_F(ReceiptTest, AnHourAfterTheLastByteItIsAnotherDownload)
{
    const std::int64_t id = take(1, kAnn)->receipt.id;
    save(id, kStart + 10, {file(0, 100)});
    EXPECT_EQ(how(1, kAnn, kStart + 10 + kHour - 1), How::Known);
    EXPECT_EQ(how(1, kAnn, kStart + 10 + kHour), How::Counted);
    EXPECT_EQ(downloads(1), 2);
}

TEST_F(ReceiptTest, AChangedFileStartsAnew)
{
    const std::int64_t id = take(1, kAnn)->receipt.id;
    save(id, kStart, {file(0, 100)});
    EXPECT_EQ(save(id, kStart + 1, {file(0, 50, "", "\"b\"")}).finishedAt, std::nullopt);
    EXPECT_EQ(list(1).front().files.front().arrived.covered(), 50u);
    EXPECT_EQ(save(id, kStart + 2, {file(0, 50, "", "\"b\"", 50)}).finishedAt, kStart + 2)
        << "another size is another file, too";
    EXPECT_EQ(save(id, kStart + 3, {file(0, 100, "", "\"c\"")}).finishedAt, kStart + 3);
}

TEST_F(ReceiptTest, FoldersHaveTheirFilesAndNeverFinish)
{
    const std::int64_t id = take(1, kAnn)->receipt.id;
    const auto saved = save(id, kStart + 1, {file(0, 100, "b/2"), file(0, 10, "a/\xff")}, true);
    EXPECT_EQ(saved.complete, (std::vector<bool>{true, false}));
    EXPECT_EQ(saved.finishedAt, std::nullopt);
    const auto receipts = list(1);
    ASSERT_EQ(receipts.front().files.size(), 2u);
    EXPECT_EQ(receipts.front().files[0].path, "a/\xff");
    EXPECT_EQ(receipts.front().files[1].path, "b/2");
    EXPECT_EQ(how(1, kAnn, kStart + 2 * kHour), How::Known);
}

TEST_F(ReceiptTest, PagesAreNewestFirst)
{
    for (int i = 1; i <= 5; ++i)
        EXPECT_EQ(how(1, "192.0.2." + std::to_string(i), kStart + i), How::Counted);
    const auto first = list(1, 0, 2);
    ASSERT_EQ(first.size(), 2u);
    EXPECT_EQ(first[0].recipient, "192.0.2.5");
    EXPECT_EQ(first[1].recipient, "192.0.2.4");
    const auto next = list(1, first[1].id, 2);
    ASSERT_EQ(next.size(), 2u);
    EXPECT_EQ(next[0].recipient, "192.0.2.3");
    EXPECT_EQ(list(1, next[1].id, 2).size(), 1u);
    EXPECT_TRUE(list(2).empty());
}

TEST_F(ReceiptTest, TheyGoWithTheirLink)
{
    const std::int64_t id = take(1, kAnn)->receipt.id;
    save(id, kStart, {file(0, 10)});
    ASSERT_TRUE(write([&](Session& s) { return ShareRepository::remove(s, share_.id); }));
    EXPECT_EQ(read([](Session& s) { return s.scalar("SELECT count(*) FROM receipts"); }), "0");
    EXPECT_EQ(read([](Session& s) { return s.scalar("SELECT count(*) FROM receipt_files"); }), "0");
    EXPECT_EQ(write([&](Session& s) {
                  return ReceiptRepository::save(s, {id, kStart, false, {}});
              })
                  .error()
                  .code,
              ErrorCode::NotFound);
}

TEST_F(ReceiptTest, TheOldestThatAreOverGo)
{
    constexpr std::int64_t kept = ReceiptRepository::kKeptPerLink;
    // 10,300 recipients, the first 100 of them still within their day, the others long over.
    ASSERT_TRUE(write([&](Session& s) -> Result<bool> {
        for (std::int64_t i = 0; i < kept + 300; ++i) {
            Statement add = s.prepare("INSERT INTO receipts (link, recipient, started_at, last_at) "
                                      "VALUES (?, ?, ?, ?)");
            add.bindText(linkId(1)).bindText("r" + std::to_string(i)).bind(kStart);
            if (auto ran = add.bind(i < 100 ? kStart + 100 * kHour : kStart).run(); !ran)
                return fail(ran.error());
        }
        return true;
    }));
    for (int i = 0; i < 100; ++i) // one of a hundred new ones looks for old ones
        EXPECT_EQ(how(1, "new" + std::to_string(i), kStart + 100 * kHour), How::Counted);
    EXPECT_EQ(read([](Session& s) { return s.scalar("SELECT count(*) FROM receipts"); }),
              std::to_string(kept + 100));
    EXPECT_EQ(how(1, "r0", kStart + 101 * kHour), How::Known) << "who lasts is not forgotten";
    EXPECT_EQ(list(1, 0, 1).front().recipient, "new99");
}

TEST_F(ReceiptTest, ACountIsNoChangeOfRules)
{
    ChangeSet seen;
    const auto watch = catalog_->onChange([&](const ChangeSet& changes) { seen = changes; });
    EXPECT_EQ(how(2, kAnn), How::Counted);
    EXPECT_EQ(seen.counted, std::vector<std::string>{linkId(2)});
    EXPECT_FALSE(seen.touchesRules());
    EXPECT_FALSE(seen.empty());
}

} // namespace
} // namespace spillway::catalog
