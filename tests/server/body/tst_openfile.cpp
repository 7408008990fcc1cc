// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/openfile.h"
#include "server/body/residency.h"
#include "tests/server/body/testfolder.h"

#include <set>
#include <sys/stat.h>
#include <thread>

namespace spillway::body {

namespace {

using namespace std::chrono_literals;
using net::WindowState;

constexpr std::uint64_t MiB = 1U << 20;

std::string patterned(std::uint64_t size)
{
    std::string bytes(size, '\0');
    std::uint32_t state = 1;
    for (char& byte : bytes) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<char>(state >> 24);
    }
    return bytes;
}

/// Writes a file back and asks the kernel to forget it. Some file systems (tmpfs) cannot; what follows must
/// hold there too.
void evict(const std::string& path)
{
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    ASSERT_TRUE(fd);
    ::fsync(fd.get());
    ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED);
}

class OpenFiles : public testing::Test
{
protected:
    std::shared_ptr<OpenFile> openFile(const std::string& name, ResidencyQuestion ask = &residency)
    {
        auto opened = root_.open(name);
        EXPECT_TRUE(opened);
        return opened ? std::make_shared<OpenFile>(std::move(*opened), preloader_, loop_.post(), clock_, ask)
                      : nullptr;
    }
    /// Sends [offset, end) as the sender would: the bytes, or the state that ended it.
    WindowState transfer(OpenFile& file, std::uint64_t offset, std::uint64_t end,
                         std::string* bytes = nullptr)
    {
        while (offset < end) {
            bool woken = false;
            const auto window = file.prepare(offset, end - offset, [&woken] { woken = true; });
            EXPECT_FALSE(woken) << "called from inside prepare";
            if (window.state == WindowState::Pending) {
                ++pending_;
                EXPECT_TRUE(loop_.runUntil([&woken] { return woken; }));
                continue;
            }
            if (window.state != WindowState::Ready)
                return window.state;
            EXPECT_GT(window.length, 0U);
            EXPECT_LE(window.length, std::min<std::uint64_t>(end - offset, 4 * MiB));
            if (bytes != nullptr) {
                std::string part(window.length, '\0');
                EXPECT_EQ(::pread(file.fd(), part.data(), part.size(), static_cast<off_t>(offset)),
                          static_cast<ssize_t>(part.size()));
                *bytes += part;
            }
            offset += window.length;
        }
        return file.prepare(offset, 0, {}).state;
    }

    TestFolder folder_;
    SetClock clock_;
    TestLoop loop_;
    Preloader preloader_{{}};
    ShareRoot root_{folder_.path(), {}, clock_};
    int pending_ = 0;
};

TEST_F(OpenFiles, SaysWhatItIs)
{
    folder_.file("a", "hello");
    const auto file = openFile("a");
    struct stat status
    {
    };
    ASSERT_EQ(::stat(folder_.path("a").c_str(), &status), 0);
    EXPECT_EQ(file->size(), 5U);
    EXPECT_EQ(file->lastModified(), status.st_mtim.tv_sec);
    EXPECT_EQ(file->entityTag(), entityTag(factsOf(status)));
}

TEST_F(OpenFiles, HotFileInWindowsOfFourMebibytes)
{
    folder_.file("hot", patterned(9 * MiB + 1));
    const auto file = openFile("hot");
    ASSERT_EQ(readIntoCache(file->fd(), 0, file->size()), static_cast<std::int64_t>(file->size()));
    ASSERT_EQ(transfer(*file, 0, file->size()), WindowState::Ready);
    struct Row
    {
        std::uint64_t offset, length, expected;
    };
    for (const Row row :
         {Row{0, 1, 1}, Row{0, 4 * MiB - 1, 4 * MiB - 1}, Row{0, 4 * MiB, 4 * MiB},
          Row{0, 4 * MiB + 1, 4 * MiB}, Row{9 * MiB, 1, 1}, Row{9 * MiB, 100, 1}, Row{5, 0, 0}}) {
        std::uint64_t length = 0;
        bool woken = false;
        auto window = file->prepare(row.offset, row.length, [&woken] { woken = true; });
        while (window.state == WindowState::Pending) { // a busy machine may have evicted it
            ASSERT_TRUE(loop_.runUntil([&woken] { return woken; }));
            window = file->prepare(row.offset, row.length, [&woken] { woken = true; });
        }
        length = window.length;
        EXPECT_EQ(window.state, WindowState::Ready);
        EXPECT_EQ(length, row.expected) << row.offset << '+' << row.length;
    }
    EXPECT_EQ(file->prepare(9 * MiB + 1, 1, {}).state,
              WindowState::Failed); // past the end: the caller's mistake
}

TEST_F(OpenFiles, EmptyFile)
{
    folder_.file("empty", "");
    const auto file = openFile("empty");
    EXPECT_EQ(file->prepare(0, 0, {}).state, WindowState::Ready);
    EXPECT_EQ(file->prepare(0, 1, {}).state, WindowState::Failed);
}

TEST_F(OpenFiles, ColdFileArrivesWhole)
{
    for (const std::uint64_t size : {std::uint64_t{1}, MiB - 1, MiB, MiB + 1, 20 * MiB + 77}) {
        const std::string bytes = patterned(size);
        folder_.file("cold", bytes);
        evict(folder_.path("cold"));
        const auto file = openFile("cold");
        const bool wasCold = residency(file->fd(), 0, size) != Residency::Resident;
        pending_ = 0;
        std::string got;
        EXPECT_EQ(transfer(*file, 0, size, &got), WindowState::Ready);
        EXPECT_TRUE(got == bytes) << size;
        if (!wasCold) {
            EXPECT_EQ(pending_, 0) << size;
        }
    }
}

/// A disk whose cache keeps nothing, so that what is loaded when is exact.
Residency nothing(int, std::uint64_t, std::uint64_t)
{
    return Residency::Absent;
}
Residency nobodyKnows(int, std::uint64_t, std::uint64_t)
{
    return Residency::Unknown;
}

TEST_F(OpenFiles, AColdRangeLoadsNoMoreThanItsBlock)
{
    folder_.file("cold", patterned(12 * MiB));
    const auto file = openFile("cold", nothing);
    EXPECT_EQ(transfer(*file, 10 * MiB + 5, 10 * MiB + 1000), WindowState::Ready);
    EXPECT_EQ(pending_, 1);
    EXPECT_EQ(preloader_.counters().blocks, 1U);
    EXPECT_EQ(preloader_.counters().aheadHeld, 0U);
}

TEST_F(OpenFiles, TheNextBlocksAreLoadedWhileThisOneGoesOut)
{
    folder_.file("cold", "");
    std::filesystem::resize_file(folder_.path("cold"), 20 * MiB);
    auto file = openFile("cold", nothing);
    // Each block has to be waited for, so the reader gets twice as much ahead each time, until 8 MiB or the
    // end.
    const std::uint64_t whileWaiting[] = {1, 2, 4, 8, 8, 8, 8, 8, 8, 8, 8, 8, 7, 6, 5, 4, 3, 2, 1, 0};
    for (std::uint64_t block = 0; block < 20; ++block) {
        bool woken = false;
        const auto wake = [&woken] { woken = true; };
        ASSERT_EQ(file->prepare(block * MiB, (20 - block) * MiB, wake).state, WindowState::Pending);
        EXPECT_EQ(preloader_.counters().aheadHeld, std::min(whileWaiting[block], 19 - block) * MiB) << block;
        ASSERT_TRUE(loop_.runUntil([&woken] { return woken; }));
        const auto window = file->prepare(block * MiB, (20 - block) * MiB, wake);
        ASSERT_EQ(window.state, WindowState::Ready);
        EXPECT_EQ(window.length, MiB) << "what was loaded, no more";
    }
    EXPECT_EQ(preloader_.counters().aheadHeld, 0U);
}

TEST_F(OpenFiles, AClientThatLeavesGivesItsBudgetBack)
{
    folder_.file("cold", "");
    std::filesystem::resize_file(folder_.path("cold"), 20 * MiB);
    auto file = openFile("cold", nothing);
    ASSERT_EQ(file->prepare(0, 20 * MiB, [] {}).state, WindowState::Pending);
    EXPECT_EQ(preloader_.counters().aheadHeld, MiB);
    file.reset();
    EXPECT_EQ(preloader_.counters().aheadHeld, 0U);
}

TEST_F(OpenFiles, StreamsBeyondTheBoundGiveTheirBudgetBack)
{
    folder_.file("cold", "");
    std::filesystem::resize_file(folder_.path("cold"), 200 * MiB);
    auto file = openFile("cold", nothing);
    for (std::uint64_t reader = 0; reader < 40; ++reader)
        ASSERT_EQ(file->prepare(reader * 4 * MiB, 200 * MiB, [] {}).state, WindowState::Pending);
    EXPECT_LE(preloader_.counters().aheadHeld, 16 * MiB);
    file.reset();
    EXPECT_EQ(preloader_.counters().aheadHeld, 0U);
}

TEST_F(OpenFiles, WhereNobodyKnowsEverythingGoesThroughThePool)
{
    const std::string bytes = patterned(3 * MiB + 5);
    folder_.file("f", bytes);
    const auto file = openFile("f", nobodyKnows);
    std::string got;
    EXPECT_EQ(transfer(*file, 0, bytes.size(), &got), WindowState::Ready);
    EXPECT_TRUE(got == bytes);
    EXPECT_EQ(pending_, 4); // once a block: it never waits for the same one again
}

TEST_F(OpenFiles, ABlockThatCannotBeReadEndsTheTransfer)
{
    folder_.file("f", patterned(100));
    auto opened = root_.open("f");
    ASSERT_TRUE(opened);
    opened->fd.reset(::open(folder_.path("f").c_str(), O_WRONLY | O_CLOEXEC)); // neither mapped nor read
    const auto file =
        std::make_shared<OpenFile>(std::move(*opened), preloader_, loop_.post(), clock_, nothing);
    EXPECT_EQ(transfer(*file, 0, 100), WindowState::Failed);
    EXPECT_EQ(pending_, 1);
}

TEST_F(OpenFiles, TwoTransfersOfOneBlockReadItOnce)
{
    folder_.file("cold", patterned(MiB));
    const auto one = openFile("cold", nothing);
    const auto two = openFile("cold", nothing); // as another worker has it
    int woken = 0;
    for (const auto& file : {one, one, two})
        ASSERT_EQ(file->prepare(0, MiB, [&woken] { ++woken; }).state, WindowState::Pending);
    ASSERT_TRUE(loop_.runUntil([&] { return woken == 3; }));
    for (const auto& file : {one, one, two})
        EXPECT_EQ(file->prepare(0, MiB, {}).state, WindowState::Ready);
    EXPECT_LE(preloader_.counters().blocks, 2U); // 1, or 2 where the first had ended before `two` asked
    // Each had its turn; who comes now waits for a load of his own.
    EXPECT_EQ(one->prepare(0, MiB, [] {}).state, WindowState::Pending);
}

TEST_F(OpenFiles, ATransferThatEndedIsNotTouched)
{
    folder_.file("cold", patterned(4 * MiB));
    auto file = openFile("cold", nothing);
    bool woken = false;
    const auto token = std::make_shared<int>(1);
    ASSERT_EQ(file->prepare(0, 4 * MiB, [&woken, token] { woken = true; }).state, WindowState::Pending);
    EXPECT_EQ(token.use_count(), 2);
    file.reset();
    EXPECT_EQ(token.use_count(), 1); // the waker went on this thread, with the file
    while (preloader_.counters().inFlight > 0)
        std::this_thread::yield();
    while (!loop_.empty())
        loop_.runOne();
    EXPECT_FALSE(woken);
}

TEST_F(OpenFiles, ChangesWhileItIsSent)
{
    struct Row
    {
        const char* what;
        std::function<void(const std::string&)> change;
        WindowState expected;
    };
    const auto run = [&](const std::string& command) {
        ASSERT_EQ(std::system(command.c_str()), 0) << command;
    };
    const Row rows[] = {
        {"nothing", [](const std::string&) {}, WindowState::Ready},
        {"replaced by rename",
         [&](const std::string& path) {
             folder_.file("new", "new bytes");
             std::filesystem::rename(folder_.path("new"), path);
         },
         WindowState::Ready},
        {"removed", [](const std::string& path) { std::filesystem::remove(path); }, WindowState::Ready},
        {"moved away", [](const std::string& path) { std::filesystem::rename(path, path + ".old"); },
         WindowState::Ready},
        {"linked", [](const std::string& path) { std::filesystem::create_hard_link(path, path + ".link"); },
         WindowState::Ready},
        {"chmod", [](const std::string& path) { ::chmod(path.c_str(), 0400); }, WindowState::Ready},
        {"truncated", [](const std::string& path) { std::filesystem::resize_file(path, 2 * MiB); },
         WindowState::Changed},
        {"emptied", [](const std::string& path) { std::filesystem::resize_file(path, 0); },
         WindowState::Changed},
        {"grown", [&](const std::string& path) { run("printf x >> " + path); }, WindowState::Changed},
        {"rewritten in place",
         [&](const std::string& path) { run("printf y | dd of=" + path + " conv=notrunc status=none"); },
         WindowState::Changed},
        {"rewritten, mtime set back",
         [&](const std::string& path) {
             run("touch -r " + path + " " + path + ".ref && printf y | dd of=" + path +
                 " conv=notrunc status=none && touch -r " + path + ".ref " + path);
         },
         WindowState::Changed},
        {"touched", [&](const std::string& path) { run("touch " + path); }, WindowState::Changed},
    };
    int number = 0;
    for (const Row& row : rows) {
        const std::string name = "f" + std::to_string(++number);
        const std::string bytes = patterned(8 * MiB);
        folder_.file(name, bytes);
        const auto file = openFile(name);
        std::string got;
        ASSERT_EQ(transfer(*file, 0, 4 * MiB, &got), WindowState::Ready) << row.what;
        std::this_thread::sleep_for(
            20ms); // past one tick of the kernel's coarse clock, in which a write has no time of its own
        row.change(folder_.path(name));
        EXPECT_EQ(transfer(*file, 4 * MiB, 8 * MiB, &got), row.expected) << row.what;
        if (row.expected == WindowState::Ready) {
            EXPECT_TRUE(got == bytes) << row.what;
            EXPECT_EQ(file->prepare(8 * MiB, 0, {}).state, WindowState::Ready) << row.what;
        } else {
            EXPECT_EQ(file->prepare(8 * MiB, 0, {}).state, WindowState::Changed) << row.what;
        }
    }
}

TEST_F(OpenFiles, AChangeAfterTheLastByteIsSeen)
{
    folder_.file("a", patterned(100));
    const auto file = openFile("a");
    ASSERT_EQ(transfer(*file, 0, 100), WindowState::Ready);
    std::filesystem::resize_file(folder_.path("a"), 50);
    EXPECT_EQ(file->prepare(100, 0, {}).state, WindowState::Changed);
}

} // namespace

} // namespace spillway::body
