// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/folderpage.h"

#include "tests/server/body/drain.h"

#include <set>
#include <sys/stat.h>
#include <vector>

namespace spillway::pages {
namespace {

using State = net::Generator::State;

class FolderPages : public testing::Test
{
protected:
    FolderPages() { folder_.folder("share"); }

    static FolderOptions named(std::string title, std::string shownPath = {}, std::string query = {})
    {
        FolderOptions options;
        options.title = std::move(title);
        options.shownPath = std::move(shownPath);
        options.query = std::move(query);
        return options;
    }
    std::string page(const std::string& relative, const FolderOptions& options = named("Share"))
    {
        FolderPage generator(root_, relative, options, pool_, loop_.post());
        return body::drain(loop_, generator);
    }
    /// The addresses of the entries, in order.
    static std::vector<std::string> rows(const std::string& page)
    {
        std::vector<std::string> names;
        for (std::size_t at = 0; (at = page.find("href=\"./", at)) != std::string::npos;) {
            at += 8;
            names.push_back(page.substr(at, page.find('"', at) - at));
        }
        return names;
    }
    void file(const std::string& name, std::size_t size, std::int64_t modified)
    {
        folder_.file("share/" + name, std::string(size, 'x'));
        const timespec times[2] = {{0, 0}, {modified, 0}};
        ASSERT_EQ(::utimensat(AT_FDCWD, folder_.path("share/" + name).c_str(), times, 0), 0);
    }
    static bool has(const std::string& page, std::string_view text)
    {
        return page.find(text) != std::string::npos;
    }

    body::TestFolder folder_;
    body::SetClock clock_;
    body::TestLoop loop_;
    BlockingPool pool_{"test", 2, 64};
    std::shared_ptr<body::ShareRoot> root_ =
        std::make_shared<body::ShareRoot>(folder_.path("share"), body::ShareRoot::Options{}, clock_);
};

TEST_F(FolderPages, NamesAndAddresses)
{
    folder_.file("share/a/b/file10.txt", std::string(2048, 'x'));
    folder_.file("share/a/b/File2.txt");
    folder_.folder("share/a/b/zoo");
    folder_.file("share/a/b/<script>alert(1)\"'&.txt");
    folder_.file("share/a/b/javascript:alert(1)");
    folder_.file("share/a/b/x\xff#?%");
    folder_.file("share/a/b/\u202egpj.exe");
    const std::string html = page("a/b", named("My <share>", "a/b", "k=1&s=\"2"));
    EXPECT_TRUE(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    EXPECT_TRUE(html.ends_with("</html>\n"));
    EXPECT_FALSE(has(html, "<script>"));
    EXPECT_FALSE(has(html, "\u202e"));
    for (const char* text :
         {"<title>b – My &lt;share&gt;</title>",
          "<a href=\"../../?k=1&amp;s=&quot;2\"><bdi>My &lt;share&gt;</bdi></a>",
          "<a href=\"../?k=1&amp;s=&quot;2\"><bdi>a</bdi></a>",
          "<a class=\"entry folder\" href=\"./zoo/?k=1&amp;s=&quot;2\"><bdi>zoo</bdi>/</a>",
          "href=\"./javascript%3Aalert%281%29?k=1",
          "href=\"./x%FF%23%3F%25?k=1&amp;s=&quot;2\"><bdi>x\xef\xbf\xbd#?%</bdi>",
          "%3Cscript%3Ealert%281%29%22%27%26.txt", "<td data-bytes=\"2048\">2.0 KiB</td>",
          "1 folder · 6 files · 2.0 KiB", "<bdi>\xef\xbf\xbdgpj.exe</bdi>"})
        EXPECT_TRUE(has(html, text)) << text;
    // Folders first, then natural order without case.
    EXPECT_LT(html.find("./zoo/"), html.find("./File2.txt"));
    EXPECT_LT(html.find("./File2.txt"), html.find("./file10.txt"));
}

TEST_F(FolderPages, TheTopAndNothing)
{
    const std::string html = page("");
    EXPECT_TRUE(has(html, "<title>Share</title>"));
    EXPECT_TRUE(rows(html).empty());
    EXPECT_FALSE(has(html, "class=\"crumbs\""));
    EXPECT_TRUE(has(html, "This folder is empty."));
    FolderOptions options = named("Share");
    options.filter = "<x>";
    EXPECT_TRUE(has(page("", options), "Nothing here has a name with “&lt;x&gt;”."));
    options.view.language = Language::Chinese;
    options.filter.clear();
    EXPECT_TRUE(has(page("", options), "此文件夹为空。"));
}

TEST_F(FolderPages, BeginsBeforeTheDiskAnswered)
{
    FolderPage generator(root_, "missing", named("Share", "missing"), pool_, loop_.post());
    std::string out;
    EXPECT_EQ(generator.pull(out, 65536, {}), State::More);
    EXPECT_TRUE(has(out, "<h1>"));
    EXPECT_TRUE(body::drain(loop_, generator, State::Failed).empty());
}

TEST_F(FolderPages, Sorted)
{
    file("b", 30, 100);
    file("a", 10, 300);
    file("c", 20, 200);
    folder_.folder("share/zoo");
    struct Row
    {
        const char* sort;
        std::vector<std::string> names;
        const char* marked;
    };
    for (const Row& row :
         {Row{"", {"zoo/", "a", "b", "c"}, "ascending\"><a href=\"?sort=-name\">Name"},
          Row{"-name", {"zoo/", "c", "b", "a"}, "descending\"><a href=\"?\">Name"},
          Row{"size", {"zoo/", "a", "c", "b"}, "ascending\"><a href=\"?sort=-size\">Size"},
          Row{"-size", {"zoo/", "b", "c", "a"}, "descending\"><a href=\"?sort=size\">Size"},
          Row{"date", {"zoo/", "b", "c", "a"}, "ascending\"><a href=\"?sort=-date\">Changed"},
          Row{"-date", {"zoo/", "a", "c", "b"}, "descending\"><a href=\"?sort=date\">Changed"},
          Row{"nonsense", {"zoo/", "a", "b", "c"}, "ascending\"><a href=\"?sort=-name\">Name"}}) {
        FolderOptions options = named("Share");
        options.sorting = parseSorting(row.sort);
        const std::string html = page("", options);
        std::vector<std::string> names = rows(html);
        for (std::string& name : names)
            name = name.substr(0, name.find('?'));
        EXPECT_EQ(names, row.names) << row.sort;
        EXPECT_TRUE(has(html, row.marked)) << row.sort;
        // A subfolder is sorted the same way.
        if (options.sorting != Sorting{}) {
            EXPECT_TRUE(has(html, "./zoo/?sort=" + sortingText(options.sorting))) << row.sort;
        }
    }
}

TEST_F(FolderPages, Filtered)
{
    for (const char* name : {"Report.txt", "report-2.txt", "other", "ÜBER.txt"})
        folder_.file("share/" + std::string(name));
    FolderOptions options = named("Share", "", "k=1&s=a%22b");
    options.filter = "rePORT";
    options.sorting = {Sorting::By::Size, true};
    std::string html = page("", options);
    EXPECT_EQ(rows(html).size(), 2U);
    EXPECT_TRUE(has(html, "2 files")) << html;
    // The form sends all that belongs to the page, decoded, for a form encodes.
    EXPECT_TRUE(has(html, "<input type=\"hidden\" name=\"s\" value=\"a&quot;b\">"));
    EXPECT_TRUE(has(html, "<input type=\"hidden\" name=\"sort\" value=\"-size\">"));
    EXPECT_TRUE(has(html, "name=\"q\" id=\"filter\" aria-label=\"Filter names\" placeholder=\"Filter names\" "
                          "value=\"rePORT\""));
    EXPECT_TRUE(has(html, "q=rePORT\">Name"));
    options.filter = "über";
    EXPECT_EQ(rows(page("", options)).size(), 1U);
}

TEST_F(FolderPages, Tiles)
{
    file("a.jpg", 5, 1);
    file("b.txt", 5, 1);
    file("large.png", FolderPage::tileUpTo + 1, 1);
    folder_.folder("share/sub");
    FolderOptions options = named("Share", "", "k=1");
    options.tiles = true;
    const std::string html = page("", options);
    EXPECT_TRUE(has(html, "<ul class=\"tiles\">"));
    EXPECT_TRUE(
        has(html, "<img loading=\"lazy\" decoding=\"async\" alt=\"\" src=\"./a.jpg?k=1&amp;dl=inline\">"));
    EXPECT_FALSE(has(html, "src=\"./large.png")) << "too much for a tile";
    EXPECT_TRUE(has(html, "entry large text"));
    EXPECT_TRUE(has(html, "href=\"./sub/?k=1&amp;view=tiles\""));
    EXPECT_TRUE(has(html, "href=\"?k=1\">List</a>"));
    EXPECT_FALSE(has(html, "<table"));
    EXPECT_TRUE(has(html, "<li class=\"up\"><a href=\"?k=1&amp;sort=-name&amp;view=tiles\">Name</a>"));
    EXPECT_TRUE(has(html, "<li><a href=\"?k=1&amp;sort=-date&amp;view=tiles\">Changed</a>"));
}

TEST_F(FolderPages, TilesTogetherShowPicturesOfSoManyBytes)
{
    constexpr std::uint64_t most = FolderPage::tilesUpTo / FolderPage::tileUpTo;
    for (std::uint64_t i = 0; i <= most; ++i) {
        file(std::to_string(100 + i) + ".jpg", 1, 1);
        std::filesystem::resize_file(folder_.path("share/" + std::to_string(100 + i) + ".jpg"),
                                     FolderPage::tileUpTo);
    }
    file("small.png", 1, 1);
    FolderOptions options = named("Share");
    options.tiles = true;
    const std::string html = page("", options);
    EXPECT_TRUE(has(html, "src=\"./" + std::to_string(100 + most - 1) + ".jpg"));
    EXPECT_FALSE(has(html, "src=\"./" + std::to_string(100 + most) + ".jpg"));
    EXPECT_FALSE(has(html, "src=\"./small.png"));
    EXPECT_TRUE(has(html, "href=\"./small.png"));
}

TEST_F(FolderPages, WhatTheLinkSaysAndOffers)
{
    FolderOptions options = named("Share");
    options.facts = {"Hello", 0, 2};
    options.zipQuery = "k=1&zip";
    options.signOut = true;
    options.filesHavePages = true;
    const std::string html = page("", options);
    for (const char* text : {"Hello", "2 downloads left", "href=\"?k=1&amp;zip\">Download all (ZIP)</a>",
                             "href=\"?signout\"", "og:title\" content=\"Share\""})
        EXPECT_TRUE(has(html, text)) << text;
    EXPECT_FALSE(has(page(""), "og:title"));
    EXPECT_FALSE(has(page(""), "ZIP"));
}

TEST_F(FolderPages, UpToItsBoundSortedAndAboveItComplete)
{
    const int bound = static_cast<int>(FolderPage::sortedUpTo);
    for (int i = 0; i < bound - 1; ++i)
        folder_.file("share/f" + std::to_string(i), "");
    folder_.folder("share/zzz");
    auto names = rows(page(""));
    ASSERT_EQ(names.size(), FolderPage::sortedUpTo);
    EXPECT_EQ(names[0], "zzz/");
    for (int i = 0; i < bound - 1; ++i)
        ASSERT_EQ(names[static_cast<std::size_t>(i) + 1], "f" + std::to_string(i));
    folder_.file("share/one-more", "");
    folder_.file("share/two-more", "");
    const std::string html = page("");
    EXPECT_TRUE(has(html, "too many entries to sort"));
    EXPECT_FALSE(has(html, "sort=")) << "it offers nothing that it does not do";
    names = rows(html);
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), FolderPage::sortedUpTo + 2);
    EXPECT_EQ(names.size(), FolderPage::sortedUpTo + 2);
}

} // namespace
} // namespace spillway::pages
