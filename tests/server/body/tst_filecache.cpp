// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/filecache.h"

#include "tests/server/body/testfolder.h"

#include <future>
#include <optional>

namespace spillway::body {
namespace {

using observe::Counter;
using observe::Gauge;
using std::chrono::milliseconds;

struct FileCacheTest : testing::Test
{
    explicit FileCacheTest(FileCache::Options options = {}, std::size_t poolQueue = 100)
        : pool("files", 1, poolQueue),
          cache(std::in_place, options, pool, preloader, types, loop.post(), clock, counters)
    {
        folder.folder("share");
        root = std::make_shared<ShareRoot>(folder.path("share"), ShareRoot::Options{}, clock);
    }

    struct Result
    {
        std::shared_ptr<CachedFile> file;
        std::optional<Error> error;
    };
    std::shared_ptr<CachedFile> find(std::string_view path)
    {
        return cache->find(1, path, clock.monotonic());
    }
    /// As the pipeline does: find, else load and wait.
    Result get(std::string_view path)
    {
        if (auto known = find(path))
            return {known, {}};
        std::optional<Result> result;
        EXPECT_TRUE(cache->load(1, root, path, [&](const auto& file, const Error* error) {
            result = Result{file, error ? std::optional(*error) : std::nullopt};
        }));
        EXPECT_FALSE(result) << "never from inside";
        EXPECT_TRUE(loop.runUntil([&] { return result.has_value(); }));
        return result.value_or(Result{});
    }
    std::string contentOf(const CachedFile& file)
    {
        const auto segment = file.content();
        return {segment.data, segment.length};
    }
    /// Keeps the pool's one thread busy until the promise is set.
    std::promise<void> block()
    {
        std::promise<void> gate;
        std::promise<void> started;
        EXPECT_TRUE(pool.submit([wait = gate.get_future().share(), &started] {
            started.set_value();
            wait.wait();
        }));
        started.get_future().wait();
        return gate;
    }
    [[nodiscard]] std::uint64_t count(Counter counter) const { return counters.value(counter); }

    TestFolder folder;
    SetClock clock;
    observe::Metrics metrics{clock};
    observe::WorkerCounters& counters{metrics.addWriter()};
    TestLoop loop;
    Preloader preloader{{}};
    MediaTypes types;
    BlockingPool pool;
    std::optional<FileCache> cache;
    std::shared_ptr<ShareRoot> root;
};

TEST_F(FileCacheTest, ASmallFileIsHot)
{
    folder.file("share/a/b.txt", "hello");
    const auto result = get("a/b.txt");
    ASSERT_TRUE(result.file);
    EXPECT_FALSE(result.error);
    EXPECT_TRUE(result.file->hot);
    EXPECT_EQ(contentOf(*result.file), "hello");
    EXPECT_EQ(result.file->name, "b.txt");
    EXPECT_EQ(result.file->mediaType.substr(0, 10), "text/plain");
    EXPECT_EQ(result.file->file->size(), 5u);
    EXPECT_EQ(count(Counter::FileCacheMiss), 1u);
    EXPECT_EQ(count(Counter::FileCacheHit), 0u);
    EXPECT_EQ(find("a/b.txt"), result.file);
    EXPECT_EQ(count(Counter::FileCacheHit), 1u);
    EXPECT_EQ(counters.value(Gauge::FileCacheEntries), 1);
    EXPECT_EQ(counters.value(Gauge::HotCacheBytes), 5);
    EXPECT_FALSE(cache->find(2, "a/b.txt", clock.monotonic())) << "another share";
    EXPECT_FALSE(find("a/b.tx"));
}

TEST_F(FileCacheTest, TheSizeUpToWhichAFileIsHot)
{
    for (const std::size_t size : {0u, 1u, 65'535u, 65'536u, 65'537u}) {
        SCOPED_TRACE(size);
        const std::string name = "f" + std::to_string(size), bytes(size, 'x');
        folder.file("share/" + name, bytes);
        const auto result = get(name);
        ASSERT_TRUE(result.file);
        EXPECT_EQ(result.file->hot, size <= 65'536);
        EXPECT_EQ(result.file->file->size(), size);
        if (result.file->hot) {
            EXPECT_EQ(contentOf(*result.file), bytes);
        }
    }
}

TEST_F(FileCacheTest, AReadyAnswerHoldsTheContent)
{
    folder.file("share/a", "hello");
    const auto file = get("a").file;
    ASSERT_TRUE(file);
    auto ready = std::make_shared<ReadyAnswer>();
    ready->bytes = "HEAD|hello";
    ready->headLength = 5;
    file->setReady(1, ready);
    EXPECT_FALSE(file->bytes) << "kept once";
    EXPECT_EQ(contentOf(*file), "hello");
}

TEST_F(FileCacheTest, WhatIsNotAFile)
{
    folder.folder("share/sub");
    folder.file("share/.secret");
    folder.file("outside");
    folder.link("../outside", "share/out");
    struct Case
    {
        const char* path;
        std::optional<ErrorCode> code;
    };
    for (const Case& c : {Case{"sub", {}}, Case{"", {}}, Case{"nothing", ErrorCode::NotFound},
                          Case{"sub/nothing", ErrorCode::NotFound}, Case{".secret", ErrorCode::NotFound},
                          Case{"out", ErrorCode::NotFound}, Case{"sub/..", ErrorCode::InvalidArgument},
                          Case{"a//b", ErrorCode::InvalidArgument}}) {
        SCOPED_TRACE(c.path);
        const auto result = get(c.path);
        EXPECT_FALSE(result.file);
        EXPECT_EQ(result.error.has_value(), c.code.has_value());
        if (result.error && c.code) {
            EXPECT_EQ(result.error->code, *c.code);
        }
        EXPECT_EQ(cache->size(), 0u) << "nothing is kept of it";
    }
}

TEST_F(FileCacheTest, AShareWhoseFolderIsGoneIsUnavailable)
{
    folder.file("share/a");
    ASSERT_TRUE(get("a").file);
    std::filesystem::remove_all(folder.path("share"));
    clock.advance(std::chrono::seconds(5));
    const auto result = get("a");
    EXPECT_FALSE(result.file);
    ASSERT_TRUE(result.error);
    EXPECT_EQ(result.error->code, ErrorCode::Unavailable);
}

TEST_F(FileCacheTest, AShareOfOneFile)
{
    folder.file("share/only.txt", "one");
    root = std::make_shared<ShareRoot>(folder.path("share/only.txt"), ShareRoot::Options{}, clock);
    const auto result = get("");
    ASSERT_TRUE(result.file);
    EXPECT_EQ(result.file->name, "only.txt");
    EXPECT_EQ(contentOf(*result.file), "one");
}

TEST_F(FileCacheTest, AnEntryIsGoodForItsTimeAndLookedAtInTheMiddle)
{
    folder.file("share/a", "old");
    const auto first = get("a").file;
    clock.advance(milliseconds(500));
    EXPECT_EQ(find("a"), first);
    EXPECT_EQ(count(Counter::FileCacheRevalidate), 0u) << "half: not yet";
    clock.advance(milliseconds(1));
    EXPECT_EQ(find("a"), first);
    EXPECT_EQ(count(Counter::FileCacheRevalidate), 1u);
    EXPECT_EQ(find("a"), first);
    EXPECT_EQ(count(Counter::FileCacheRevalidate), 1u) << "one look at a time";
    ASSERT_TRUE(loop.runOne());
    clock.advance(milliseconds(1000));
    EXPECT_EQ(find("a"), first) << "n: good for another second since the look";
    ASSERT_TRUE(loop.runOne());
    clock.advance(milliseconds(1001));
    EXPECT_FALSE(find("a")) << "n+1";
    EXPECT_EQ(get("a").file, first) << "the same file is not opened anew";
    EXPECT_EQ(counters.value(Gauge::FileCacheEntries), 1);
}

TEST_F(FileCacheTest, AReplacedFileIsSeen)
{
    for (const std::size_t size : {10u, 100'000u}) { // hot, and not
        SCOPED_TRACE(size);
        folder.file("share/a", std::string(size, 'o'));
        clock.advance(milliseconds(2000));
        const auto old = get("a").file;
        ASSERT_TRUE(old);
        const auto tag = old->file->entityTag();
        folder.file("share/new", std::string(size, 'n'));
        std::filesystem::rename(folder.path("share/new"), folder.path("share/a"));
        clock.advance(milliseconds(600));
        EXPECT_EQ(find("a"), old);
        ASSERT_TRUE(loop.runOne());
        const auto now = find("a");
        ASSERT_TRUE(now);
        EXPECT_NE(now, old);
        EXPECT_NE(now->file->entityTag(), tag);
        if (size == 10) {
            EXPECT_EQ(contentOf(*now), std::string(size, 'n'));
        }
        EXPECT_EQ(old->slot, nullptr);
        EXPECT_FALSE(cache->use(*old, clock.monotonic())) << "who kept it is told";
        EXPECT_TRUE(cache->use(*now, clock.monotonic()));
        EXPECT_EQ(counters.value(Gauge::FileCacheEntries), 1);
        EXPECT_EQ(counters.value(Gauge::HotCacheBytes), size == 10 ? 10 : 0);
    }
}

TEST_F(FileCacheTest, ARemovedFileIsSeen)
{
    folder.file("share/a", "x");
    const auto old = get("a").file;
    std::filesystem::remove(folder.path("share/a"));
    clock.advance(milliseconds(600));
    EXPECT_EQ(find("a"), old);
    ASSERT_TRUE(loop.runOne());
    EXPECT_FALSE(find("a"));
    EXPECT_EQ(old->slot, nullptr);
    EXPECT_EQ(cache->size(), 0u);
    EXPECT_EQ(counters.value(Gauge::FileCacheEntries), 0);
    EXPECT_EQ(counters.value(Gauge::HotCacheBytes), 0);
    EXPECT_EQ(get("a").error->code, ErrorCode::NotFound);
}

TEST_F(FileCacheTest, OneOpenForAllWhoAsk)
{
    folder.file("share/a", "x");
    auto gate = block();
    std::vector<std::shared_ptr<CachedFile>> results;
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE(
            cache->load(1, root, "a", [&](const auto& file, const Error*) { results.push_back(file); }));
    EXPECT_EQ(pool.queued(), 1u);
    gate.set_value();
    ASSERT_TRUE(loop.runUntil([&] { return results.size() == 10; }));
    ASSERT_TRUE(results.front());
    for (const auto& file : results)
        EXPECT_EQ(file, results.front());
    EXPECT_TRUE(loop.empty());
}

/// A waiting request may ask for the next thing from its callback.
TEST_F(FileCacheTest, LoadsFromACallback)
{
    folder.file("share/a", "x");
    bool second = false;
    ASSERT_TRUE(cache->load(1, root, "nothing", [&](const auto&, const Error*) {
        ASSERT_TRUE(cache->load(1, root, "nothing", [&](const auto&, const Error* error) {
            ASSERT_TRUE(error);
            cache->clear();
            second = true;
        }));
    }));
    EXPECT_TRUE(loop.runUntil([&] { return second; }));
}

TEST_F(FileCacheTest, ClearWithALoadUnderWayStillAnswers)
{
    folder.file("share/a", "x");
    auto gate = block();
    std::optional<bool> found;
    ASSERT_TRUE(cache->load(1, root, "a", [&](const auto& file, const Error*) { found = file != nullptr; }));
    cache->clear();
    gate.set_value();
    ASSERT_TRUE(loop.runUntil([&] { return found.has_value(); }));
    EXPECT_EQ(found, true);
}

TEST_F(FileCacheTest, DestroyedWithLoadsUnderWay)
{
    folder.file("share/a", "x");
    folder.file("share/b", "x");
    const auto kept = get("b").file;
    auto gate = block();
    auto held = std::make_shared<int>();
    bool called = false;
    ASSERT_TRUE(cache->load(1, root, "a", [&, held](const auto&, const Error*) { called = true; }));
    cache.reset();
    EXPECT_EQ(held.use_count(), 1) << "what waited is let go";
    gate.set_value();
    ASSERT_TRUE(loop.runOne());
    EXPECT_FALSE(called);
    EXPECT_EQ(kept->slot, nullptr);
    EXPECT_EQ(counters.value(Gauge::FileCacheEntries), 0);
    EXPECT_EQ(counters.value(Gauge::HotCacheBytes), 0);
}

struct SmallPool : FileCacheTest
{
    SmallPool() : FileCacheTest({}, 2) {}
};

TEST_F(SmallPool, AFullPoolIsSaid)
{
    for (const auto* name : {"share/a", "share/b", "share/c"})
        folder.file(name, "x");
    const auto kept = get("a").file;
    ASSERT_TRUE(kept);
    auto gate = block();
    int done = 0;
    const auto count1 = [&](const auto& file, const Error*) { done += file ? 1 : 0; };
    ASSERT_TRUE(cache->load(1, root, "b", count1));
    ASSERT_TRUE(pool.submit([] {}));
    EXPECT_FALSE(cache->load(1, root, "c", count1));
    EXPECT_EQ(cache->size(), 2u) << "nothing is left of it";
    EXPECT_TRUE(cache->load(1, root, "b", count1)) << "its open is under way";
    clock.advance(milliseconds(600));
    EXPECT_EQ(find("a"), kept) << "no room to look, but still good";
    clock.advance(milliseconds(500));
    EXPECT_FALSE(find("a"));
    EXPECT_FALSE(cache->load(1, root, "a", count1));
    EXPECT_NE(kept->slot, nullptr) << "kept: the next one may find room";
    gate.set_value();
    ASSERT_TRUE(loop.runUntil([&] { return done == 2; }));
    EXPECT_EQ(get("c").file != nullptr, true);
    EXPECT_EQ(get("a").file, kept);
}

struct FourEntries : FileCacheTest
{
    FourEntries()
        : FileCacheTest([] {
              FileCache::Options options;
              options.entries = 4;
              return options;
          }())
    {
    }
};

TEST_F(FourEntries, TheLeastRecentlyUsedLeaves)
{
    std::vector<std::shared_ptr<CachedFile>> files;
    for (int i = 0; i < 6; ++i)
        folder.file("share/" + std::to_string(i), "x");
    for (int i = 0; i < 4; ++i)
        files.push_back(get(std::to_string(i)).file);
    EXPECT_EQ(count(Counter::FileCacheEvicted), 0u);
    EXPECT_TRUE(find("0"));
    ASSERT_TRUE(get("4").file);
    EXPECT_EQ(count(Counter::FileCacheEvicted), 1u);
    EXPECT_TRUE(find("0")) << "was used since";
    EXPECT_FALSE(find("1"));
    EXPECT_EQ(files[1]->slot, nullptr);
    EXPECT_EQ(files[1]->file->size(), 1u) << "answers under way keep it";
    ASSERT_TRUE(get("5").file);
    EXPECT_FALSE(find("2"));
    EXPECT_TRUE(find("3"));
    EXPECT_EQ(cache->size(), 4u);
    EXPECT_EQ(counters.value(Gauge::FileCacheEntries), 4);
}

/// An entry that leaves while the pool looks whether it is still the same: who then waits gets a file.
TEST_F(FourEntries, EvictedWhileItIsLookedAt)
{
    for (int i = 0; i < 6; ++i)
        folder.file("share/" + std::to_string(i), std::to_string(i) + "!");
    ASSERT_TRUE(get("0").file);
    clock.advance(milliseconds(600));
    for (int i = 1; i < 4; ++i)
        ASSERT_TRUE(get(std::to_string(i)).file);
    auto gate = block();
    ASSERT_TRUE(find("0")); // begins to look
    for (int i = 1; i < 4; ++i)
        ASSERT_TRUE(find(std::to_string(i)));
    int done = 0;
    std::shared_ptr<CachedFile> again;
    ASSERT_TRUE(cache->load(1, root, "4", [&](const auto&, const Error*) { ++done; }));
    ASSERT_TRUE(cache->load(1, root, "0", [&](const auto& file, const Error*) {
        ++done;
        again = file;
    }));
    gate.set_value();
    ASSERT_TRUE(loop.runUntil([&] { return done == 2; }));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->name, "0");
    EXPECT_EQ(again->file->size(), 2u);
    EXPECT_LE(cache->size(), 4u);
    EXPECT_EQ(counters.value(Gauge::FileCacheEntries), 4);
}

struct TenHotFiles : FileCacheTest
{
    TenHotFiles()
        : FileCacheTest([] {
              FileCache::Options options;
              options.hotBytes = 10'000;
              options.hotFileMax = 1000;
              return options;
          }())
    {
    }
    void files(int from, int to)
    {
        for (int i = from; i < to; ++i)
            folder.file("share/" + std::to_string(i), std::string(1000, 'x'));
    }
};

TEST_F(TenHotFiles, AScanDoesNotPushOutWhatIsPopular)
{
    files(0, 110);
    for (int round = 0; round < 5; ++round)
        for (int i = 0; i < 10; ++i)
            ASSERT_TRUE(get(std::to_string(i)).file);
    EXPECT_EQ(counters.value(Gauge::HotCacheBytes), 10'000);
    int hotScans = 0;
    for (int i = 10; i < 110; ++i)
        hotScans += get(std::to_string(i)).file->hot ? 1 : 0;
    for (int i = 0; i < 10; ++i)
        EXPECT_TRUE(find(std::to_string(i))->hot) << i;
    EXPECT_EQ(hotScans, 0);
    EXPECT_EQ(counters.value(Gauge::HotCacheBytes), 10'000);
}

TEST_F(TenHotFiles, WhatBecomesPopularBecomesHot)
{
    files(0, 11);
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE(get(std::to_string(i)).file->hot);
    ASSERT_FALSE(get("10").file->hot) << "asked for no more often than the others";
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(find("10"));
    clock.advance(milliseconds(1001)); // read again when it is looked at
    const auto file = get("10").file;
    ASSERT_TRUE(file);
    EXPECT_TRUE(file->hot);
    EXPECT_EQ(contentOf(*file).size(), 1000u);
    EXPECT_EQ(counters.value(Gauge::HotCacheBytes), 10'000) << "in the place of another";
}

/// Losing its bytes does not take them from an answer that is on its way.
TEST_F(TenHotFiles, AnAnswerUnderWayKeepsItsBytes)
{
    files(0, 11);
    std::vector<net::Segment> underWay;
    for (int i = 0; i < 10; ++i)
        underWay.push_back(get(std::to_string(i)).file->content());
    ASSERT_TRUE(get("10").file);
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(find("10"));
    clock.advance(milliseconds(1001));
    ASSERT_TRUE(get("10").file->hot);
    for (const auto& segment : underWay)
        EXPECT_EQ(std::string_view(segment.data, segment.length), std::string(1000, 'x'));
}

struct NothingHot : FileCacheTest
{
    NothingHot()
        : FileCacheTest([] {
              FileCache::Options options;
              options.hotBytes = 0;
              return options;
          }())
    {
    }
};

TEST_F(NothingHot, WithoutABudgetFilesAreServedFromDisk)
{
    folder.file("share/a", "hello");
    const auto file = get("a").file;
    ASSERT_TRUE(file);
    EXPECT_FALSE(file->hot);
    EXPECT_EQ(counters.value(Gauge::HotCacheBytes), 0);
}

} // namespace
} // namespace spillway::body
