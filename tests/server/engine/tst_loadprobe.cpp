// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/loadprobe.h"
#include "tests/server/catalog/catalogfixture.h"

#include <unistd.h>

namespace spillway::engine {
namespace {

using namespace std::chrono_literals;

std::uint64_t machineMemory()
{
    return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
           static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

TEST(LoadProbe, TheNarrowestGroupLimitsTheMemory)
{
    const struct
    {
        const char* group; ///< of /proc/self/cgroup
        std::vector<std::pair<const char*, const char*>> files;
        std::uint64_t limit; ///< 0: the machine's
    } rows[] = {
        {"", {}, 0},
        {"0::/\n", {}, 0},
        {"0::/\n", {{"sys/fs/cgroup/memory.max", "4096000\n"}}, 4096000},
        {"0::/\n", {{"sys/fs/cgroup/memory.max", "max\n"}}, 0},
        {"0::/a/b\n",
         {{"sys/fs/cgroup/a/b/memory.max", "3000\n"}, {"sys/fs/cgroup/a/memory.max", "2000\n"}},
         2000},
        {"0::/a/b\n",
         {{"sys/fs/cgroup/a/b/memory.max", "1000\n"}, {"sys/fs/cgroup/a/memory.max", "2000\n"}},
         1000},
        {"4:cpu,memory:/x\n0::/y\n",
         {{"sys/fs/cgroup/memory/x/memory.limit_in_bytes", "5000\n"}, {"sys/fs/cgroup/y/memory.max", "1\n"}},
         5000},
        {"4:memory:/x\n", {{"sys/fs/cgroup/memory/x/memory.limit_in_bytes", "9223372036854771712\n"}}, 0},
        {"nonsense\n::\n", {}, 0},
    };
    for (const auto& row : rows) {
        const catalog::TemporaryFolder root;
        std::filesystem::create_directories(root.file("proc/self"));
        catalog::writeFile(root.file("proc/self/cgroup"), row.group);
        for (const auto& [name, text] : row.files) {
            std::filesystem::create_directories(std::filesystem::path(root.file(name)).parent_path());
            catalog::writeFile(root.file(name), text);
        }
        EXPECT_EQ(memoryLimit(root.path() + "/"), row.limit == 0 ? machineMemory() : row.limit) << row.group;
    }
}

TEST(LoadProbe, ReadsThisProcess)
{
    LoadProbe probe({CLOCK_PROCESS_CPUTIME_ID}, 200);
    EXPECT_EQ(probe.cpu(Monotonic{1s}), 0.0) << "nothing to compare with";
    volatile unsigned work = 0;
    timespec before{}, now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    do {
        work = work + 1;
        ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    } while (now.tv_sec * 1'000'000'000 + now.tv_nsec <
             before.tv_sec * 1'000'000'000 + before.tv_nsec + 10'000'000);
    EXPECT_GE(probe.cpu(Monotonic{1s} + 10ms), 100.0);
    EXPECT_EQ(probe.cpu(Monotonic{1s}), 0.0) << "time that does not pass";
    EXPECT_GT(probe.memory(), 0.0);
    EXPECT_LT(probe.memory(), 100.0);
    EXPECT_EQ(probe.descriptors(50), 25.0);
    EXPECT_EQ(probe.descriptors(300), 150.0);
}

TEST(LoadProbe, AsksTheFileSystem)
{
    const catalog::TemporaryFolder folder;
    const auto free = freeSpace(folder.path());
    ASSERT_TRUE(free);
    EXPECT_GT(free->count, 0);
    EXPECT_FALSE(freeSpace(folder.file("none")));
}

} // namespace
} // namespace spillway::engine
