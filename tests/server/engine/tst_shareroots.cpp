// SPDX-License-Identifier: GPL-3.0-or-later
// What those who ask from elsewhere may see and share: the folders of share_roots, and nothing around them.
#include "server/engine/management.h"
#include "server/engine/shareroots.h"
#include "tests/server/catalog/catalogfixture.h"

#include <sys/stat.h>
#include <unistd.h>

namespace spillway::engine {
namespace {

using catalog::ManualClock;
using catalog::TemporaryFolder;

TEST(FindRoot, TheInnermostByItsTextAlone)
{
    const std::vector<std::string> roots{"/srv", "/srv/more", "/mnt"};
    struct Case
    {
        const char *path, *root, *below;
    };
    for (const Case& one : {Case{"/srv", "/srv", ""}, Case{"/srv/", "/srv", ""},
                            Case{"/srv/a/b/", "/srv", "a/b"}, Case{"/srv/more/x", "/srv/more", "x"},
                            Case{"/srv/moreover", "/srv", "moreover"}, Case{"/srv/..", "/srv", ".."}}) {
        const auto found = findRoot(one.path, roots);
        ASSERT_TRUE(found) << one.path;
        EXPECT_EQ(found->root, one.root) << one.path;
        EXPECT_EQ(found->below, one.below) << one.path;
    }
    for (const char* outside : {"", "/", "/sr", "/srvx", "srv", "/etc/passwd", "//srv"})
        EXPECT_EQ(findRoot(outside, roots).error().code, ErrorCode::PermissionDenied) << outside;
    const auto none = findRoot("/srv", {});
    EXPECT_EQ(none.error().code, ErrorCode::PermissionDenied);
    EXPECT_NE(none.error().message.find("share_roots"), std::string::npos) << none.error().message;
    EXPECT_EQ(findRoot("/etc", {"/"})->below, "etc");
}

/// files/ is the root: a.txt, sub/deep/, .hidden/, in → sub, out → ../other, absolute → /…/other
class ShareRootsTest : public testing::Test
{
protected:
    void SetUp() override
    {
        for (const char* name : {"files/sub/deep", "files/.hidden", "files/data", "other"})
            std::filesystem::create_directories(folder_.file(name));
        catalog::writeFile(folder_.file("files/a.txt"), "hello");
        catalog::writeFile(folder_.file("other/secret.txt"), "secret");
        ASSERT_EQ(::symlink("sub", folder_.file("files/in").c_str()), 0);
        ASSERT_EQ(::symlink("../other", folder_.file("files/out").c_str()), 0);
        ASSERT_EQ(::symlink(folder_.file("other").c_str(), folder_.file("files/absolute").c_str()), 0);
        auto opened = catalog::Catalog::open(folder_.file("files/data"), clock_);
        ASSERT_TRUE(opened) << opened.error().message;
        catalog_ = std::move(*opened);
        management_.emplace(*catalog_, clock_, folder_.file("files/data"), ManagementSettings{},
                            []() -> Result<void> { return {}; });
        setRoots({folder_.file("files")});
    }
    void setRoots(std::vector<std::string> roots)
    {
        ManagementSettings settings;
        settings.publicUrl = [] { return std::string("http://host"); };
        settings.shareRoots = std::move(roots);
        management_->setSettings(std::move(settings));
    }
    [[nodiscard]] std::string path(const char* below) const
    {
        return folder_.file(std::string("files") + below);
    }
    [[nodiscard]] std::vector<std::string> names(const std::string& path, bool files)
    {
        const auto contents = management_->browseRoots(path, files, 100);
        EXPECT_TRUE(contents) << contents.error().message;
        std::vector<std::string> all;
        for (const body::DirectoryEntry& entry :
             contents ? contents->entries : std::vector<body::DirectoryEntry>())
            all.push_back(entry.name);
        return all;
    }
    [[nodiscard]] ErrorCode refusal(const std::string& path)
    {
        const auto contents = management_->browseRoots(path, true, 100);
        EXPECT_FALSE(contents) << path;
        return contents ? ErrorCode::Internal : contents.error().code;
    }
    Result<catalog::Share> share(const std::string& path, bool inRoots = true)
    {
        return management_->addShare(
            {"s" + std::to_string(++number_), path, false, false, true, {}, inRoots});
    }

    TemporaryFolder folder_;
    ManualClock clock_;
    std::unique_ptr<catalog::Catalog> catalog_;
    std::optional<Management> management_;
    int number_ = 0;
};

using Names = std::vector<std::string>;

TEST_F(ShareRootsTest, RootsFirstThenWhatIsInThem)
{
    EXPECT_EQ(names({}, false), Names{folder_.file("files")});
    EXPECT_EQ(names(path(""), false), (Names{"in", "sub"}))
        << "no dot files, no way out, not the data folder";
    EXPECT_EQ(names(path("/"), true), (Names{"in", "sub", "a.txt"}));
    EXPECT_EQ(names(path("/sub"), true), Names{"deep"});
    EXPECT_EQ(names(path("/in"), true), Names{"deep"});
    EXPECT_EQ(names(path("/sub/deep"), true), Names{});
    setRoots({});
    EXPECT_EQ(names({}, true), Names{});
}

TEST_F(ShareRootsTest, NothingAroundThem)
{
    EXPECT_EQ(refusal(folder_.path()), ErrorCode::PermissionDenied);
    EXPECT_EQ(refusal(folder_.file("other")), ErrorCode::PermissionDenied);
    EXPECT_EQ(refusal(folder_.file("files/../other")), ErrorCode::InvalidArgument);
    EXPECT_EQ(refusal("/"), ErrorCode::PermissionDenied);
    EXPECT_EQ(refusal("/nothing/there"), ErrorCode::PermissionDenied) << "as what is there";
    EXPECT_EQ(refusal("relative"), ErrorCode::PermissionDenied);
    EXPECT_EQ(refusal(path("/sub/../../other")), ErrorCode::InvalidArgument);
    EXPECT_EQ(refusal(path("/out")), ErrorCode::NotFound);
    EXPECT_EQ(refusal(path("/absolute")), ErrorCode::NotFound);
    EXPECT_EQ(refusal(path("/.hidden")), ErrorCode::NotFound);
    EXPECT_EQ(refusal(path("/data")), ErrorCode::NotFound) << "the signing keys are in there";
    EXPECT_EQ(refusal(path("/none")), ErrorCode::NotFound);
    EXPECT_EQ(refusal(path("/a.txt")), ErrorCode::InvalidArgument) << "a file is no folder";
    EXPECT_EQ(management_->browseRoots({}, true, 0).error().code, ErrorCode::InvalidArgument);
    setRoots({folder_.file("gone")});
    EXPECT_EQ(refusal(folder_.file("gone")), ErrorCode::Unavailable);
    EXPECT_EQ(names({}, false), Names{folder_.file("gone")}) << "it may come back";
}

TEST_F(ShareRootsTest, ALongFolderIsCut)
{
    for (int i = 0; i < 30; ++i) {
        std::filesystem::create_directory(path("/sub/f") + std::to_string(i));
        catalog::writeFile(path("/sub/g") + std::to_string(i), "");
    }
    for (const std::int64_t most : {30, 31, 32}) {
        const auto contents = management_->browseRoots(path("/sub"), false, most);
        ASSERT_TRUE(contents);
        EXPECT_EQ(contents->entries.size(), std::min<std::size_t>(31, static_cast<std::size_t>(most)));
        EXPECT_EQ(contents->truncated, most < 31);
    }
}

TEST_F(ShareRootsTest, SharesComeFromThereAlone)
{
    const auto whole = share(path("/"));
    EXPECT_EQ(whole.error().code, ErrorCode::InvalidArgument) << "it holds the data folder";
    const auto sub = share(path("/sub/"));
    ASSERT_TRUE(sub) << sub.error().message;
    EXPECT_EQ(sub->path, std::filesystem::canonical(path("/sub")).string());
    EXPECT_EQ(share(path("/in"))->path, sub->path);
    EXPECT_TRUE(share(path("/a.txt"))) << "a file, too";
    EXPECT_EQ(share(folder_.file("other")).error().code, ErrorCode::PermissionDenied);
    EXPECT_EQ(share(path("/out")).error().code, ErrorCode::NotFound);
    EXPECT_EQ(share(path("/out/secret.txt")).error().code, ErrorCode::NotFound);
    EXPECT_EQ(share(path("/absolute")).error().code, ErrorCode::NotFound);
    EXPECT_EQ(share(path("/.hidden")).error().code, ErrorCode::NotFound);
    EXPECT_EQ(share(path("/data")).error().code, ErrorCode::InvalidArgument);
    ShareChange change;
    change.path = folder_.file("other");
    change.inRoots = true;
    EXPECT_EQ(management_->updateShare("s2", change).error().code, ErrorCode::PermissionDenied);
    change.inRoots = false;
    EXPECT_TRUE(management_->updateShare("s2", change)) << "who is here may";
    EXPECT_TRUE(share(folder_.file("other"), false));
    setRoots({});
    const auto refused = share(path("/sub/deep"));
    EXPECT_EQ(refused.error().code, ErrorCode::PermissionDenied);
    EXPECT_NE(refused.error().message.find("share_roots"), std::string::npos);
}

TEST_F(ShareRootsTest, ARootMayBeASymlink)
{
    ASSERT_EQ(::symlink("files", folder_.file("link").c_str()), 0);
    setRoots({folder_.file("link")});
    EXPECT_EQ(names(folder_.file("link/sub"), true), Names{"deep"});
    EXPECT_EQ(share(folder_.file("link/sub"))->path, std::filesystem::canonical(path("/sub")).string());
    EXPECT_EQ(share(path("/sub")).error().code, ErrorCode::PermissionDenied) << "not by its other name";
}

TEST_F(ShareRootsTest, AFolderThatCannotBeReadIsSaid)
{
    if (::geteuid() == 0)
        GTEST_SKIP() << "root reads everything";
    std::filesystem::create_directory(path("/locked"));
    ASSERT_EQ(::chmod(path("/locked").c_str(), 0), 0);
    EXPECT_EQ(refusal(path("/locked")), ErrorCode::PermissionDenied);
    EXPECT_EQ(share(path("/locked")).error().code, ErrorCode::PermissionDenied);
    ASSERT_EQ(::chmod(path("/locked").c_str(), 0700), 0);
}

} // namespace
} // namespace spillway::engine
