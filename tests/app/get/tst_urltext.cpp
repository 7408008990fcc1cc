// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/urltext.h"

#include <gtest/gtest.h>

namespace spillway::get {
namespace {

TEST(ParseUrl, Parts)
{
    const struct
    {
        const char *text, *url, *origin, *path, *query, *user, *password;
    } rows[] = {
        {"http://h/a", "http://h/a", "http://h:80", "/a", "", "", ""},
        {"https://h", "https://h/", "https://h:443", "/", "", "", ""},
        {"https://u:p%40w@h:8443/a/b%20c?x=1&s=2#top", "https://h:8443/a/b%20c?x=1&s=2", "https://h:8443",
         "/a/b%20c", "x=1&s=2", "u", "p@w"},
        {"http://[::1]:80/x", "http://[::1]:80/x", "http://[::1]:80", "/x", "", "", ""},
        {"http://h/a b", "http://h/a%20b", "http://h:80", "/a%20b", "", "", ""},
        {"HTTP://h/a", "http://h/a", "http://h:80", "/a", "", "", ""},
    };
    for (const auto& row : rows) {
        const auto url = parseUrl(row.text);
        ASSERT_TRUE(url) << row.text;
        EXPECT_EQ(url->text, row.url);
        EXPECT_EQ(url->origin, row.origin);
        EXPECT_EQ(url->path, row.path);
        EXPECT_EQ(url->query, row.query);
        EXPECT_EQ(url->user, row.user);
        EXPECT_EQ(url->password, row.password);
    }
    for (const char* text : {"", "h/a", "/a", "ftp://h/a", "file:///etc/passwd", "http://", "http://h/a\nb",
                             "http://h/a\r\nX: y", "javascript:1"}) {
        const auto url = parseUrl(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(url.error().code, ErrorCode::InvalidArgument);
    }
}

TEST(UrlBelow, KeepsTheSignatureAndEncodesAll)
{
    const auto folder = parseUrl("http://h/d/id/name/?k=1&s=2");
    ASSERT_TRUE(folder);
    EXPECT_EQ(urlBelow(*folder, "a/b c?#%\xff"), "http://h/d/id/name/a/b%20c%3F%23%25%FF?k=1&s=2");
    EXPECT_EQ(urlBelow(*parseUrl("http://h/s/pub"), "x"), "http://h/s/pub/x");
    EXPECT_EQ(withParameter(*folder, "format=ndjson"), "http://h/d/id/name/?k=1&s=2&format=ndjson");
    EXPECT_EQ(withParameter(*parseUrl("http://h/s/"), "format=ndjson"), "http://h/s/?format=ndjson");
    // Whatever a name holds, the URL is one, and decodes to it.
    std::string all;
    for (int c = 1; c < 256; ++c)
        all += static_cast<char>(c);
    EXPECT_TRUE(parseUrl(urlBelow(*folder, all)));
}

TEST(ShownUrl, HidesSecrets)
{
    const struct
    {
        const char *text, *shown;
    } rows[] = {
        {"http://h/a?k=1&s=abc", "http://h/a?k=1&s=***"},
        {"http://u:pw@h/a", "http://h/a"},
        {"http://u:p/w@h/a",
         "http://u:p/w@h/a"}, // the authority ended before: it is not a password to any server
        {"http://h/a@b?token=x", "http://h/a@b?token=***"},
        {"http://h/\x1b[31m", "http://h/?[31m"},
        {"not a url", "not a url"},
    };
    for (const auto& row : rows)
        EXPECT_EQ(shownUrl(row.text), row.shown);
}

TEST(ShownText, ObeysNoTerminal)
{
    EXPECT_EQ(shownText("plain ä 中"), "plain ä 中");
    EXPECT_EQ(shownText("a\r\n\x1b]0;x\x07\x7f"), "a???]0;x??");
    EXPECT_EQ(shownText("c1 \xC2\x9B"
                        "31m bad \xFF"),
              "c1 ?31m bad ?");
}

} // namespace
} // namespace spillway::get
