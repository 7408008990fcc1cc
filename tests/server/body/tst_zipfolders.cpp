// SPDX-License-Identifier: GPL-3.0-or-later
// Archives of real folders: what the walk finds, what a source sends, who shares which plan.
#include "server/body/zipfolders.h"
#include "tests/server/body/testfolder.h"

#include <atomic>
#include <future>
#include <random>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace spillway::body {

namespace {

using State = net::SegmentSource::State;

class Zips : public testing::Test
{
protected:
    Zips() { folder_.folder("share"); }
    ~Zips() override { end(); }

    Result<ZipPlanPtr> ask(std::vector<std::string> selection = {}, const std::string& path = {})
    {
        std::promise<Result<ZipPlanPtr>> promise;
        auto answer = promise.get_future();
        zips_->plan({1, 1, root_, path, std::move(selection)},
                    [&promise](const Result<ZipPlanPtr>& plan) { promise.set_value(plan); });
        return answer.get();
    }
    ZipPlanPtr plan(std::vector<std::string> selection = {})
    {
        auto asked = ask(std::move(selection));
        EXPECT_TRUE(asked) << asked.error().message;
        return asked ? *asked : nullptr;
    }
    static std::vector<std::string> names(const ZipPlan& plan)
    {
        std::vector<std::string> all;
        for (std::size_t i = 0; i < plan.count(); ++i)
            all.emplace_back(plan.record(i).name);
        return all;
    }
    /// All that a source sends, as a socket that is never full would take it.
    std::string sent(net::SegmentSource& source, State expected = State::Done)
    {
        std::string out;
        for (;;) {
            std::vector<net::Segment> segments;
            bool woken = false;
            const State state = source.next(segments, [&woken] { woken = true; });
            if (state == State::Pending) {
                EXPECT_TRUE(loop_.runUntil([&woken] { return woken; }));
                continue;
            }
            if (state != State::More) {
                EXPECT_EQ(state, expected);
                return out;
            }
            EXPECT_FALSE(segments.empty());
            for (const net::Segment& segment : segments) {
                EXPECT_GT(segment.length, 0U);
                if (!segment.file) {
                    out.append(segment.data, segment.length);
                    continue;
                }
                std::string bytes(segment.length, '\0');
                EXPECT_EQ(::pread(segment.file->fd(), bytes.data(), bytes.size(),
                                  static_cast<off_t>(segment.offset)),
                          static_cast<ssize_t>(bytes.size()));
                out += bytes;
            }
        }
    }
    std::string archive(const ZipPlanPtr& of, std::uint64_t first, std::uint64_t length,
                        State expected = State::Done)
    {
        const auto source = zips_->send(of, {{{}, first, length}}, loop_.post());
        return sent(*source, expected);
    }
    void restart(ZipFolders::Options options)
    {
        end();
        zips_.reset();
        pool_.emplace("files", 2, 64);
        zips_.emplace(options, *pool_, preloader_, clock_);
    }
    /// As the engine does it.
    void end()
    {
        zips_->stop();
        pool_.reset();
    }

    TestFolder folder_;
    SetClock clock_;
    TestLoop loop_;
    std::shared_ptr<ShareRoot> root_ =
        std::make_shared<ShareRoot>(folder_.path("share"), ShareRoot::Options{}, clock_);
    std::optional<BlockingPool> pool_{std::in_place, "files", 2, 64};
    Preloader preloader_{{}};
    std::optional<ZipFolders> zips_{std::in_place, ZipFolders::Options{}, *pool_, preloader_, clock_};
};

TEST_F(Zips, TheWalkFindsWhatAListingShows)
{
    folder_.file("share/b.txt", "b");
    folder_.file("share/a/c.txt", "c");
    folder_.folder("share/a/empty");
    folder_.file("share/a.txt", "a");
    folder_.file("share/.hidden", "h");
    folder_.file("share/back\\slash", "x");
    ASSERT_EQ(::symlink("b.txt", folder_.path("share/link").c_str()), 0);
    ASSERT_EQ(::symlink("a", folder_.path("share/linked").c_str()), 0);
    ASSERT_EQ(::symlink("/etc", folder_.path("share/out").c_str()), 0);
    ASSERT_EQ(::mkfifo(folder_.path("share/pipe").c_str(), 0600), 0);
    const auto all = plan();
    EXPECT_EQ(names(*all), (std::vector<std::string>{"a/", "a/c.txt", "a/empty/", "a.txt", "b.txt", "link"}));
    EXPECT_EQ(all->leftOut(), 2U) << "the backslash, the link to a folder";
    EXPECT_EQ(ask({}, "nothing").error().code, ErrorCode::NotFound);
    EXPECT_EQ(ask({}, "b.txt").error().code, ErrorCode::NotFound);
}

TEST_F(Zips, ASelectionIsPartOfIt)
{
    folder_.file("share/a/c.txt", "c");
    folder_.file("share/a/d/e.txt", "e");
    folder_.file("share/b.txt", "b");
    EXPECT_EQ(names(*plan({"b.txt", "a/d", "a/d/e.txt", "b.txt"})),
              (std::vector<std::string>{"a/d/", "a/d/e.txt", "b.txt"}));
    EXPECT_EQ(ask({"../share"}).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(ask({""}).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(ask({"none"}).error().code, ErrorCode::NotFound);
}

TEST_F(Zips, ALargeFolderIsLookedAtBySeveralThreads)
{
    for (int i = 0; i < 9000; ++i)
        folder_.file("share/" + std::to_string(100'000 + i), std::to_string(i));
    const auto all = plan();
    ASSERT_EQ(all->count(), 9000U);
    for (std::size_t i = 0; i < all->count(); ++i)
        ASSERT_EQ(all->size(i), std::to_string(i).size()) << i;
}

TEST_F(Zips, ATreeIsReadBySeveralThreadsInOrder)
{
    std::vector<std::string> expected;
    for (int a = 10; a < 30; ++a) {
        expected.push_back(std::to_string(a) + "/");
        for (int b = 10; b < 30; ++b) {
            const std::string below = std::to_string(a) + "/" + std::to_string(b);
            folder_.folder("share/" + below);
            expected.push_back(below + "/");
            for (int c = 0; c < b % 4; ++c) {
                folder_.file("share/" + below + "/" + std::to_string(c));
                expected.push_back(below + "/" + std::to_string(c));
            }
        }
    }
    for (int round = 0; round < 20; ++round) {
        restart({});
        ASSERT_EQ(names(*plan()), expected);
    }
    ZipFolders::Options alone;
    alone.threads = 1;
    restart(alone);
    EXPECT_EQ(names(*plan()), expected) << "no thread to spare";
}

TEST_F(Zips, NamesOfOneBeginningAndOfNone)
{
    std::vector<std::string> expected;
    for (int i = 0; i < 2000; ++i) {
        expected.push_back("the same beginning of a long name " + std::to_string(i));
        if (i % 500 == 0)
            expected.push_back(std::string(1, static_cast<char>('a' + i / 500)));
    }
    for (const std::string& name : expected)
        folder_.file("share/" + name, "");
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(names(*plan()), expected);
}

TEST_F(Zips, AFolderInWhichNothingHappensIsNotWalkedAgain)
{
    folder_.file("share/top/a/b.txt", "b");
    folder_.file("share/top/c.txt", "c");
    const auto walks = [this] { return zips_->counters().walks; };
    const ZipFolder top{1, 1, root_, "top", {}};
    const auto first = *ask({}, "top");
    EXPECT_EQ(zips_->find(top), first);
    for (int i = 0; i < 3; ++i) {
        clock_.advance(std::chrono::hours(1));
        EXPECT_EQ(zips_->find(top), nullptr) << "one above it may have another name";
        EXPECT_EQ(*ask({}, "top"), first);
    }
    EXPECT_EQ(walks(), 1U);
    EXPECT_EQ(zips_->counters().unwalked, 3U);

    std::uint64_t walked = 1;
    std::string tag = first->entityTag();
    const auto changes = [&](const char* what) {
        EXPECT_EQ(zips_->find(top), nullptr) << what << ": at once";
        const auto next = *ask({}, "top");
        EXPECT_EQ(walks(), ++walked) << what;
        EXPECT_NE(next->entityTag(), tag) << what;
        tag = next->entityTag();
    };
    folder_.file("share/top/a/b.txt", "B, and more");
    changes("written");
    folder_.file("share/top/a/new");
    changes("new");
    ASSERT_EQ(::unlink(folder_.path("share/top/a/new").c_str()), 0);
    changes("removed");
    ASSERT_EQ(::chmod(folder_.path("share/top/c.txt").c_str(), 0600), 0);
    changes("another mode");
    ASSERT_EQ(::rename(folder_.path("share/top/c.txt").c_str(), folder_.path("share/top/d.txt").c_str()), 0);
    changes("another name");
    folder_.folder("share/top/a/deep");
    changes("a folder");
    folder_.file("share/top/a/deep/down");
    changes("in a new folder");
}

TEST_F(Zips, AFolderAboveThatHasAnotherName)
{
    folder_.file("share/above/top/a");
    ASSERT_TRUE(ask({}, "above/top"));
    clock_.advance(std::chrono::hours(1));
    ASSERT_EQ(::rename(folder_.path("share/above").c_str(), folder_.path("share/other").c_str()), 0);
    EXPECT_EQ(ask({}, "above/top").error().code, ErrorCode::NotFound);
    folder_.file("share/above/top/b");
    EXPECT_EQ(names(**ask({}, "above/top")), std::vector<std::string>{"b"});
}

TEST_F(Zips, WhatTheWatchDoesNotSeeIsWalkedAgain)
{
    folder_.file("share/linked/a");
    folder_.file("elsewhere/b");
    ASSERT_EQ(::link(folder_.path("elsewhere/b").c_str(), folder_.path("share/linked/b").c_str()), 0);
    folder_.file("share/symlinked/c");
    folder_.link("../linked/a", "share/symlinked/d");
    for (const char* const name : {"linked", "symlinked"}) {
        const auto before = zips_->counters().walks;
        ASSERT_TRUE(ask({}, name));
        clock_.advance(std::chrono::hours(1));
        ASSERT_TRUE(ask({}, name));
        EXPECT_EQ(zips_->counters().walks - before, 2U) << name;
    }
    ZipFolders::Options options;
    options.isRemote = [](int) { return true; };
    restart(options);
    folder_.file("share/far/a");
    ASSERT_TRUE(ask({}, "far"));
    ASSERT_TRUE(ask({}, "far"));
    EXPECT_EQ(zips_->counters().walks, 2U) << "as if on a file system of others";
}

TEST_F(Zips, FewPlansAreWatchedAtATime)
{
    ZipFolders::Options few, small;
    few.watches = 2;
    small.watchedFolders = 5; // of two plans: each is a folder in a folder
    for (const ZipFolders::Options& options : {few, small}) {
        restart(options);
        for (const char* const name : {"1", "2", "3"}) {
            folder_.file(std::string("share/") + name + "/a/b");
            clock_.advance(std::chrono::seconds(1));
            ASSERT_TRUE(ask({}, name));
        }
        clock_.advance(std::chrono::hours(1));
        for (const char* const name : {"2", "3"})
            ASSERT_TRUE(ask({}, name));
        EXPECT_EQ(zips_->counters().walks, 3U);
        ASSERT_TRUE(ask({}, "1"));
        EXPECT_EQ(zips_->counters().walks, 4U) << "unused for longest";
    }
}

TEST_F(Zips, AnyCutHasTheBytesOfTheWhole)
{
    std::mt19937 random(3);
    for (int i = 0; i < 120; ++i) {
        const std::size_t size = i % 5 == 0 ? random() % 60'000 : random() % 900;
        folder_.file("share/" + std::to_string(i % 6) + "/" + std::to_string(i),
                     std::string(size, static_cast<char>(i)));
    }
    folder_.file("share/large", std::string(3'000'000, 'L'));
    const auto all = plan();
    const std::string whole = archive(all, 0, all->length());
    ASSERT_EQ(whole.size(), all->length());
    EXPECT_FALSE(all->missingFrom(0)) << "what was sent is known";
    restart({}); // another day: nothing is known
    const auto again = plan();
    EXPECT_EQ(again->entityTag(), all->entityTag());
    for (int i = 0; i < 150; ++i) {
        const std::uint64_t first = random() % whole.size();
        const std::uint64_t length = 1 + random() % std::min<std::uint64_t>(whole.size() - first, 200'000);
        ASSERT_TRUE(archive(again, first, length) == whole.substr(first, length)) << first << '+' << length;
    }
    restart({});
    const auto cold = plan();
    EXPECT_TRUE(archive(cold, whole.size() - 500, 500) == whole.substr(whole.size() - 500))
        << "its end first";
}

TEST_F(Zips, SeveralStretchesWithTextBetween)
{
    folder_.file("share/a", std::string(50'000, 'a'));
    const auto all = plan();
    const std::string whole = archive(all, 0, all->length());
    const auto source = zips_->send(all, {{"<", 5, 100}, {"|", 40'000, 10'100}, {">", 0, 0}}, loop_.post());
    EXPECT_EQ(source->bytesLeft(), 3U + 10'200);
    EXPECT_TRUE(sent(*source) == "<" + whole.substr(5, 100) + "|" + whole.substr(40'000, 10'100) + ">");
    EXPECT_EQ(source->bytesLeft(), 0U);
}

TEST_F(Zips, AFileThatIsAnotherByNowFailsTheSource)
{
    folder_.file("share/a", "a");
    folder_.file("share/b", std::string(5'000'000, 'b'));
    folder_.file("share/c", "c");
    const auto all = plan();
    folder_.file("share/c", "C, and more");
    archive(all, 0, all->length(), State::Failed);
    EXPECT_TRUE(all->isChanged());
    const auto next = plan();
    EXPECT_NE(next->entityTag(), all->entityTag());
    EXPECT_TRUE(next->crc(0)) << "what is the same is still known";
    ::unlink(folder_.path("share/a").c_str());
    archive(next, 0, next->length(), State::Failed);
}

TEST_F(Zips, APlanIsMadeOnceForAllWhoAsk)
{
    folder_.file("share/a", "a");
    const auto first = plan();
    const auto second = plan();
    EXPECT_EQ(first, second) << "nothing has changed";
    EXPECT_EQ(zips_->counters().walks, 1U);
    // What was there before is there again, though something has happened: its checksums are still known.
    folder_.file("share/b", "b");
    ASSERT_EQ(::unlink(folder_.path("share/b").c_str()), 0);
    EXPECT_EQ(first, plan()) << "walked again and found the same";
    EXPECT_EQ(zips_->counters().walks, 2U);
    EXPECT_EQ(zips_->counters().plans, 1U);
    EXPECT_EQ(zips_->counters().memory, first->memory());
}

TEST_F(Zips, MemoryIsBounded)
{
    for (int i = 0; i < 300; ++i)
        folder_.file("share/" + std::to_string(i), "");
    ZipFolders::Options options;
    options.memory = 8'000;
    restart(options);
    EXPECT_EQ(ask().error().code, ErrorCode::Unsupported) << "more than all there is";
    options.memory = 30'000;
    restart(options);
    auto held = plan();
    ASSERT_TRUE(held);
    EXPECT_EQ(ask({"1"}).has_value(), true);
    std::vector<std::string> most;
    for (int i = 0; i < 290; ++i)
        most.push_back(std::to_string(i));
    EXPECT_EQ(ask(most).error().code, ErrorCode::Exhausted) << "a transfer holds the other";
    held.reset();
    EXPECT_TRUE(ask(most)) << "unused plans make room";
}

TEST_F(Zips, OneReadsForAllWhoWait)
{
    folder_.file("share/a", std::string(9'000'000, 'a'));
    const auto all = plan();
    std::atomic<int> good = 0;
    std::vector<ZipChecksums::Ticket> tickets;
    for (int i = 0; i < 3; ++i)
        tickets.push_back(
            zips_->prepare(all, all->directoryAt(), [&good](bool well) { good += well ? 1 : 100; }));
    for (int i = 0; i < 60'000 && good != 3; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_EQ(good, 3);
    EXPECT_EQ(all->crc(0), zipCrc(std::string(9'000'000, 'a')));
}

TEST_F(Zips, TheEndComesWhileWorkIsUnderWay)
{
    for (int i = 0; i < 50; ++i)
        folder_.file("share/" + std::to_string(i), std::string(2'000'000, 'x'));
    const auto all = plan();
    const auto ticket = zips_->prepare(all, all->directoryAt(), [](bool) {});
    const auto source = zips_->send(all, {{{}, 100, all->length() - 100}}, loop_.post());
    std::vector<net::Segment> out;
    (void)source->next(out, [] {});
    zips_->stop();
    bool told = false;
    const auto late = zips_->prepare(all, all->directoryAt(), [&told](bool well) { told = !well; });
    EXPECT_TRUE(told || !all->missingFrom(0));
}

} // namespace

} // namespace spillway::body
