// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/catalog/catalogfixture.h"

#include "server/catalog/linkcache.h"
#include "server/catalog/settingrepository.h"

#include <thread>

namespace spillway::catalog {

TEST_F(CatalogTest, FailedWriteLeavesNothingAndTellsNobody)
{
    int heard = 0;
    const auto watch = catalog_->onChange([&](const ChangeSet&) { ++heard; });
    const auto result = write([](Session& s) -> Result<void> {
        if (auto set = SettingRepository::set(s, "half", "done"); !set)
            return set;
        return fail(ErrorCode::Conflict, "changed my mind");
    });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Conflict);
    EXPECT_FALSE(*read([](Session& s) { return SettingRepository::get(s, "half"); }));
    EXPECT_EQ(heard, 0);
    ASSERT_TRUE(write([](Session& s) { return SettingRepository::set(s, "whole", "done"); }));
    EXPECT_EQ(heard, 1);
}

TEST_F(CatalogTest, FailedWriteDoesNotHurtThoseThatShareItsCommit)
{
    std::promise<void> go;
    auto gate = catalog_->write([open = go.get_future().share()](Session&) -> Result<void> {
        open.wait(); // the next ones pile up behind this and share a commit
        return {};
    });
    std::vector<std::future<Result<void>>> results;
    for (int i = 0; i < 20; ++i) {
        results.push_back(catalog_->write([i](Session& s) -> Result<void> {
            auto set = SettingRepository::set(s, "n" + std::to_string(i), "x");
            if (i % 2 == 1)
                return fail(ErrorCode::Conflict, "odd");
            return set;
        }));
    }
    go.set_value();
    ASSERT_TRUE(gate.get());
    for (std::size_t i = 0; i < results.size(); ++i)
        EXPECT_EQ(results[i].get().has_value(), i % 2 == 0) << i;
    EXPECT_EQ(read([](Session& s) { return SettingRepository::list(s); })->size(), 10U);
}

TEST_F(CatalogTest, ReadersCannotWrite)
{
    const auto result = read([](Session& s) { return SettingRepository::set(s, "a", "b"); });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::PermissionDenied);
}

TEST_F(CatalogTest, ChangesAreHeardBeforeTheAnswer)
{
    std::atomic<bool> heard{false};
    const auto watch = catalog_->onChange([&](const ChangeSet& changes) {
        EXPECT_EQ(changes.links, std::vector<std::string>{linkId(1)});
        heard = true;
    });
    std::promise<bool> order;
    catalog_->writeAsync([&](Session& s) { return LinkRepository::insert(s, someLink(1, share_.id)); },
                         [&](Result<Link> link) { order.set_value(link.has_value() && heard.load()); });
    EXPECT_TRUE(order.get_future().get());
}

TEST_F(CatalogTest, EndedSubscriptionHearsNothing)
{
    int heard = 0;
    {
        const auto watch = catalog_->onChange([&](const ChangeSet&) { ++heard; });
        ASSERT_TRUE(write([](Session& s) { return SettingRepository::set(s, "a", "1"); }));
    }
    ASSERT_TRUE(write([](Session& s) { return SettingRepository::set(s, "a", "2"); }));
    EXPECT_EQ(heard, 1);
}

TEST_F(CatalogTest, FullQueueRefusesAndCounts)
{
    std::promise<void> go;
    const auto open = go.get_future().share();
    std::promise<void> running;
    auto gate = catalog_->write([open, &running](Session&) -> Result<void> {
        running.set_value();
        open.wait();
        return {};
    });
    running.get_future().wait();
    std::atomic<int> done{0};
    std::atomic<int> refused{0};
    const auto count = [&](Result<void> result) {
        if (!result) {
            EXPECT_EQ(result.error().code, ErrorCode::Exhausted);
            ++refused;
        }
        ++done;
    };
    constexpr int limit = 4096;
    for (int i = 0; i < limit; ++i)
        catalog_->writeAsync([](Session&) -> Result<void> { return {}; }, count);
    EXPECT_EQ(done.load(), 0);
    EXPECT_EQ(catalog_->queuedWrites(), 4096U);
    for (int i = 0; i < 2; ++i)
        catalog_->writeAsync([](Session&) -> Result<void> { return {}; }, count);
    EXPECT_EQ(refused.load(), 2); // answered on this thread, at once
    EXPECT_EQ(catalog_->refused(), 2U);
    go.set_value();
    ASSERT_TRUE(gate.get());
    catalog_.reset(); // finishes what it accepted
    EXPECT_EQ(done.load(), limit + 2);
}

TEST_F(CatalogTest, ManyWritersAndReaders)
{
    constexpr int writers = 4;
    constexpr int each = 100;
    std::atomic<bool> writing{true};
    std::vector<std::thread> threads;
    for (int w = 0; w < writers; ++w) {
        threads.emplace_back([&, w] {
            for (int i = 0; i < each; ++i) {
                const int number = w * each + i;
                EXPECT_TRUE(catalog_
                                ->write([&, number](Session& s) {
                                    return LinkRepository::insert(s, someLink(number, share_.id));
                                })
                                .get());
                // What was acknowledged is there for every reader.
                auto own =
                    catalog_->read([number](Session& s) { return LinkRepository::find(s, linkId(number)); });
                EXPECT_TRUE(own.get()->has_value());
            }
        });
    }
    for (int r = 0; r < 2; ++r) {
        threads.emplace_back([&] {
            std::size_t last = 0;
            while (writing.load()) {
                const auto now =
                    catalog_->read([](Session& s) { return LinkRepository::list(s, {.limit = 10000}); })
                        .get();
                ASSERT_TRUE(now);
                EXPECT_GE(now->size(), last); // never an older snapshot than one already seen by this thread
                last = now->size();
            }
        });
    }
    for (int w = 0; w < writers; ++w)
        threads[static_cast<std::size_t>(w)].join();
    writing = false;
    for (std::size_t r = writers; r < threads.size(); ++r)
        threads[r].join();
    EXPECT_EQ(read([](Session& s) { return s.scalar("SELECT count(*) FROM links"); }).value(), "400");
}

TEST_F(CatalogTest, EverythingIsThereAfterReopening)
{
    ASSERT_TRUE(write([&](Session& s) { return LinkRepository::insert(s, someLink(1, share_.id)); }));
    open();
    EXPECT_TRUE(read([](Session& s) { return LinkRepository::find(s, linkId(1)); })->has_value());
    EXPECT_EQ(read([](Session& s) { return KeyRepository::current(s); })->value().id, "k1");
}

TEST_F(CatalogTest, LinkCacheSeesEachAcknowledgedChange)
{
    LinkCache cache(*catalog_, {});
    const auto ask = [&](int number) {
        std::promise<Result<LinkCache::LinkPtr>> answer;
        cache.get(linkId(number), {},
                  [&](Result<LinkCache::LinkPtr> link) { answer.set_value(std::move(link)); });
        return answer.get_future().get().value();
    };
    EXPECT_EQ(ask(1), nullptr);
    EXPECT_EQ(ask(1), nullptr); // remembered
    EXPECT_EQ(cache.counters().negativeHits, 1U);
    ASSERT_TRUE(write([&](Session& s) { return LinkRepository::insert(s, someLink(1, share_.id)); }));
    ASSERT_NE(ask(1), nullptr);
    EXPECT_EQ(ask(1)->path, "a/b.txt");
    EXPECT_EQ(cache.counters().hits, 1U);
    for (std::int64_t i = 1; i <= 50; ++i) {
        ASSERT_TRUE(write([&](Session& s) { return LinkRepository::addDownloads(s, linkId(1), 1); }));
        EXPECT_EQ(ask(1)->downloads, i);
    }
    ASSERT_TRUE(write([](Session& s) { return LinkRepository::revoke(s, linkId(1), 9); }));
    EXPECT_EQ(ask(1)->revokedAt, 9);
    ASSERT_TRUE(write([&](Session& s) { return ShareRepository::remove(s, share_.id); }));
    EXPECT_EQ(ask(1), nullptr);
}

} // namespace spillway::catalog
