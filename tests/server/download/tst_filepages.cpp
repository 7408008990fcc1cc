// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/assets.h"
#include "tests/server/download/pipelinefixture.h"

// What people see of links and shares: pages in place of bytes, in their language, and what pages look like.
namespace spillway::download {
namespace {

constexpr std::string_view kBrowser = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nSec-Fetch-Dest: "
                                      "document\r\nUser-Agent: Mozilla/5.0\r\n";

std::string browser(std::string_view more)
{
    return std::string(kBrowser) + std::string(more);
}

bool isPage(const Answer& answer)
{
    return answer.has("Content-Type: text/html; charset=utf-8");
}

bool says(const Answer& answer, std::string_view text)
{
    return answer.body.find(text) != std::string::npos;
}

struct FilePages : PipelineTest
{
    std::string linkWith(int number, const std::function<void(catalog::Link&)>& edit, bool isFolder = false)
    {
        const std::string url = link(number, isFolder ? "sub" : "hello.txt", isFolder);
        write([&](catalog::Session& s) -> Result<void> {
            auto record = catalog::LinkRepository::find(s, catalog::linkId(number));
            if (!record)
                return fail(record.error());
            edit(**record);
            auto updated = catalog::LinkRepository::update(s, **record);
            return updated ? Result<void>() : fail(updated.error());
        });
        return url;
    }
};

TEST_F(FilePages, PageOrBytes)
{
    const std::string url = link(1, "hello.txt"), bare = linkWith(2, [](catalog::Link&l) { l.page = false; });
    struct Case
    {
        std::string target;
        const char* fields;
        bool page;
    };
    const char* document = "Accept: text/html\r\nSec-Fetch-Dest: document\r\n";
    for (const Case& c : {
             Case{url, document, true},
             Case{url, "Accept: text/html,*/*;q=0.8\r\n", true},
             Case{url, "", false},
             Case{url, "Accept: */*\r\n", false},
             Case{url, "Accept: image/avif,*/*\r\nSec-Fetch-Dest: image\r\n", false},
             Case{url, "Accept: text/html\r\nSec-Fetch-Dest: iframe\r\n", false},
             Case{url, "Accept: text/html\r\nRange: bytes=0-\r\n", false},
             Case{url + "&dl", document, false},
             Case{url + "&dl=inline", document, false},
             Case{url + "&utm_source=x", document, true},
             Case{bare, document, false},
             Case{"/s/open/hello.txt", document, false},
             Case{presign("hello.txt", now() + 60), document, false},
         })
        for (int again = 0; again < 3;
             ++again) // the shortest way must not take a page for bytes, nor the reverse
            EXPECT_EQ(isPage(get(c.target, c.fields)), c.page) << c.target << ' ' << c.fields << again;
    auto client = send(url, "HEAD", document);
    EXPECT_TRUE(answerOf(client).has("Content-Length: 17"));
    EXPECT_TRUE(get(url).has("Vary: Accept, Sec-Fetch-Dest"));
}

TEST_F(FilePages, DlSaysHowTheBytesAreKept)
{
    const std::string url = link(1, "hello.txt");
    EXPECT_TRUE(get(url + "&dl").field("Content-Disposition").starts_with("attachment"));
    EXPECT_TRUE(get(url + "&dl=inline").field("Content-Disposition").starts_with("inline"));
    EXPECT_TRUE(get(url).field("Content-Disposition").starts_with("inline"));
}

TEST_F(FilePages, APageCountsNothingAndItsButtonDoes)
{
    const std::string url = linkWith(1, [](catalog::Link& l) {
        l.maxDownloads = 1;
        l.note = "for <Ann>";
    });
    const Answer page = get(url, kBrowser);
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(says(page, "for &lt;Ann&gt;"));
    EXPECT_TRUE(says(page, "1 download left"));
    EXPECT_TRUE(says(page, "Show preview"));
    EXPECT_TRUE(page.has("Cache-Control: private, no-store"));
    EXPECT_EQ(recipients->counters().counted, 0U);
    const auto at = page.body.find("id=\"download\" href=\"") + 20;
    std::string address = page.body.substr(at, page.body.find('"', at) - at);
    for (std::size_t amp; (amp = address.find("&amp;")) != std::string::npos;)
        address.erase(amp + 1, 4);
    const Answer bytes = get(url.substr(0, url.find('?')) + address);
    EXPECT_EQ(bytes.body, "hello from closed");
    EXPECT_EQ(recipients->counters().counted, 1U);
    EXPECT_TRUE(says(get(url, kBrowser), "yours still works")) << "he is the one it was counted for";
    EXPECT_EQ(get(url).status, 200);
}

TEST_F(FilePages, AUsedUpLinkHasAPageOfItsOwn)
{
    const std::string url = linkWith(1, [](catalog::Link& l) { l.maxDownloads = 1; });
    write([](catalog::Session& s) {
        return catalog::LinkRepository::addDownloads(s, catalog::linkId(1), 1, false);
    });
    const Answer page = get(url, kBrowser);
    EXPECT_EQ(page.status, 403);
    EXPECT_TRUE(says(page, "This link is used up"));
    EXPECT_TRUE(says(get(url, browser("Accept-Language: zh-CN\r\n")), "此链接的下载次数已用完"));
    EXPECT_EQ(get(url).field("Content-Type"), "application/problem+json");
}

/// People are told that their link has expired; programs, and who has no good one, are not.
TEST_F(FilePages, AnExpiredLink)
{
    const std::string url = link(1, "hello.txt", false, now() - 1);
    EXPECT_TRUE(says(get(url, kBrowser), "This link has expired"));
    EXPECT_TRUE(says(get(url), "may have expired or been revoked"));
    std::string forged = url;
    forged[forged.size() - 5] = forged[forged.size() - 5] == 'A' ? 'B' : 'A';
    EXPECT_TRUE(says(get(forged, kBrowser), "This link does not open"));
    const std::string revoked = link(2, "hello.txt", false, now() - 1);
    revoke(2);
    EXPECT_TRUE(says(get(revoked, kBrowser), "This link does not open"));
}

TEST_F(FilePages, BelowAFolderLink)
{
    const std::string url = link(1, "", true);
    const std::string deep = url.substr(0, url.find('?')) + "sub/deep.txt" + url.substr(url.find('?'));
    const Answer page = get(deep, kBrowser);
    EXPECT_TRUE(isPage(page));
    EXPECT_TRUE(says(page, "<h1><bdi>deep.txt</bdi></h1>"));
    EXPECT_TRUE(says(page, "<a href=\"./../?k=k1"));
    EXPECT_TRUE(says(page, "<bdi>sub</bdi></a></li></ol>"));
    EXPECT_EQ(get(deep).body, "deep");
}

TEST_F(FilePages, LanguagesOfEveryPage)
{
    const std::string chinese = browser("Accept-Language: zh-CN,zh;q=0.9\r\n");
    struct Case
    {
        std::string target;
        const char* english;
        const char* chinese;
    };
    for (const Case& c : {
             Case{"/", "Shared folders", "共享文件夹"},
             Case{"/none", "Nothing here", "这里没有内容"},
             Case{"/s/open/", "Filter names", "筛选名称"},
             Case{"/s/closed/", "Sign in", "登录"},
             Case{link(1, "hello.txt"), "Download", "下载"},
             Case{linkWith(2, [](catalog::Link& l) { l.passwordHash = "x"; }), "Password needed", "需要密码"},
         }) {
        const Answer english = get(c.target, kBrowser), other = get(c.target, chinese);
        EXPECT_TRUE(says(english, c.english)) << c.target;
        EXPECT_TRUE(says(english, "<html lang=\"en\">"));
        EXPECT_TRUE(says(other, c.chinese)) << c.target;
        EXPECT_TRUE(says(other, "<html lang=\"zh-Hans\">"));
        EXPECT_TRUE(other.has("Content-Language: zh-Hans"));
        EXPECT_TRUE(other.has("Vary: Accept, Accept-Language, Sec-Fetch-Dest"));
        EXPECT_EQ(english.status, other.status);
        const std::string asked =
            c.target + (c.target.find('?') == std::string::npos ? "?lang=zh" : "&lang=zh");
        EXPECT_TRUE(says(get(asked, kBrowser), c.chinese)) << asked;
        // Nothing but what is ours, wherever it is.
        EXPECT_NE(english.field("Content-Security-Policy").find("default-src 'none'; style-src 'nonce-"),
                  std::string::npos);
        EXPECT_FALSE(says(english, " style=")) << c.target;
    }
}

TEST_F(FilePages, AFolderAsItWasAskedFor)
{
    catalog::writeFile(files.file("open/pic.png"), "x");
    EXPECT_TRUE(says(get("/s/open/?view=tiles", kBrowser), "<img loading=\"lazy\""));
    EXPECT_FALSE(says(get("/s/open/?q=PIC+none", kBrowser), "pic.png"));
    EXPECT_TRUE(says(get("/s/open/?q=PIC", kBrowser), "pic.png"));
    EXPECT_FALSE(says(get("/s/open/?q=PIC", kBrowser), "hello.txt"));
    EXPECT_TRUE(says(get("/s/open/?sort=-size", kBrowser), "aria-sort=\"descending\""));
}

TEST_F(FilePages, BusyPagesSayWhenToComeBack)
{
    health.enter(observe::Mode::Paused, "by hand");
    const Answer page = get("/s/open/hello.txt", kBrowser);
    EXPECT_EQ(page.status, 503);
    EXPECT_TRUE(says(page, "Downloads are paused"));
    EXPECT_TRUE(says(page, "data-retry=\"60\""));
}

TEST_F(FilePages, Assets)
{
    const std::string base = "/.spillway/" + pages::assets().version() + "/";
    const pages::Asset* style = pages::assets().find("spillway.css");
    Answer answer = get(base + "spillway.css");
    EXPECT_EQ(answer.body, style->bytes);
    EXPECT_EQ(answer.field("Content-Type"), "text/css; charset=utf-8");
    EXPECT_TRUE(answer.has("Cache-Control: public, max-age=31536000, immutable"));
    EXPECT_TRUE(answer.has("X-Content-Type-Options: nosniff"));
    answer = get(base + "spillway.css", "Accept-Encoding: br, gzip;q=0.5\r\n");
    EXPECT_TRUE(answer.has("Content-Encoding: gzip"));
    EXPECT_EQ(answer.body, style->gzip);
    EXPECT_FALSE(get(base + "spillway.css", "Accept-Encoding: gzip;q=0\r\n").has("Content-Encoding: gzip"));
    EXPECT_FALSE(get(base + "preview.png", "Accept-Encoding: gzip\r\n").has("Content-Encoding: gzip"));
    EXPECT_TRUE(get("/.spillway/older/spillway.css").has("Cache-Control: no-cache"));
    for (const char* none : {"/.spillway/", "/.spillway/x", "/.spillway/x/none", "/.spillway"})
        EXPECT_EQ(status(none), 404) << none;
    // A page asks for what is there.
    const Answer page = get("/", kBrowser);
    EXPECT_TRUE(says(page, base.substr(1) + "spillway.css"));
    EXPECT_TRUE(says(page, base.substr(1) + "spillway.js"));
}

} // namespace
} // namespace spillway::download
