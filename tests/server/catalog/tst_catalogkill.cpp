// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/catalog/catalogfixture.h"

#include "server/base/uniquefd.h"
#include "server/catalog/settingrepository.h"

#include <csignal>
#include <fcntl.h>
#include <random>
#include <set>
#include <sys/wait.h>

namespace spillway::catalog {

namespace {

struct Helper
{
    pid_t pid = -1;
    UniqueFd output;
};

Helper startHelper(const std::string& folder, int first)
{
    int ends[2] = {};
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return {};
    const std::string number = std::to_string(first);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        ::execl(SPILLWAY_KILL_HELPER, "catalogkillhelper", folder.c_str(), number.c_str(), nullptr);
        ::_exit(127);
    }
    ::close(ends[1]);
    return {pid, UniqueFd(ends[0])};
}

/// Reads until `atLeast` bytes came, or, with 0, to the end.
void readOutput(int fd, std::string& text, std::size_t atLeast)
{
    char buffer[4096];
    const std::size_t start = text.size();
    while (atLeast == 0 || text.size() - start < atLeast) {
        const ssize_t n = ::read(fd, buffer, sizeof buffer);
        if (n <= 0)
            return;
        text.append(buffer, static_cast<std::size_t>(n));
    }
}

} // namespace

/// kill -9 at a moment that varies with how much was acknowledged before it, so that it falls into every
/// phase: the first open, commits, checkpoints of the log (every 1000 pages), and recovery from the kill
/// before.
TEST(CatalogKill, WhatWasAcknowledgedSurvives)
{
    const TemporaryFolder folder;
    std::mt19937 random(20);
    std::set<std::string> acknowledged;
    int next = 0;
    for (int round = 0; round < 20; ++round) {
        const Helper helper = startHelper(folder.path(), next);
        ASSERT_GT(helper.pid, 0);
        std::string output;
        // Round 0 is killed while it makes the catalog, or soon after.
        if (round > 0)
            readOutput(helper.output.get(), output, 1 + random() % 4000);
        ASSERT_EQ(::kill(helper.pid, SIGKILL), 0);
        readOutput(helper.output.get(), output, 0);
        int status = 0;
        ASSERT_EQ(::waitpid(helper.pid, &status, 0), helper.pid);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the helper ended by itself: " << status;

        std::istringstream lines(output);
        for (std::string line; std::getline(lines, line) && !lines.eof();)
            acknowledged.insert(line);
        if (round > 0) {
            ASSERT_FALSE(output.empty());
        }
        next += 100'000;

        const SystemClock clock;
        auto catalog = Catalog::open(folder.path(), clock); // checks the file before it says yes
        ASSERT_TRUE(catalog) << catalog.error().message;
        const auto kept = (*catalog)->read([](Session& s) { return SettingRepository::list(s); }).get();
        ASSERT_TRUE(kept);
        std::set<std::string> names;
        for (const auto& [name, value] : *kept)
            names.insert(name);
        for (const std::string& name : acknowledged)
            ASSERT_TRUE(names.contains(name)) << name << " was acknowledged and is gone, round " << round;
        EXPECT_EQ((*catalog)
                      ->read([](Session& s) { return s.scalar("PRAGMA quick_check"); })
                      .get()
                      .value_or("error"),
                  "ok");
    }
    EXPECT_GT(acknowledged.size(), 1000U);
}

} // namespace spillway::catalog
