// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/pathresolver.h"
#include "tests/server/body/testfolder.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <thread>

namespace spillway::body {

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

std::string readAll(const UniqueFd& fd)
{
    std::string bytes(64, '\0');
    const ssize_t got = ::read(fd.get(), bytes.data(), bytes.size());
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

TEST(RelativePath, Table)
{
    struct Row
    {
        std::string path;
        bool dotFiles;
        std::optional<ErrorCode> error;
    };
    const Row rows[] = {
        {"", false, {}},
        {"a", false, {}},
        {"a/b/c.txt", false, {}},
        {"a b/\n/\x01", false, {}},
        {"ümläut/日本", false, {}},
        {"\xff\xfe/\x80", false, {}},
        {"a..b", false, {}},
        {"a./b", false, {}},
        {"a\\..\\b", false, {}},
        {"/", false, ErrorCode::InvalidArgument},
        {"/a", false, ErrorCode::InvalidArgument},
        {"a/", false, ErrorCode::InvalidArgument},
        {"a//b", false, ErrorCode::InvalidArgument},
        {".", false, ErrorCode::InvalidArgument},
        {"..", true, ErrorCode::InvalidArgument},
        {"a/..", true, ErrorCode::InvalidArgument},
        {"../a", true, ErrorCode::InvalidArgument},
        {"a/../b", true, ErrorCode::InvalidArgument},
        {"a/./b", true, ErrorCode::InvalidArgument},
        {"a\0b"s, true, ErrorCode::InvalidArgument},
        {"\0"s, true, ErrorCode::InvalidArgument},
        {".a", false, ErrorCode::NotFound},
        {"...", false, ErrorCode::NotFound},
        {"a/.b/c", false, ErrorCode::NotFound},
        {".a", true, {}},
        {"a/...", true, {}},
        {".a/..", false, ErrorCode::InvalidArgument},
    };
    for (const Row& row : rows) {
        const auto result = checkRelativePath(row.path, row.dotFiles);
        EXPECT_EQ(result.has_value(), !row.error.has_value()) << row.path;
        if (!result && row.error) {
            EXPECT_EQ(result.error().code, *row.error) << row.path;
        }
    }
}

/// Each case with openat2 and with the walk that stands in for it.
class Resolver : public testing::TestWithParam<ShareRoot::Resolution>
{
protected:
    Resolver() { folder_.folder("share"); }

    void open(bool dotFiles = false)
    {
        root_ = std::make_unique<ShareRoot>(folder_.path("share"), ShareRoot::Options{dotFiles, GetParam()},
                                            clock_);
    }
    [[nodiscard]] bool walks() const { return GetParam() == ShareRoot::Resolution::Walk; }

    /// The error of open, which stat must share.
    std::optional<ErrorCode> errorOf(const std::string& relative)
    {
        const auto opened = root_->open(relative);
        const auto facts = root_->stat(relative);
        EXPECT_EQ(opened.has_value(), facts.has_value()) << relative;
        if (opened && facts) {
            EXPECT_EQ(opened->facts, *facts) << relative;
        }
        if (!opened && !facts) {
            EXPECT_EQ(opened.error().code, facts.error().code) << relative;
        }
        return opened ? std::nullopt : std::optional(opened.error().code);
    }

    TestFolder folder_;
    SetClock clock_;
    std::unique_ptr<ShareRoot> root_;
};

INSTANTIATE_TEST_SUITE_P(Ways, Resolver,
                         testing::Values(ShareRoot::Resolution::Automatic, ShareRoot::Resolution::Walk),
                         [](const auto& way) {
                             return way.param == ShareRoot::Resolution::Walk ? "Walk" : "Openat2";
                         });

TEST_P(Resolver, OpensFilesAndFolders)
{
    folder_.file("share/a.txt", "hello");
    folder_.file("share/deep/er/b", "deep");
    folder_.file("share/\xff\xfe", "bytes");
    folder_.file("share/日本 \n", "utf-8");
    open();
    auto file = root_->open("a.txt");
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->facts.kind, FileKind::File);
    EXPECT_EQ(file->facts.size, 5U);
    EXPECT_EQ(readAll(file->fd), "hello");
    EXPECT_EQ(::fcntl(file->fd.get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    EXPECT_EQ(::fcntl(file->fd.get(), F_GETFL) & O_ACCMODE, O_RDONLY);
    EXPECT_EQ(readAll(root_->open("deep/er/b")->fd), "deep");
    EXPECT_EQ(readAll(root_->open("\xff\xfe")->fd), "bytes");
    EXPECT_EQ(readAll(root_->open("日本 \n")->fd), "utf-8");
    auto folder = root_->open("deep");
    ASSERT_TRUE(folder);
    EXPECT_EQ(folder->facts.kind, FileKind::Folder);
    auto itself = root_->open("");
    ASSERT_TRUE(itself);
    EXPECT_EQ(itself->facts.kind, FileKind::Folder);
    EXPECT_EQ(root_->stat("a.txt")->size, 5U);
}

TEST_P(Resolver, WhatIsNotThere)
{
    folder_.file("share/a.txt");
    open();
    EXPECT_EQ(errorOf("b.txt"), ErrorCode::NotFound);
    EXPECT_EQ(errorOf("a.txt/b"), ErrorCode::NotFound);
    EXPECT_EQ(errorOf(std::string(255, 'n')), ErrorCode::NotFound);
    EXPECT_EQ(errorOf(std::string(256, 'n')), ErrorCode::NotFound);
    std::string longPath = "d";
    for (int i = 0; i < 3000; ++i)
        longPath += "/d";
    EXPECT_EQ(errorOf(longPath), ErrorCode::NotFound);
    EXPECT_EQ(errorOf("../share/a.txt"), ErrorCode::InvalidArgument);
    EXPECT_EQ(errorOf("a.txt\0"s), ErrorCode::InvalidArgument);
}

TEST_P(Resolver, LongestNameWorks)
{
    folder_.file("share/" + std::string(255, 'n'), "long");
    open();
    EXPECT_EQ(errorOf(std::string(255, 'n')), std::nullopt);
}

TEST_P(Resolver, DotFilesAreHiddenUnlessAllowed)
{
    folder_.file("share/.secret");
    folder_.file("share/.git/config");
    open(false);
    EXPECT_EQ(errorOf(".secret"), ErrorCode::NotFound);
    EXPECT_EQ(errorOf(".git/config"), ErrorCode::NotFound);
    open(true);
    EXPECT_EQ(errorOf(".secret"), std::nullopt);
    EXPECT_EQ(errorOf(".git/config"), std::nullopt);
}

TEST_P(Resolver, SymlinksThatStay)
{
    folder_.file("share/data/a", "inside");
    folder_.folder("share/sub");
    folder_.link("data/a", "share/direct");
    folder_.link("../data/a", "share/sub/up");
    folder_.link("direct", "share/chain");
    folder_.link("data", "share/folder");
    open();
    for (const char* name : {"direct", "sub/up", "chain", "folder/a"}) {
        if (walks()) {
            EXPECT_EQ(errorOf(name), ErrorCode::NotFound) << name;
            continue;
        }
        auto opened = root_->open(name);
        ASSERT_TRUE(opened) << name;
        EXPECT_EQ(readAll(opened->fd), "inside") << name;
    }
}

TEST_P(Resolver, SymlinksThatLeave)
{
    folder_.file("outside/secret", "secret");
    folder_.folder("share/sub");
    folder_.link("../outside/secret", "share/relative");
    folder_.link("../../outside/secret", "share/sub/relative");
    folder_.link(folder_.path("outside/secret"), "share/absolute");
    folder_.link("../outside", "share/folder");
    folder_.link("/", "share/slash");
    folder_.link("absolute", "share/chain1");
    folder_.link("chain1", "share/chain2");
    folder_.link("../share/sub", "share/outAndBack");
    folder_.link("circle2", "share/circle1");
    folder_.link("circle1", "share/circle2");
    folder_.link("missing", "share/dangling");
    open();
    for (const char* name : {"relative", "sub/relative", "absolute", "folder", "folder/secret", "slash",
                             "slash/etc", "chain1", "chain2", "outAndBack", "circle1", "dangling"})
        EXPECT_EQ(errorOf(name), ErrorCode::NotFound) << name;
}

TEST_P(Resolver, DevicesFifosAndSocketsAreNotThere)
{
    ASSERT_EQ(::mkfifo(folder_.path("share/fifo").c_str(), 0600), 0);
    const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder_.path("share/s");
    ASSERT_LT(path.size(), sizeof address.sun_path);
    path.copy(address.sun_path, path.size());
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    open();
    EXPECT_EQ(errorOf("fifo"), ErrorCode::NotFound); // and it comes back at once: nobody writes to the FIFO
    EXPECT_EQ(errorOf("s"), ErrorCode::NotFound);
    const ShareRoot::Options options{false, GetParam()};
    ShareRoot devices("/dev", options, clock_);
    EXPECT_EQ(devices.open("null").error().code, ErrorCode::NotFound);
    EXPECT_EQ(devices.stat("null").error().code, ErrorCode::NotFound);
    EXPECT_EQ(devices.open("tty").has_value(), false);
    ShareRoot fifo(folder_.path("share/fifo"), options, clock_);
    EXPECT_EQ(fifo.open("").error().code, ErrorCode::Unavailable);
}

TEST_P(Resolver, MountsInsideArePartOfTheShareAndMagicLinksAreNot)
{
    const ShareRoot::Options options{false, GetParam()};
    ShareRoot root("/", options, clock_);
    const std::string self = "proc/" + std::to_string(::getpid());
    EXPECT_TRUE(root.open("proc/version")); // another file system
    EXPECT_TRUE(root.open(self + "/stat"));
    for (const char* magic : {"/exe", "/cwd", "/root", "/root/etc/passwd", "/cwd/.", "/fd/0", "/ns/mnt"}) {
        const auto opened = root.open(self + magic);
        ASSERT_FALSE(opened) << magic;
        EXPECT_TRUE(opened.error().code == ErrorCode::NotFound ||
                    opened.error().code == ErrorCode::InvalidArgument)
            << magic;
    }
}

TEST_P(Resolver, SwappedWhileItIsOpened)
{
    folder_.file("outside/secret", "secret");
    folder_.file("share/real/secret", "public");
    folder_.folder("share/spare");
    folder_.link("../outside", "share/spare/evil");
    // "door" is now the real folder, now a symlink out of the share, as fast as rename can do it.
    ASSERT_EQ(::symlink("../outside", folder_.path("share/door").c_str()), 0);
    std::atomic<bool> stop = false;
    std::thread swapper([&] {
        const std::string door = folder_.path("share/door");
        const std::string real = folder_.path("share/real");
        while (!stop)
            ::syscall(SYS_renameat2, AT_FDCWD, door.c_str(), AT_FDCWD, real.c_str(),
                      2U /* RENAME_EXCHANGE */);
    });
    open();
    int opened = 0;
    for (int i = 0; i < 20'000; ++i) {
        auto file = root_->open("door/secret");
        if (!file) {
            EXPECT_TRUE(file.error().code == ErrorCode::NotFound || file.error().code == ErrorCode::Busy)
                << file.error().message;
            continue;
        }
        ++opened;
        ASSERT_EQ(readAll(file->fd), "public") << "the share was left";
    }
    stop = true;
    swapper.join();
    EXPECT_GT(opened, 0);
}

TEST_P(Resolver, AFolderThatIsGoneAndComesBack)
{
    folder_.file("share/a", "first");
    open();
    EXPECT_EQ(errorOf("a"), std::nullopt);
    EXPECT_EQ(errorOf("b"), ErrorCode::NotFound);
    std::filesystem::rename(folder_.path("share"), folder_.path("away"));
    clock_.advance(1s);
    EXPECT_EQ(errorOf("a"), ErrorCode::Unavailable);
    EXPECT_EQ(errorOf(""), ErrorCode::Unavailable);
    folder_.file("share/a", "second");               // another folder under the same path
    EXPECT_EQ(errorOf("a"), ErrorCode::Unavailable); // looked for at most once a second
    clock_.advance(999ms);
    EXPECT_EQ(errorOf("a"), ErrorCode::Unavailable);
    clock_.advance(1ms);
    auto back = root_->open("a");
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(readAll(back->fd), "second");
}

TEST_P(Resolver, AFolderThatWasRemovedIsUnavailableAtOnce)
{
    folder_.file("share/a");
    open();
    EXPECT_EQ(errorOf("a"), std::nullopt);
    std::filesystem::remove_all(folder_.path("share"));
    EXPECT_EQ(errorOf("a"), ErrorCode::Unavailable); // within the second, not NotFound
    EXPECT_EQ(errorOf("a"), ErrorCode::Unavailable);
}

TEST_P(Resolver, AFolderThatIsNotThereYet)
{
    ShareRoot root(folder_.path("later"), {false, GetParam()}, clock_);
    EXPECT_EQ(root.open("a").error().code, ErrorCode::Unavailable);
    folder_.file("later/a", "now");
    clock_.advance(1s);
    EXPECT_TRUE(root.open("a"));
}

TEST_P(Resolver, AShareThatIsOneFile)
{
    folder_.file("one.iso", "image");
    ShareRoot root(folder_.path("one.iso"), {false, GetParam()}, clock_);
    EXPECT_EQ(readAll(root.open("")->fd), "image");
    EXPECT_EQ(readAll(root.open("one.iso")->fd), "image");
    EXPECT_EQ(root.stat("one.iso")->size, 5U);
    EXPECT_EQ(root.open("two.iso").error().code, ErrorCode::NotFound);
    EXPECT_EQ(root.open("one.iso/x").error().code, ErrorCode::NotFound);
    EXPECT_EQ(root.open("..").error().code, ErrorCode::InvalidArgument);
    folder_.file("new", "replaced");
    std::filesystem::rename(folder_.path("new"), folder_.path("one.iso"));
    EXPECT_EQ(readAll(root.open("")->fd), "replaced");
    std::filesystem::remove(folder_.path("one.iso"));
    EXPECT_EQ(root.open("").error().code, ErrorCode::Unavailable);
    folder_.file("one.iso", "back");
    clock_.advance(1s);
    EXPECT_EQ(readAll(root.open("")->fd), "back");
}

} // namespace

} // namespace spillway::body
