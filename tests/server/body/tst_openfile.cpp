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
    std::shared_ptr<OpenFile> openFile(const std::string& name)
    {
        auto opened = root_.open(name);
        EXPECT_TRUE(opened);
        return opened ? std::make_shared<OpenFile>(std::move(*opened), preloader_, loop_.post(), clock_)
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
        EXPECT_EQ(pending_ > 0, wasCold) << size;
    }
}

TEST_F(OpenFiles, AColdRangeLoadsNoMoreThanItsBlocks)
{
    folder_.file("cold", patterned(32 * MiB));
    evict(folder_.path("cold"));
    const auto file = openFile("cold");
    const bool wasCold = residency(file->fd(), 10 * MiB, 1) != Residency::Resident;
    EXPECT_EQ(transfer(*file, 10 * MiB + 5, 10 * MiB + 1000), WindowState::Ready);
    EXPECT_EQ(preloader_.counters().blocks, wasCold ? 1U : 0U);
    EXPECT_EQ(preloader_.counters().aheadHeld, 0U);
}

TEST_F(OpenFiles, TheNextBlockIsLoadedWhileThisOneGoesOut)
{
    folder_.file("cold", patterned(16 * MiB));
    evict(folder_.path("cold"));
    auto file = openFile("cold");
    // Eviction may leave single blocks behind, and on tmpfs all of them: those are not loaded again.
    const auto absent = [&](std::uint64_t block) {
        return residency(file->fd(), block * MiB, MiB) != Residency::Resident;
    };
    if (!absent(0)) {
        EXPECT_EQ(file->prepare(0, MiB, {}).state, WindowState::Ready);
        EXPECT_EQ(preloader_.counters().blocks, 0U);
        return;
    }
    const bool secondAbsent = absent(1);
    const bool thirdAbsent = absent(2);
    bool woken = false;
    ASSERT_EQ(file->prepare(0, 16 * MiB, [&woken] { woken = true; }).state, WindowState::Pending);
    EXPECT_EQ(preloader_.counters().aheadHeld, secondAbsent ? MiB : 0U);
    ASSERT_TRUE(loop_.runUntil([&woken] { return woken; }));
    const auto window = file->prepare(0, 16 * MiB, {});
    ASSERT_EQ(window.state, WindowState::Ready);
    if (window.length == MiB && thirdAbsent) {
        EXPECT_EQ(preloader_.counters().aheadHeld, MiB); // the third, while the first goes out
    }
    EXPECT_LE(preloader_.counters().aheadHeld, 8 * MiB);
    file.reset(); // a client that leaves gives the budget back
    EXPECT_EQ(preloader_.counters().aheadHeld, 0U);
}

TEST_F(OpenFiles, TwoTransfersOfOneBlockReadItOnce)
{
    folder_.file("cold", patterned(MiB));
    evict(folder_.path("cold"));
    const auto one = openFile("cold");
    const auto two = openFile("cold"); // as another worker has it
    const bool wasCold = residency(one->fd(), 0, MiB) != Residency::Resident;
    int woken = 0;
    int waiting = 0;
    for (const auto& file : {one, one, two})
        if (file->prepare(0, MiB, [&woken] { ++woken; }).state == WindowState::Pending)
            ++waiting;
    if (wasCold) {
        EXPECT_GE(waiting, 1);
    }
    ASSERT_TRUE(loop_.runUntil([&] { return woken == waiting; }));
    for (const auto& file : {one, one, two})
        EXPECT_EQ(file->prepare(0, MiB, {}).state, WindowState::Ready);
    EXPECT_LE(preloader_.counters().blocks, 2U); // 1, or 2 where the first had ended before the second asked
}

TEST_F(OpenFiles, ATransferThatEndedIsNotTouched)
{
    folder_.file("cold", patterned(4 * MiB));
    evict(folder_.path("cold"));
    auto file = openFile("cold");
    bool woken = false;
    const auto token = std::make_shared<int>(1);
    const auto state = file->prepare(0, 4 * MiB, [&woken, token] { woken = true; }).state;
    if (state == WindowState::Pending) {
        EXPECT_EQ(token.use_count(), 2);
    }
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
