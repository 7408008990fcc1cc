// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/redact.h"

#include <array>
#include <gtest/gtest.h>
#include <string>

using namespace spillway::auth;

namespace {

std::string redacted(std::string_view text, std::size_t room = 1000)
{
    std::array<char, 1000> buffer{};
    return std::string(redact(text, std::span(buffer).first(room)));
}

TEST(Redact, Table)
{
    struct Row
    {
        const char *text, *shown;
    };
    const Row rows[] = {
        {"", ""},
        {"/", "/"},
        {"/s=1", "/s=1"},
        {"/a&s=1", "/a&s=1"},
        {"/d/L/n?k=abc&s=SIGNATURE", "/d/L/n?k=abc&s=*"},
        {"/d/L/n?s=SIGNATURE&k=abc", "/d/L/n?s=*&k=abc"},
        {"/d/L/n?S=SIGNATURE", "/d/L/n?S=*"},
        {"/s/x?token=T", "/s/x?token=*"},
        {"/s/x?Token=T&password=p&s=1&dl", "/s/x?Token=*&password=*&s=*&dl"},
        {"/s/x?token=a=b", "/s/x?token=*"},
        {"/s/x?%74oken=T&%53=1&tok%65N=2", "/s/x?%74oken=*&%53=*&tok%65N=*"},
        {"/s/x?%7token=T&s%=1&%s=2&s%7=3", "/s/x?%7token=T&s%=1&%s=2&s%7=3"},
        {"/s/x?token=", "/s/x?token="},
        {"/s/x?token", "/s/x?token"},
        {"/s/x?tokens=1&ss=2&xs=3&q=s", "/s/x?tokens=1&ss=2&xs=3&q=s"},
        {"/s/x?&&s=1&&", "/s/x?&&s=*&&"},
        {"/s/x?a?s=1", "/s/x?a?s=*"},
        {"/s/x?s=1#frag", "/s/x?s=*"},
        {"/s/x?token=ab?cd#e&dl", "/s/x?token=*&dl"},
        {"/s/x?token=?cd&s=&dl", "/s/x?token=*&s=&dl"},
        {"https://h/p/a?e=1&k=2&s=3", "https://h/p/a?e=1&k=2&s=*"},
        {"https://user:pass@h/p?x=1", "https://*@h/p?x=1"},
        {"https://user:p@ss@h/p?x=1&s=2", "https://*@h/p?x=1&s=*"},
        {"https://h/a@b", "https://h/a@b"},
        {"https://@h/", "https://@h/"},
        {"/go?to=http://u:p@h/", "/go?to=http://u:p@h/"},
        {"/x?s=1&s=22&s=333", "/x?s=*&s=*&s=*"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(redacted(row.text), row.shown) << row.text;
        EXPECT_EQ(redacted(row.text, std::string_view(row.text).size()), row.shown)
            << "the text's own size is enough room";
    }
}

TEST(Redact, NothingToHideIsNoCopy)
{
    const std::string text = "/s/share/file?dl&k=1";
    std::array<char, 4> buffer{};
    EXPECT_EQ(redact(text, buffer).data(), text.data());
}

TEST(Redact, AShortBufferCutsAndNeverShows)
{
    const std::string text = "/d/link/name?k=key&s=SECRETSECRET&dl";
    const std::string whole = redacted(text);
    for (std::size_t room = 0; room <= whole.size(); ++room)
        EXPECT_EQ(redacted(text, room), whole.substr(0, room));
}

} // namespace
