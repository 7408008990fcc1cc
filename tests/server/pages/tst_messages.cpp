// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/messagepage.h"
#include "server/pages/messages.h"

#include <gtest/gtest.h>

namespace spillway::pages {
namespace {

std::string said(int status, std::string_view detail, Language language)
{
    std::string filled;
    const Message message = messageFor(status, detail, language, filled);
    return std::string(message.heading) + " | " + std::string(message.text);
}

TEST(Messages, InBothLanguages)
{
    EXPECT_EQ(said(403, "This link has expired.", Language::English),
              "This link has expired | What was sent to you is no longer available at this address. Ask "
              "whoever sent it "
              "for a new link.");
    EXPECT_TRUE(said(403, "This link has expired.", Language::Chinese).starts_with("此链接已过期 | "));
    EXPECT_NE(
        said(429, "Too many requests; this one may be made again in 7 s.", Language::English).find("in 7 s."),
        std::string::npos);
    EXPECT_NE(
        said(429, "Too many requests; this one may be made again in 7 s.", Language::Chinese).find("7 秒"),
        std::string::npos);
    EXPECT_EQ(said(416, "The file has no such bytes.", Language::English),
              "The file has changed | The file has no such bytes.");
}

TEST(Messages, WhatNobodyKnowsIsShownAsItIs)
{
    EXPECT_FALSE(hasMessage("Something new."));
    EXPECT_EQ(said(404, "Something new.", Language::English), "Not Found | Something new.");
    EXPECT_EQ(said(404, "Something new.", Language::Chinese), "这里没有内容 | Something new.");
    EXPECT_FALSE(hasMessage("Too many requests; this one"));
    EXPECT_FALSE(hasMessage(""));
}

TEST(Messages, Page)
{
    View view;
    view.ownQuery = "k=1&s=2";
    const std::string page =
        messagePage(view, {503, "The server is <busy>; try again in a moment.", 5, "req-1"});
    EXPECT_NE(page.find("The server is &lt;busy&gt;"), std::string::npos);
    EXPECT_NE(page.find("503 · Request req-1"), std::string::npos);
    EXPECT_NE(page.find("data-retry=\"5\""), std::string::npos);
    EXPECT_NE(page.find("id=\"retry\" href=\"?k=1&amp;s=2\""), std::string::npos);
    EXPECT_EQ(messagePage(view, {503, "x", 3600, "r"}).find("data-retry"), std::string::npos);
    EXPECT_EQ(messagePage(view, {403, "x", 0, "r"}).find("id=\"retry\""), std::string::npos);
}

} // namespace
} // namespace spillway::pages
