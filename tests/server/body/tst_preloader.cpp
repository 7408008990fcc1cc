// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/openfile.h"
#include "server/body/preloader.h"
#include "server/body/residency.h"
#include "tests/server/body/testfolder.h"

#include <array>
#include <future>
#include <sys/stat.h>
#include <thread>

namespace spillway::body {

namespace {

constexpr std::uint64_t MiB = 1U << 20;

std::shared_ptr<const UniqueFd> openShared(const std::string& path)
{
    return std::make_shared<const UniqueFd>(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

void evict(const std::string& path)
{
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    ::fsync(fd.get());
    ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED);
}

TEST(ReadIntoCache, EdgesOfTheFile)
{
    TestFolder folder;
    folder.file("f", std::string(10'000, 'x'));
    folder.file("empty", "");
    const UniqueFd fd(::open(folder.path("f").c_str(), O_RDONLY | O_CLOEXEC));
    evict(folder.path("f"));
    EXPECT_EQ(readIntoCache(fd.get(), 0, MiB), 10'000);
    EXPECT_EQ(residency(fd.get(), 0, 10'000), Residency::Resident);
    EXPECT_EQ(readIntoCache(fd.get(), 0, 4096), 4096);
    EXPECT_EQ(readIntoCache(fd.get(), 8192, 4096), 10'000 - 8192);
    EXPECT_EQ(readIntoCache(fd.get(), 12'288, 4096), 0);
    const UniqueFd empty(::open(folder.path("empty").c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(readIntoCache(empty.get(), 0, MiB), 0);
    EXPECT_EQ(readIntoCache(-1, 0, MiB), -1);
    const UniqueFd notReadable(::open(folder.path("f").c_str(), O_WRONLY | O_CLOEXEC));
    EXPECT_EQ(readIntoCache(notReadable.get(), 0, MiB), -1); // neither mapped nor read
}

TEST(Preloader, LoadsAndCounts)
{
    TestFolder folder;
    folder.file("f", std::string(MiB + 1, 'x'));
    Preloader preloader({});
    const auto file = openShared(folder.path("f"));
    for (std::uint64_t block : {0U, 1U}) {
        std::promise<bool> done;
        ASSERT_TRUE(preloader.load({1, 2, block}, file, [&done](bool ok) { done.set_value(ok); }, {}));
        EXPECT_TRUE(done.get_future().get());
    }
    const auto counters = preloader.counters();
    EXPECT_EQ(counters.blocks, 2U);
    EXPECT_EQ(counters.bytes, MiB + 1);
    EXPECT_EQ(counters.failed, 0U);
    EXPECT_EQ(counters.inFlight, 0U);
    EXPECT_EQ(residency(file->get(), 0, MiB + 1), Residency::Resident);
}

TEST(Preloader, ABlockThatCannotBeRead)
{
    TestFolder folder;
    folder.file("f", "x");
    Preloader preloader({});
    const auto file =
        std::make_shared<const UniqueFd>(::open(folder.path("f").c_str(), O_WRONLY | O_CLOEXEC));
    std::promise<bool> done;
    ASSERT_TRUE(preloader.load({1, 2, 0}, file, [&done](bool ok) { done.set_value(ok); }, {}));
    EXPECT_FALSE(done.get_future().get());
    EXPECT_EQ(preloader.counters().failed, 1U);
}

/// A preloader whose one thread stands still until the test lets it go.
class HeldPreloader : public testing::Test
{
protected:
    void hold(std::size_t blocks)
    {
        folder_.file("f", std::string(MiB, 'x'));
        file_ = openShared(folder_.path("f"));
        preloader_ = std::make_unique<Preloader>(Preloader::Options{1, blocks, MiB, 4 * MiB});
        std::promise<void> held;
        ASSERT_TRUE(preloader_->load({1, 1, 99}, file_,
                                     [this, &held](bool) {
                                         held.set_value();
                                         gate_.get_future().wait();
                                     },
                                     {}));
        held.get_future().wait(); // in a callback: the block itself has left the queue
    }

    TestFolder folder_;
    std::shared_ptr<const UniqueFd> file_;
    std::promise<void> gate_;
    std::unique_ptr<Preloader> preloader_;
};

TEST_F(HeldPreloader, AskedForTwiceReadOnce)
{
    hold(8);
    std::atomic<int> done = 0;
    for (int i = 0; i < 5; ++i)
        EXPECT_TRUE(preloader_->load({1, 2, 0}, file_, [&done](bool) { ++done; }, {}));
    EXPECT_TRUE(preloader_->loadAhead({1, 2, 0}, file_));
    EXPECT_TRUE(preloader_->load({1, 3, 0}, file_, [&done](bool) { ++done; }, {})); // another file
    EXPECT_EQ(preloader_->counters().inFlight, 2U);
    EXPECT_EQ(preloader_->counters().joined, 4U);
    gate_.set_value();
    preloader_.reset(); // what was accepted is done before it goes
    EXPECT_EQ(done, 6);
}

TEST_F(HeldPreloader, AFullQueueRefusesThenCallsBack)
{
    hold(2);
    std::atomic<int> done = 0;
    std::atomic<int> retried = 0;
    const auto load = [&](std::uint64_t block) {
        return preloader_->load(
            {1, 2, block}, file_, [&done](bool) { ++done; }, [&retried] { ++retried; });
    };
    EXPECT_TRUE(load(0));
    EXPECT_TRUE(load(1));
    EXPECT_FALSE(load(2));
    EXPECT_FALSE(load(3));
    EXPECT_TRUE(load(1)); // joining needs no room
    EXPECT_EQ(retried, 0);
    EXPECT_EQ(preloader_->counters().refused, 2U);
    gate_.set_value();
    preloader_.reset();
    EXPECT_EQ(done, 3);
    EXPECT_EQ(retried, 2);
}

TEST_F(HeldPreloader, LoadsAheadLeaveHalfTheRoom)
{
    hold(4);
    EXPECT_TRUE(preloader_->loadAhead({1, 2, 0}, file_));
    EXPECT_TRUE(preloader_->loadAhead({1, 2, 1}, file_));
    EXPECT_FALSE(preloader_->loadAhead({1, 2, 2}, file_));
    EXPECT_TRUE(preloader_->load({1, 2, 3}, file_, [](bool) {}, {}));
    EXPECT_EQ(preloader_->counters().aheadRefused, 1U);
    gate_.set_value();
}

TEST(Preloader, TheAheadBudget)
{
    Preloader preloader({1, 8, MiB, 3 * MiB});
    EXPECT_TRUE(preloader.takeAhead(2 * MiB));
    EXPECT_FALSE(preloader.takeAhead(MiB + 1));
    EXPECT_TRUE(preloader.takeAhead(MiB));
    EXPECT_FALSE(preloader.takeAhead(1));
    EXPECT_FALSE(preloader.takeAhead(UINT64_MAX));
    EXPECT_EQ(preloader.counters().aheadHeld, 3 * MiB);
    preloader.giveAhead(1);
    EXPECT_TRUE(preloader.takeAhead(1));
    preloader.giveAhead(3 * MiB);
    EXPECT_EQ(preloader.counters().aheadHeld, 0U);
    EXPECT_EQ(preloader.counters().aheadRefused, 3U);
}

/// Several workers, several transfers each, over a preloader so small that it is full nearly always: every
/// transfer ends, with the right bytes, and the budget is whole again.
TEST(Preloader, ManyTransfersOfManyWorkersThroughASmallQueue)
{
    TestFolder folder;
    constexpr int files = 3;
    constexpr std::uint64_t length = 6 * MiB + 123;
    for (int i = 0; i < files; ++i) {
        folder.file("f" + std::to_string(i), std::string(length, static_cast<char>('a' + i)));
        evict(folder.path("f" + std::to_string(i)));
    }
    SystemClock clock;
    ShareRoot root(folder.path(), {}, clock);
    std::array<TestLoop, 3> loops; // outlive the preloader, which posts to them
    Preloader preloader({2, 2, MiB, 2 * MiB});
    std::atomic<int> wrong = 0;
    const auto worker = [&](std::size_t number) {
        TestLoop& loop = loops[number];
        struct Transfer
        {
            std::shared_ptr<OpenFile> file;
            std::uint64_t offset = 0;
            char letter = 0;
            bool runnable = true;
        };
        std::vector<std::unique_ptr<Transfer>> transfers;
        for (int i = 0; i < files; ++i) {
            auto opened = root.open("f" + std::to_string(i));
            if (!opened) {
                ++wrong;
                return;
            }
            auto file = std::make_shared<OpenFile>(std::move(*opened), preloader, loop.post(), clock);
            for (int t = 0; t < 3; ++t) {
                auto transfer = std::make_unique<Transfer>();
                transfer->file = file;
                transfer->offset = (number + static_cast<std::size_t>(t)) % 4 * MiB; // not all in step
                transfer->letter = static_cast<char>('a' + i);
                transfers.push_back(std::move(transfer));
            }
        }
        std::vector<char> buffer(64);
        while (!transfers.empty()) {
            bool progress = false;
            for (auto& entry : transfers) {
                Transfer* transfer = entry.get();
                if (!transfer->runnable)
                    continue;
                progress = true;
                transfer->runnable = false;
                const auto window = transfer->file->prepare(transfer->offset, length - transfer->offset,
                                                            [transfer] { transfer->runnable = true; });
                if (window.state == net::WindowState::Pending)
                    continue;
                if (window.state != net::WindowState::Ready) {
                    ++wrong;
                    return;
                }
                const ssize_t got = ::pread(transfer->file->fd(), buffer.data(), buffer.size(),
                                            static_cast<off_t>(transfer->offset));
                if (got <= 0 || buffer[0] != transfer->letter)
                    ++wrong;
                transfer->offset += window.length;
                transfer->runnable = true;
                // Keep the disk busy for the others.
                ::posix_fadvise(transfer->file->fd(), 0, 0, POSIX_FADV_DONTNEED);
            }
            std::erase_if(transfers, [&](const auto& transfer) { return transfer->offset == length; });
            if (!progress && !transfers.empty() && !loop.runOne()) {
                ++wrong;
                return;
            }
        }
    };
    {
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < loops.size(); ++i)
            threads.emplace_back(worker, i);
        for (auto& thread : threads)
            thread.join();
    }
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(preloader.counters().aheadHeld, 0U);
    EXPECT_EQ(preloader.counters().failed, 0U);
}

} // namespace

} // namespace spillway::body
