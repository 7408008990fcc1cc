// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/catalog/catalogfixture.h"

#include <csignal>
#include <sys/stat.h>
#include <sys/wait.h>

namespace spillway::catalog {

namespace {

mode_t modeOf(const std::string& path)
{
    struct stat info = {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
    return info.st_mode & 07777;
}

/// A child that takes the folder, tells so by a byte on the pipe, and waits to be killed. Between fork and
/// _exit it runs no test code, so it cannot report anything twice.
pid_t holdInChild(const std::string& path, int readyFd)
{
    const pid_t pid = ::fork();
    if (pid == 0) {
        const auto folder = DataFolder::open(path);
        const char answer = folder ? 'y' : 'n';
        if (::write(readyFd, &answer, 1) != 1)
            ::_exit(1);
        for (;;)
            ::pause();
    }
    return pid;
}

} // namespace

TEST(DataFolder, MakesPrivateFolderWithParents)
{
    const TemporaryFolder folder;
    const std::string path = folder.file("a/b/data");
    const auto data = DataFolder::open(path + "///");
    ASSERT_TRUE(data) << data.error().message;
    EXPECT_EQ(data->path(), path);
    EXPECT_EQ(data->file("x"), path + "/x");
    EXPECT_EQ(modeOf(path), 0700U);
    EXPECT_EQ(modeOf(path + "/lock"), 0600U);
    EXPECT_EQ(readFile(path + "/lock"), std::to_string(::getpid()) + "\n");
}

TEST(DataFolder, ClosesAnOpenFolder)
{
    const TemporaryFolder folder;
    ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
    ASSERT_TRUE(DataFolder::open(folder.path()));
    EXPECT_EQ(modeOf(folder.path()), 0700U);
}

TEST(DataFolder, RefusesWhatIsNoFolder)
{
    const TemporaryFolder folder;
    writeFile(folder.file("file"), "x");
    EXPECT_EQ(DataFolder::open(folder.file("file")).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(DataFolder::open("").error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(DataFolder::open(folder.file("file/below")).error().code, ErrorCode::NotFound);
}

TEST(DataFolder, OneHolderAtATimeInOneProcess)
{
    const TemporaryFolder folder;
    {
        const auto first = DataFolder::open(folder.path());
        ASSERT_TRUE(first);
        EXPECT_EQ(DataFolder::open(folder.path()).error().code, ErrorCode::Busy);
    }
    EXPECT_TRUE(DataFolder::open(folder.path()));
}

TEST(DataFolder, SecondProcessIsToldThePidAndAKilledOneLeavesNoLock)
{
    const TemporaryFolder folder;
    int ends[2] = {};
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = holdInChild(folder.path(), ends[1]);
    ASSERT_GT(child, 0);
    char answer = 0;
    ASSERT_EQ(::read(ends[0], &answer, 1), 1);
    ASSERT_EQ(answer, 'y');
    const auto second = DataFolder::open(folder.path());
    EXPECT_EQ(::kill(child, SIGKILL), 0);
    EXPECT_EQ(::waitpid(child, nullptr, 0), child);
    ::close(ends[0]);
    ::close(ends[1]);

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::Busy);
    EXPECT_NE(second.error().message.find("process " + std::to_string(child)), std::string::npos)
        << second.error().message;
    const auto third = DataFolder::open(folder.path());
    EXPECT_TRUE(third) << third.error().message;
}

} // namespace spillway::catalog
