// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/chatpage.h"
#include "server/pages/formpage.h"
#include "server/pages/linkfacts.h"
#include "server/pages/sharespage.h"

#include <gtest/gtest.h>

namespace spillway::pages {
namespace {

http::RequestHead headOf(std::string_view rawPath, std::string_view rawQuery = {})
{
    http::RequestHead head;
    head.rawPath = rawPath;
    head.rawQuery = rawQuery;
    head.host = "files.example:8080";
    return head;
}

View viewAt(std::string_view rawPath, std::string_view rawQuery = {})
{
    return viewOf(headOf(rawPath, rawQuery), false, "");
}

TEST(Frame, RootIsRelative)
{
    struct Row
    {
        const char* path;
        const char* root;
    };
    for (const Row& row :
         {Row{"/", ""}, Row{"/nothing", ""}, Row{"/s/open/", "../../"}, Row{"/s/open", "../"},
          Row{"/d/abc/name.txt", "../../"}, Row{"/s/a//b", "../../../"}, Row{"", "/"}})
        EXPECT_EQ(viewAt(row.path).root, row.root) << row.path;
}

TEST(Frame, SiteIsWhatTheClientSees)
{
    EXPECT_EQ(viewOf(headOf("/"), true, "/sub").site, "https://files.example:8080/sub");
    EXPECT_EQ(viewOf({}, false, "").site, "");
}

TEST(Frame, Languages)
{
    struct Row
    {
        const char* parameter;
        const char* field; ///< null: none
        Language language;
    };
    using enum Language;
    for (const Row& row :
         {Row{"", nullptr, English}, Row{"", "zh-CN,zh;q=0.9,en;q=0.8", Chinese},
          Row{"", "de,fr;q=0.5", English}, Row{"", "en-GB,zh;q=0.5", English}, Row{"zh", "en", Chinese},
          Row{"zh-CN", "en", Chinese}, Row{"en", "zh", English}, Row{"xx", "zh", Chinese}})
        EXPECT_EQ(chooseLanguage(row.parameter, row.field ? std::string_view(row.field) : std::string_view()),
                  row.language)
            << row.parameter << ' ' << (row.field ? row.field : "-");
    EXPECT_TRUE(viewAt("/", "lang=zh").languageAsked);
    EXPECT_FALSE(viewAt("/", "lang=xx").languageAsked);
    EXPECT_EQ(languageQuery(viewAt("/", "lang=zh")), "lang=zh");
    EXPECT_EQ(languageQuery(viewAt("/")), "");
}

/// The link to the other language keeps what the address says, but no token: that would end up in histories.
TEST(Frame, TheOtherLanguageIsOneLinkAway)
{
    const View view = viewAt("/s/a/", "k=1&token=secret&lang=en&s=%22x");
    EXPECT_EQ(view.ownQuery, "k=1&s=%22x");
    std::string out;
    closePage(out, view);
    EXPECT_NE(out.find("href=\"?k=1&amp;s=%22x&amp;lang=zh\">简体中文</a>"), std::string::npos) << out;
    EXPECT_EQ(out.find("secret"), std::string::npos);
}

TEST(Frame, NothingRunsButOurOwnScript)
{
    const View view = viewAt("/s/a/");
    EXPECT_GE(view.nonce.size(), 20U);
    EXPECT_NE(view.nonce, viewAt("/s/a/").nonce);
    const std::string fields = pageFields(view);
    EXPECT_NE(fields.find("default-src 'none'; style-src 'nonce-" + view.nonce + "'; script-src 'nonce-" +
                          view.nonce + "';"),
              std::string::npos);
    EXPECT_EQ(fields.find("unsafe"), std::string::npos);
    std::string out;
    openPage(out, view, "<title>");
    EXPECT_NE(out.find("<title>&lt;title&gt;</title>"), std::string::npos);
    EXPECT_NE(out.find("<script defer nonce=\"" + view.nonce + "\" src=\"../../.spillway/"),
              std::string::npos);
    EXPECT_EQ(out.find("http"), std::string::npos) << "nothing from elsewhere";
}

TEST(Frame, TextIsEscaped)
{
    std::string out;
    Html(out, Language::English).name("<b>&\"'\xff\u202e");
    EXPECT_EQ(out, "<bdi>&lt;b&gt;&amp;&quot;&#39;\xef\xbf\xbd\xef\xbf\xbd</bdi>");
    out.clear();
    Html(out, Language::English).say(Word::NothingMatches, "<%1>");
    EXPECT_EQ(out, "Nothing here has a name with “&lt;%1&gt;”.");
}

TEST(Frame, Times)
{
    std::string out;
    Html(out, Language::English).time(1'795'498'425).time(INT64_MAX).time(INT64_MIN);
    EXPECT_TRUE(out.starts_with("<time datetime=\"2026-11-24T05:33:45Z\">2026-11-24 05:33 UTC</time><time"))
        << out;
}

TEST(Frame, Forms)
{
    const View view = viewAt("/d/abc/name", "k=1&s=2");
    const std::string asked = formPage(view, kPasswordForm, "id-1");
    EXPECT_NE(asked.find("<form method=\"post\">"), std::string::npos);
    EXPECT_NE(asked.find("<label for=\"secret\">Password</label>"), std::string::npos);
    EXPECT_NE(asked.find("Request id-1"), std::string::npos);
    EXPECT_EQ(asked.find("role=\"alert\""), std::string::npos);
    FormPage wrong = kPasswordForm;
    wrong.isWrong = true;
    EXPECT_NE(formPage(view, wrong, "").find("This is not the password."), std::string::npos);
    const std::string out = formPage(view, kSignOutForm, "");
    EXPECT_EQ(out.find("<input"), std::string::npos);
    EXPECT_EQ(out.find("class=\"id\""), std::string::npos);
}

TEST(Frame, FactsOfALink)
{
    const auto text = [](const LinkFacts& facts) {
        std::string out;
        Html html(out, Language::English);
        appendNote(html, facts);
        appendTerms(html, facts);
        return out;
    };
    EXPECT_EQ(text({}), "");
    EXPECT_NE(text({"Hi <Ann>\nBye", {}, {}}).find("Hi &lt;Ann&gt;<br>Bye</p>"), std::string::npos);
    EXPECT_NE(text({"", 0, {}}).find("Available until <time datetime=\"1970-01-01T00:00:00Z\">"),
              std::string::npos);
    EXPECT_NE(text({"", {}, 3}).find("3 downloads left"), std::string::npos);
    EXPECT_NE(text({"", {}, 1}).find("1 download left"), std::string::npos);
    EXPECT_NE(text({"", {}, 0}).find("yours still works"), std::string::npos);
}

TEST(Frame, Shares)
{
    const std::vector<std::string_view> names{"music", "a b"};
    const std::string page = sharesPage(viewAt("/", "lang=zh"), names);
    EXPECT_NE(page.find("href=\"s/music/?lang=zh\""), std::string::npos) << page;
    EXPECT_NE(page.find("href=\"s/a%20b/?lang=zh\""), std::string::npos);
    EXPECT_NE(sharesPage(viewAt("/"), {}).find("Nothing is shared with everybody here."), std::string::npos);
}

TEST(Frame, Chats)
{
    const std::string page = chatPage(viewAt("/d/x/a.png"), "<a>.png", 100'000);
    EXPECT_NE(page.find("<meta property=\"og:title\" content=\"&lt;a&gt;.png\">"), std::string::npos);
    EXPECT_NE(page.find("content=\"97 KiB · Picture\""), std::string::npos) << page;
    EXPECT_NE(page.find("<meta property=\"og:image\" content=\"http://files.example:8080/.spillway/"),
              std::string::npos);
    EXPECT_NE(chatPage(viewAt("/d/x/a/"), "a", {}).find("content=\"Folder\""), std::string::npos);
}

} // namespace
} // namespace spillway::pages
