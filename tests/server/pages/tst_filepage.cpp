// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/filepage.h"

#include <gtest/gtest.h>

namespace spillway::pages {
namespace {

FilePage somePage()
{
    FilePage page;
    page.name = "report.txt";
    page.size = 1'234'567;
    page.modifiedAt = 1'795'498'425;
    page.mediaType = "text/plain; charset=utf-8";
    page.credentials = "k=1&s=2";
    page.grant = "g=3";
    page.url = "http://h/d/x/report.txt?k=1&s=2&g=3";
    return page;
}

bool has(const std::string& page, std::string_view text)
{
    return page.find(text) != std::string::npos;
}

TEST(FilePage, WhatItSays)
{
    FilePage page = somePage();
    page.sha256 = std::string(64, 'a');
    page.facts = {"For you", 1'795'498'425, 2};
    const std::string html = filePage({}, page);
    for (const char* text : {"<h1><bdi>report.txt</bdi></h1>", "1.1 MiB · Text", "For you",
                             "2 downloads left", "1,234,567 bytes", "href=\"?k=1&amp;s=2&amp;dl&amp;g=3\"",
                             "Download (1.1 MiB)", "data-text=\"?k=1&amp;s=2&amp;dl=inline&amp;g=3\"",
                             "curl -fOJ &#39;http://h/d/x/report.txt?k=1&amp;s=2&amp;g=3&#39;",
                             "spillway get &#39;http://h/d/x/report.txt?k=1&amp;s=2&amp;g=3&#39;",
                             "This is the beginning of the file."})
        EXPECT_TRUE(has(html, text)) << text;
    EXPECT_TRUE(has(html, page.sha256));
    EXPECT_FALSE(has(html, "class=\"crumbs\""));
    page.hasPassword = true;
    EXPECT_TRUE(has(filePage({}, page), "--password-stdin"));
}

TEST(FilePage, PreviewByKind)
{
    struct Row
    {
        const char* type;
        std::uint64_t size;
        Preview preview;
        const char* shown; ///< null: nothing
    };
    const std::uint64_t most = kPreviewUpTo;
    using enum Preview;
    for (const Row& row : {
             Row{"image/png", most, Automatic, "<img"},
             Row{"image/png", most + 1, Automatic, "Show preview"},
             Row{"image/png", most + 1, Asked, "<img"},
             Row{"image/png", 1, OnRequest, "The preview counts as your download."},
             Row{"video/mp4", most * 100, Automatic,
                 "<video class=\"shown\" controls playsinline preload=\"none\""},
             Row{"audio/mpeg", 1, Automatic, "<audio class=\"shown\" controls preload=\"none\""},
             Row{"application/pdf", 1, Automatic, "<iframe"},
             Row{"text/html", most * 100, Automatic, "<pre"},
             Row{"application/zip", 1, Automatic, nullptr},
             Row{"application/octet-stream", 1, Asked, nullptr},
             Row{"image/png", 0, Automatic, nullptr},
         }) {
        FilePage page = somePage();
        page.mediaType = row.type;
        page.size = row.size;
        page.preview = row.preview;
        const std::string html = filePage({}, page);
        EXPECT_EQ(has(html, "class=\"preview\""), row.shown != nullptr) << row.type << ' ' << row.size;
        if (row.shown) {
            EXPECT_TRUE(has(html, row.shown)) << row.type << ' ' << row.size;
        }
        // What was not asked for fetches nothing by itself.
        if (row.preview == OnRequest) {
            EXPECT_FALSE(has(html, "dl=inline")) << row.type;
        }
    }
}

TEST(FilePage, NamesCannotLeaveTheirPlace)
{
    FilePage page = somePage();
    page.name = "a\"><script>alert(1)</script>'\xff\u202egpj.txt";
    page.linkName = "<folder>";
    page.shownPath = "a/<b>";
    page.url = "http://h/it's?k=1";
    page.facts.note = "<img src=x onerror=alert(1)>";
    for (const char* type : {"image/png", "video/mp4", "audio/mpeg", "application/pdf", "text/plain"}) {
        page.mediaType = type;
        const std::string html = filePage({}, page);
        EXPECT_FALSE(has(html, "<script>alert"));
        EXPECT_FALSE(has(html, "<img src=x"));
        EXPECT_FALSE(has(html, "\u202e"));
        EXPECT_TRUE(has(
            html, "a&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;\xef\xbf\xbd\xef\xbf\xbdgpj.txt"));
        EXPECT_TRUE(has(html, "<li><a href=\"./../../?k=1&amp;s=2\"><bdi>&lt;folder&gt;</bdi></a></li>"))
            << html;
        EXPECT_TRUE(has(html, "<li><a href=\"./?k=1&amp;s=2\"><bdi>&lt;b&gt;</bdi></a></li>"));
        EXPECT_TRUE(has(html, "&#39;http://h/it&#39;\\&#39;&#39;s?k=1&#39;"));
    }
}

TEST(FilePage, ShellWords)
{
    EXPECT_EQ(shellQuoted(""), "''");
    EXPECT_EQ(shellQuoted("a b$`\"&"), "'a b$`\"&'");
    EXPECT_EQ(shellQuoted("it's"), "'it'\\''s'");
}

} // namespace
} // namespace spillway::pages
