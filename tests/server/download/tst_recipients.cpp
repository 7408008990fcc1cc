// SPDX-License-Identifier: GPL-3.0-or-later
// Who is counted, and what is saved: the table over a real catalog.
#include "server/download/recipients.h"
#include "tests/server/catalog/catalogfixture.h"

#include <future>
#include <latch>

namespace spillway::download {
namespace {

using catalog::linkId;
using catalog::ReceiptRepository;
using Verdict = Recipients::Verdict;
constexpr std::int64_t kStart = 1'700'000'000, kHour = 3600;

struct RecipientsTest : catalog::CatalogTest
{
    void SetUp() override
    {
        CatalogTest::SetUp();
        link(1, std::nullopt);
        link(2, 2);
        renew();
    }
    void TearDown() override { recipients.reset(); }
    void link(int number, std::optional<std::int64_t> most)
    {
        catalog::Link made = catalog::someLink(number, share_.id);
        made.maxDownloads = most;
        ASSERT_TRUE(write([&](catalog::Session& s) { return catalog::LinkRepository::insert(s, made); }));
    }
    /// As after a restart, or a crash before which everything was saved.
    void renew()
    {
        recipients.reset();
        recipients.emplace(*catalog_, clock_, options);
    }
    Recipients::Question ask(int number, std::string who, std::int64_t now = kStart)
    {
        return {linkId(number), std::move(who), false, now};
    }
    Recipients::Answer durably(int number, const std::string& who, std::int64_t now = kStart)
    {
        std::promise<Recipients::Answer> promise;
        recipients->admitDurably(ask(number, who, now),
                                 [&](const Recipients::Answer& answer) { promise.set_value(answer); });
        return promise.get_future().get();
    }
    Recipients::Answer found(int number, const std::string& who, std::int64_t now = kStart)
    {
        std::promise<Recipients::Answer> promise;
        recipients->find(ask(number, who, now),
                         [&](const Recipients::Answer& answer) { promise.set_value(answer); });
        return promise.get_future().get();
    }
    std::int64_t downloads(int number)
    {
        return read([&](catalog::Session& s) { return catalog::LinkRepository::find(s, linkId(number)); })
            .value()
            ->downloads;
    }
    std::vector<catalog::Receipt> receipts(int number)
    {
        return read([&](catalog::Session& s) { return ReceiptRepository::list(s, linkId(number), 0, 1000); })
            .value();
    }
    static LinkFile file(std::string path = {}, std::string tag = "\"a\"", std::uint64_t size = 100)
    {
        return {std::move(path), std::move(tag), size};
    }
    /// A transfer from begin to end.
    void transfer(const RecipientPtr& who, const LinkFile& what, std::uint64_t begin, std::uint64_t end,
                  std::int64_t now = kStart)
    {
        ASSERT_TRUE(who->begin(what, now));
        const policy::RangeUnion::Piece piece{begin, end};
        who->end(what, {&piece, begin < end ? 1u : 0u}, now);
        recipients->changed(who);
    }

    Recipients::Options options = [] {
        Recipients::Options quiet;
        quiet.saveEvery = std::chrono::hours(1); // nothing is saved but when a test says so
        return quiet;
    }();
    std::optional<Recipients> recipients;
};

TEST_F(RecipientsTest, WithoutAMaximumHeGoesOnAndIsCountedSoon)
{
    const auto first = recipients->admit(ask(1, "ann"));
    EXPECT_EQ(first.verdict, Verdict::Admitted);
    EXPECT_TRUE(first.isNew);
    ASSERT_TRUE(first.recipient);
    EXPECT_FALSE(first.recipient->isSaved());
    EXPECT_FALSE(recipients->admit(ask(1, "ann")).isNew);
    EXPECT_EQ(recipients->admit(ask(1, "ann")).recipient, first.recipient);
    EXPECT_EQ(recipients->known(ask(1, "ann"), false), first.recipient);
    EXPECT_EQ(recipients->known(ask(1, "ann"), true), nullptr) << "not on the disk";
    EXPECT_EQ(recipients->known(ask(1, "bob"), false), nullptr);
    EXPECT_EQ(downloads(1), 0);
    ASSERT_TRUE(recipients->save());
    EXPECT_EQ(downloads(1), 1);
    EXPECT_TRUE(first.recipient->isSaved());
    EXPECT_EQ(recipients->known(ask(1, "ann"), true), first.recipient);
    ASSERT_TRUE(recipients->save());
    EXPECT_EQ(downloads(1), 1);
    EXPECT_EQ(recipients->counters().counted, 1u);
}

TEST_F(RecipientsTest, WithAMaximumTheCountIsOnTheDiskFirst)
{
    const auto ann = durably(2, "ann");
    EXPECT_EQ(ann.verdict, Verdict::Admitted);
    EXPECT_TRUE(ann.isNew);
    EXPECT_EQ(downloads(2), 1);
    EXPECT_EQ(durably(2, "ann").recipient, ann.recipient);
    EXPECT_FALSE(durably(2, "ann").isNew);
    EXPECT_EQ(durably(2, "bob").verdict, Verdict::Admitted);
    EXPECT_EQ(durably(2, "eve").verdict, Verdict::UsedUp);
    EXPECT_EQ(durably(2, "eve").verdict, Verdict::UsedUp);
    EXPECT_EQ(durably(2, "ann").verdict, Verdict::Admitted);
    EXPECT_EQ(downloads(2), 2);
    EXPECT_EQ(durably(9, "ann").verdict, Verdict::Revoked) << "no such link";
    EXPECT_EQ(recipients->counters().recipients, 2u) << "who was refused takes no room";
}

TEST_F(RecipientsTest, ARestartCountsNobodyTwice)
{
    EXPECT_EQ(durably(2, "ann").verdict, Verdict::Admitted);
    (void)recipients->admit(ask(1, "ann"));
    renew(); // saves
    EXPECT_EQ(found(2, "ann").verdict, Verdict::Admitted);
    EXPECT_EQ(found(2, "bob").verdict, Verdict::UsedUp);
    EXPECT_FALSE(durably(2, "ann").isNew);
    EXPECT_TRUE(recipients->admit(ask(1, "ann")).isNew) << "as far as memory goes";
    ASSERT_TRUE(recipients->save());
    EXPECT_EQ(downloads(1), 1);
    EXPECT_EQ(downloads(2), 1);
    EXPECT_EQ(receipts(1).size(), 1u);
}

TEST_F(RecipientsTest, HeLastsUntilHeIsIdleOrDone)
{
    const auto ann = durably(2, "ann").recipient;
    transfer(ann, file(), 0, 50, kStart + 10);
    const auto known = [&](std::int64_t now) {
        return recipients->known(ask(2, "ann", now), true) != nullptr;
    };
    EXPECT_TRUE(known(kStart + 10 + 24 * kHour - 1));
    EXPECT_FALSE(known(kStart + 10 + 24 * kHour));
    transfer(ann, file(), 50, 100, kStart + 20);
    EXPECT_TRUE(known(kStart + 20 + kHour - 1));
    EXPECT_FALSE(known(kStart + 20 + kHour));
    EXPECT_EQ(durably(2, "ann", kStart + 20 + kHour - 1).isNew, false);
    ASSERT_TRUE(recipients->save());
    const auto again = durably(2, "ann", kStart + 20 + kHour);
    EXPECT_TRUE(again.isNew) << "another download";
    EXPECT_NE(again.recipient, ann);
    EXPECT_EQ(downloads(2), 2);
    EXPECT_EQ(durably(2, "ann", kStart + 20 + 26 * kHour).verdict, Verdict::UsedUp);
}

TEST_F(RecipientsTest, ALongTransferIsActivityAllTheWhile)
{
    const auto ann = durably(2, "ann").recipient;
    ASSERT_TRUE(ann->begin(file(), kStart));
    EXPECT_TRUE(recipients->known(ask(2, "ann", kStart + 100 * kHour), true));
    ann->end(file(), {}, kStart + 100 * kHour);
    EXPECT_TRUE(recipients->known(ask(2, "ann", kStart + 124 * kHour - 1), true));
    EXPECT_FALSE(recipients->known(ask(2, "ann", kStart + 124 * kHour), true));
}

TEST_F(RecipientsTest, SettingsHoldAtOnce)
{
    const auto ann = durably(2, "ann").recipient;
    recipients->setLife({std::chrono::seconds(60), std::chrono::seconds(5)});
    EXPECT_TRUE(recipients->known(ask(2, "ann", kStart + 59), true));
    EXPECT_FALSE(recipients->known(ask(2, "ann", kStart + 60), true));
}

TEST_F(RecipientsTest, CoverageGoesIntoTheReceiptAndOutOfMemory)
{
    const auto ann = recipients->admit(ask(1, "ann")).recipient;
    EXPECT_FALSE(ann->covers(file().tag()));
    transfer(ann, file(), 0, 40);
    ASSERT_TRUE(recipients->save());
    EXPECT_FALSE(ann->isBusy());
    transfer(ann, file(), 60, 100, kStart + 1);
    transfer(ann, file(), 30, 70, kStart + 2);
    EXPECT_FALSE(ann->covers(file().tag())) << "memory alone does not know all";
    ASSERT_TRUE(recipients->save());
    EXPECT_TRUE(ann->covers(file().tag()));
    const auto all = receipts(1);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all.front().finishedAt, kStart + 2);
    EXPECT_EQ(all.front().files.front().arrived.covered(), 100u);
    EXPECT_FALSE(ann->lasts(recipients->life(), kStart + 2 + kHour));
}

TEST_F(RecipientsTest, AWholeFileIsDoneAtOnce)
{
    const auto ann = recipients->admit(ask(1, "ann")).recipient;
    transfer(ann, file(), 0, 100, kStart + 5);
    EXPECT_TRUE(ann->covers(file().tag()));
    EXPECT_FALSE(ann->covers(file("", "\"b\"").tag()));
    EXPECT_FALSE(ann->lasts(recipients->life(), kStart + 5 + kHour));
    // The file changes: he has not got it any more, until he has the new one.
    transfer(ann, file("", "\"b\""), 0, 10, kStart + 6);
    EXPECT_TRUE(ann->lasts(recipients->life(), kStart + 5 + kHour));
    transfer(ann, file("", "\"b\""), 0, 100, kStart + 7);
    EXPECT_FALSE(ann->lasts(recipients->life(), kStart + 7 + kHour));
}

TEST_F(RecipientsTest, ATransferOfAnOlderFileSaysNothingOfTheNewOne)
{
    const auto ann = recipients->admit(ask(1, "ann")).recipient;
    ASSERT_TRUE(ann->begin(file("", "\"old\""), kStart));
    ASSERT_TRUE(ann->begin(file("", "\"new\""), kStart));
    const policy::RangeUnion::Piece whole{0, 100}, half{0, 50};
    ann->end(file("", "\"old\""), {&whole, 1}, kStart);
    EXPECT_FALSE(ann->covers(file("", "\"new\"").tag()));
    ann->end(file("", "\"new\""), {&half, 1}, kStart);
    recipients->changed(ann);
    ASSERT_TRUE(recipients->save());
    const auto saved = receipts(1).front().files.front();
    EXPECT_EQ(saved.entityTag, "\"new\"");
    EXPECT_EQ(saved.arrived.covered(), 50u);
}

TEST_F(RecipientsTest, AFolderIsOneDownloadWhateverIsTakenFromIt)
{
    auto question = ask(1, "ann");
    question.isFolder = true;
    const auto ann = recipients->admit(question).recipient;
    transfer(ann, file("a/1"), 0, 100);
    transfer(ann, file("a/2"), 0, 50);
    EXPECT_TRUE(ann->covers(file("a/1").tag()));
    ASSERT_TRUE(recipients->save());
    EXPECT_TRUE(ann->lasts(recipients->life(), kStart + 24 * kHour - 1)) << "only idleness ends it";
    EXPECT_FALSE(ann->lasts(recipients->life(), kStart + 24 * kHour));
    EXPECT_EQ(downloads(1), 1);
    EXPECT_EQ(receipts(1).front().files.size(), 2u);
    EXPECT_EQ(receipts(1).front().finishedAt, std::nullopt);
}

TEST_F(RecipientsTest, AFullTableRefusesOnlyWhereItMust)
{
    options.maxRecipients = 16; // one a shard
    renew();
    // Nobody is saved, so nobody may leave.
    std::uint64_t lost = 0;
    for (int i = 0; i < 200; ++i)
        lost += recipients->admit(ask(1, "r" + std::to_string(i))).recipient == nullptr ? 1 : 0;
    EXPECT_GE(lost, 184u);
    EXPECT_EQ(recipients->counters().refused, lost);
    EXPECT_LE(recipients->counters().recipients, 16u);
    std::uint64_t unavailable = 0;
    for (int i = 0; i < 50; ++i)
        unavailable += durably(2, "d" + std::to_string(i)).verdict == Verdict::Unavailable ? 1 : 0;
    EXPECT_GT(unavailable, 0u) << "fails closed";
    EXPECT_LE(downloads(2), 2);
    ASSERT_TRUE(recipients->save());
    EXPECT_TRUE(recipients->admit(ask(1, "new")).recipient) << "those that are saved make room";
    EXPECT_LE(recipients->counters().recipients, 16u);
    EXPECT_FALSE(durably(2, "d0").isNew && downloads(2) > 2);
}

TEST_F(RecipientsTest, TooManyFilesAreNotFollowed)
{
    options.maxFiles = 3;
    renew();
    const auto ann = recipients->admit(ask(1, "ann")).recipient;
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(ann->begin(file(std::to_string(i)), kStart));
    EXPECT_FALSE(ann->begin(file("3"), kStart));
    EXPECT_EQ(recipients->counters().filesDropped, 1u);
    for (int i = 0; i < 3; ++i)
        ann->end(file(std::to_string(i)), {}, kStart);
    recipients->changed(ann);
    ASSERT_TRUE(recipients->save());
    EXPECT_TRUE(ann->begin(file("3"), kStart)) << "what is saved makes room";
    ann->end(file("3"), {}, kStart);
}

TEST_F(RecipientsTest, AMaximumThatIsSetLaterHoldsForWhoComesAfterIt)
{
    const auto ann = recipients->admit(ask(1, "ann")).recipient;
    auto changed = read([](catalog::Session& s) { return catalog::LinkRepository::find(s, linkId(1)); });
    (*changed)->maxDownloads = 1;
    ASSERT_TRUE(write([&](catalog::Session& s) { return catalog::LinkRepository::update(s, **changed); }));
    EXPECT_EQ(durably(1, "ann").recipient, ann) << "let through before: counted now, and goes on";
    EXPECT_EQ(downloads(1), 1);
    EXPECT_EQ(durably(1, "bob").verdict, Verdict::UsedUp);
    ASSERT_TRUE(recipients->save());
    EXPECT_EQ(downloads(1), 1);
}

TEST_F(RecipientsTest, ACatalogThatRefusesIsTriedAgain)
{
    const auto ann = recipients->admit(ask(1, "ann")).recipient;
    transfer(ann, file(), 0, 100);
    ASSERT_TRUE(write([](catalog::Session& s) {
        return s.execute("CREATE TRIGGER stop BEFORE INSERT ON receipts BEGIN SELECT RAISE(FAIL, 'no'); END");
    }));
    EXPECT_EQ(recipients->save().error().code, ErrorCode::Conflict);
    EXPECT_EQ(durably(2, "bob").verdict, Verdict::Unavailable) << "what cannot be counted is not given";
    EXPECT_EQ(durably(2, "bob").verdict, Verdict::Unavailable);
    EXPECT_EQ(downloads(2), 0);
    EXPECT_EQ(recipients->counters().saveFailures, 1u);
    EXPECT_EQ(recipients->known(ask(1, "ann"), false), ann);
    ASSERT_TRUE(write([](catalog::Session& s) { return s.execute("DROP TRIGGER stop"); }));
    ASSERT_TRUE(recipients->save());
    EXPECT_EQ(downloads(1), 1);
    EXPECT_EQ(receipts(1).front().files.front().arrived.covered(), 100u);
    EXPECT_EQ(durably(2, "bob").verdict, Verdict::Admitted);
}

TEST_F(RecipientsTest, ManyRaceForTheLastOnes)
{
    constexpr int kThreads = 8;
    for (int round = 0; round < 10; ++round) {
        const int number = 100 + round;
        link(number, 3);
        std::latch together(kThreads);
        std::atomic<int> admitted{0}, usedUp{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < kThreads; ++i)
            threads.emplace_back([&, i] {
                together.arrive_and_wait();
                // Each recipient asks twice at once, from two threads.
                const auto answer = durably(number, "r" + std::to_string(i / 2));
                (answer.verdict == Verdict::Admitted ? admitted : usedUp).fetch_add(1);
            });
        for (std::thread& thread : threads)
            thread.join();
        EXPECT_EQ(admitted, 6) << "three recipients, each twice";
        EXPECT_EQ(usedUp, 2);
        EXPECT_EQ(downloads(number), 3);
        EXPECT_EQ(receipts(number).size(), 3u);
    }
}

TEST_F(RecipientsTest, ManyThreadsSaveOneTruth)
{
    options.saveEvery = std::chrono::milliseconds(1);
    renew();
    const auto ann = recipients->admit(ask(1, "ann")).recipient;
    constexpr std::uint64_t kPieces = 400;
    const LinkFile what = file("", "\"a\"", 4 * kPieces * 10);
    std::vector<std::thread> threads;
    for (std::uint64_t t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (std::uint64_t i = 0; i < kPieces; ++i) {
                const std::uint64_t at = (i * 4 + t) * 10;
                transfer(ann, what, at, at + 10);
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    ASSERT_TRUE(recipients->save());
    const auto saved = receipts(1);
    ASSERT_EQ(saved.size(), 1u);
    EXPECT_EQ(saved.front().files.front().arrived.covered(), what.size);
    EXPECT_TRUE(saved.front().finishedAt);
    EXPECT_TRUE(ann->covers(what.tag()));
    EXPECT_EQ(downloads(1), 1);
}

TEST_F(RecipientsTest, ALinkThatGoesTakesItsRecipientsWithIt)
{
    const auto ann = recipients->admit(ask(1, "ann")).recipient;
    transfer(ann, file(), 0, 100);
    ASSERT_TRUE(write([&](catalog::Session& s) { return catalog::ShareRepository::remove(s, share_.id); }));
    EXPECT_TRUE(recipients->save()) << "nothing to write, nothing to try again";
    EXPECT_FALSE(ann->isBusy());
}

} // namespace
} // namespace spillway::download
