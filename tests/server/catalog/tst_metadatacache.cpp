// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/catalog/catalogfixture.h"

#include "server/catalog/metadatacache.h"

#include <condition_variable>
#include <map>
#include <thread>

namespace spillway::catalog {

namespace {

using Cache = MetadataCache<int, std::string>;
using Answer = Result<Cache::ValuePtr>;

/// A source whose rows a test sets; with `hold` its loads wait until the test lets them go.
class FakeSource final : public MetadataSource<int, std::string>
{
public:
    void load(const int& key, Callback done) override
    {
        ++loads;
        Answer answer = read(key); // the row is read now, the answer may come later
        if (hold)
            held.push_back([done = std::move(done), answer] { done(answer); });
        else
            done(answer);
    }

    void release()
    {
        auto now = std::move(held);
        held.clear();
        for (auto& one : now)
            one();
    }

    std::map<int, std::string> rows;
    bool down = false;
    bool hold = false;
    int loads = 0;
    std::vector<std::function<void()>> held;

private:
    [[nodiscard]] Answer read(int key) const
    {
        if (down)
            return fail(ErrorCode::Unavailable, "down");
        const auto row = rows.find(key);
        return row == rows.end() ? Cache::ValuePtr() : std::make_shared<const std::string>(row->second);
    }
};

class MetadataCacheTest : public testing::Test
{
protected:
    std::string ask(int key, bool allowStale = false)
    {
        std::string got = "waiting";
        cache_.get(key, {allowStale}, [&](Answer answer) { got = text(answer); });
        return got;
    }

    static std::string text(const Answer& answer)
    {
        if (!answer)
            return "error";
        return *answer ? **answer : "none";
    }

    FakeSource source_;
    ManualClock clock_;
    Cache cache_{source_, clock_, {}};
};

} // namespace

TEST_F(MetadataCacheTest, LoadsOnceAndExpires)
{
    source_.rows[1] = "a";
    EXPECT_FALSE(cache_.peek(1));
    EXPECT_EQ(ask(1), "a");
    source_.rows[1] = "b";
    clock_.advance(std::chrono::seconds(300) - std::chrono::nanoseconds(1));
    EXPECT_EQ(ask(1), "a");
    EXPECT_EQ(**cache_.peek(1), "a");
    clock_.advance(std::chrono::nanoseconds(1));
    EXPECT_FALSE(cache_.peek(1));
    EXPECT_EQ(ask(1), "b");
    const auto counters = cache_.counters();
    EXPECT_EQ(counters.hits, 2U);
    EXPECT_EQ(counters.misses, 2U);
    EXPECT_EQ(counters.loads, 2U);
    EXPECT_EQ(counters.entries, 1U);
}

TEST_F(MetadataCacheTest, NegativeEntriesLiveShorter)
{
    EXPECT_EQ(ask(1), "none");
    source_.rows[1] = "a";
    clock_.advance(std::chrono::seconds(10) - std::chrono::nanoseconds(1));
    EXPECT_EQ(ask(1), "none");
    EXPECT_EQ(cache_.counters().negativeHits, 1U);
    clock_.advance(std::chrono::nanoseconds(1));
    EXPECT_EQ(ask(1), "a");
    EXPECT_EQ(cache_.counters().entries, 1U);
}

TEST_F(MetadataCacheTest, EraseAndPutAndClear)
{
    source_.rows[1] = "a";
    EXPECT_EQ(ask(1), "a");
    source_.rows[1] = "b";
    cache_.erase(1);
    EXPECT_EQ(ask(1), "b");
    cache_.put(1, std::make_shared<const std::string>("c"));
    EXPECT_EQ(ask(1), "c");
    cache_.put(1, nullptr);
    EXPECT_EQ(ask(1), "none");
    cache_.clear();
    EXPECT_EQ(ask(1), "b");
    EXPECT_EQ(source_.loads, 3);
}

TEST_F(MetadataCacheTest, SingleFlight)
{
    source_.rows[1] = "a";
    source_.hold = true;
    std::vector<std::string> answers;
    for (int i = 0; i < 5; ++i)
        cache_.get(1, {}, [&](Answer answer) { answers.push_back(text(answer)); });
    EXPECT_EQ(source_.loads, 1);
    EXPECT_TRUE(answers.empty());
    source_.release();
    EXPECT_EQ(answers, std::vector<std::string>(5, "a"));
    EXPECT_EQ(cache_.counters().misses, 5U);
    EXPECT_EQ(cache_.counters().loads, 1U);
}

TEST_F(MetadataCacheTest, LoadThatBeganBeforeAnEraseIsNotKept)
{
    source_.rows[1] = "old";
    source_.hold = true;
    std::string early = "waiting";
    std::string late = "waiting";
    cache_.get(1, {}, [&](Answer answer) { early = text(answer); });
    source_.rows[1] = "new";
    cache_.erase(1);
    cache_.get(1, {}, [&](Answer answer) { late = text(answer); });
    EXPECT_EQ(source_.loads, 2);
    source_.release();
    EXPECT_EQ(early, "old"); // asked before the change
    EXPECT_EQ(late, "new");
    EXPECT_EQ(ask(1), "new");
    EXPECT_EQ(source_.loads, 2);
}

TEST_F(MetadataCacheTest, SlowOldLoadDoesNotReplaceTheNewOne)
{
    source_.rows[1] = "old";
    source_.hold = true;
    cache_.get(1, {}, [](const Answer&) {});
    auto slow = std::move(source_.held);
    source_.held.clear();
    source_.rows[1] = "new";
    cache_.erase(1);
    source_.hold = false;
    EXPECT_EQ(ask(1), "new");
    slow[0]();
    EXPECT_EQ(ask(1), "new");
}

TEST_F(MetadataCacheTest, StaleOnlyWhereAllowedAndNeverAfterErase)
{
    source_.rows[1] = "a";
    EXPECT_EQ(ask(1), "a");
    source_.down = true;
    EXPECT_EQ(ask(1), "a"); // fresh: no question
    clock_.advance(std::chrono::seconds(300));
    EXPECT_EQ(ask(1, false), "error");
    EXPECT_EQ(ask(1, true), "a");
    EXPECT_EQ(ask(2, true), "error");
    EXPECT_EQ(cache_.counters().staleServed, 1U);
    EXPECT_EQ(cache_.counters().loadFailures, 3U);
    cache_.erase(1);
    EXPECT_EQ(ask(1, true), "error");
    source_.down = false;
    EXPECT_EQ(ask(1), "a");
}

TEST_F(MetadataCacheTest, BoundsHoldAndNegativesPushOutNoRecord)
{
    Cache small(source_, clock_, {.maxEntries = 64, .maxNegative = 32});
    for (int i = 0; i < 1000; ++i)
        source_.rows[i] = "x";
    for (int i = 0; i < 1000; ++i)
        small.get(i, {}, [](const Answer&) {});
    EXPECT_EQ(small.counters().entries, 64U);
    EXPECT_EQ(small.counters().evictions, 1000U - 64U);
    const auto before = small.counters().evictions;
    for (int i = 1000; i < 3000; ++i)
        small.get(i, {}, [](const Answer&) {});
    EXPECT_EQ(small.counters().entries, 64U + 32U);
    EXPECT_EQ(small.counters().evictions, before + 2000U - 32U);
}

TEST_F(MetadataCacheTest, HotEntryOutlivesAStreamOfColdOnes)
{
    Cache small(source_, clock_, {.maxEntries = 64, .maxNegative = 16});
    for (int i = 0; i < 2000; ++i)
        source_.rows[i] = "x";
    small.get(0, {}, [](const Answer&) {});
    int lost = 0;
    for (int i = 1; i < 2000; ++i) {
        lost += small.peek(0) ? 0 : 1;
        small.get(i, {}, [](const Answer&) {});
    }
    EXPECT_EQ(lost, 0);
}

TEST_F(MetadataCacheTest, MayGoWhileALoadIsUnderWay)
{
    source_.rows[1] = "a";
    source_.hold = true;
    std::string got = "waiting";
    {
        Cache shortLived(source_, clock_, {});
        shortLived.get(1, {}, [&](Answer answer) { got = text(answer); });
    }
    source_.release();
    EXPECT_EQ(got, "a");
}

namespace {

/// Loads on its own threads; a row is a number that only grows.
class ThreadedSource final : public MetadataSource<int, int>
{
public:
    ThreadedSource()
    {
        for (int i = 0; i < 2; ++i)
            threads_.emplace_back([this] { run(); });
    }
    ~ThreadedSource() override
    {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_all();
        for (std::thread& thread : threads_)
            thread.join();
    }

    void load(const int&, Callback done) override
    {
        {
            const std::lock_guard lock(mutex_);
            jobs_.push_back(std::move(done));
        }
        wake_.notify_one();
    }

    std::atomic<int> row{0};

private:
    void run()
    {
        for (;;) {
            Callback done;
            {
                std::unique_lock lock(mutex_);
                wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
                if (jobs_.empty())
                    return;
                done = std::move(jobs_.back());
                jobs_.pop_back();
            }
            const int value = row.load();
            std::this_thread::yield(); // widens the gap between reading the row and storing it
            done(std::make_shared<const int>(value));
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Callback> jobs_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace

TEST(MetadataCacheThreads, NobodySeesARowOlderThanAnEraseBeforeTheQuestion)
{
    ThreadedSource source;
    SystemClock clock;
    MetadataCache<int, int> cache(source, clock, {});
    std::atomic<int> published{0}; // the cache was told of all up to here
    std::atomic<bool> writing{true};
    std::vector<std::thread> readers;
    for (int r = 0; r < 3; ++r) {
        readers.emplace_back([&] {
            while (writing.load()) {
                const int floor = published.load();
                std::promise<int> answer;
                cache.get(7, {},
                          [&](Result<std::shared_ptr<const int>> value) { answer.set_value(**value); });
                EXPECT_GE(answer.get_future().get(), floor);
            }
        });
    }
    for (int i = 1; i <= 3000; ++i) {
        source.row = i;
        cache.erase(7);
        published = i;
        if (i % 8 == 0)
            std::this_thread::yield();
    }
    writing = false;
    for (std::thread& reader : readers)
        reader.join();
    std::promise<int> last;
    cache.get(7, {}, [&](Result<std::shared_ptr<const int>> value) { last.set_value(**value); });
    EXPECT_EQ(last.get_future().get(), 3000);
    const auto counters = cache.counters();
    EXPECT_LE(counters.loads, counters.misses);
}

} // namespace spillway::catalog
