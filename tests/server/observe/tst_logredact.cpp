// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/redact.h"

#include <gtest/gtest.h>

namespace spillway::observe {
namespace {

TEST(Redact, SecretsOfTheQueryAreHidden)
{
    struct Case
    {
        const char* in;
        const char* out;
    };
    const Case cases[] = {
        {"", ""},
        {"/s/pub/a", "/s/pub/a"},
        {"/s/pub/s=1", "/s/pub/s=1"}, // a path has no parameters
        {"/d/1/a?", "/d/1/a?"},
        {"/d/1/a?k=2&s=SECRET", "/d/1/a?k=2&s=***"},
        {"/d/1/a?s=SECRET&k=2", "/d/1/a?s=***&k=2"},
        {"/d/1/a?s=SECRET&", "/d/1/a?s=***&"},
        {"/d/1/a?s=", "/d/1/a?s=***"},
        {"/d/1/a?s", "/d/1/a?s"},
        {"/s/x?token=SECRET", "/s/x?token=***"},
        {"/s/x?password=SECRET&dl", "/s/x?password=***&dl"},
        {"/s/x?TOKEN=SECRET", "/s/x?TOKEN=***"},
        {"/s/x?%73=SECRET", "/s/x?%73=***"},
        {"/s/x?to%6Ben=SECRET", "/s/x?to%6Ben=***"},
        {"/s/x?%=1&%7=2&s%zz=3", "/s/x?%=1&%7=2&s%zz=3"},
        {"/s/x?ss=1&xs=2&sort=name&tokens=3", "/s/x?ss=1&xs=2&sort=name&tokens=3"},
        {"/s/x?s=SEC;RET#X?Y&k=1", "/s/x?s=***&k=1"},
        {"/s/x?k=1;s=SECRET", "/s/x?k=1;s=***"},
        {"/s/x?a?s=SECRET", "/s/x?a?s=***"},
        {"/s/x?s=SECRET&s=SECRET", "/s/x?s=***&s=***"},
        {"/s/x?s==SECRET=", "/s/x?s=***"},
        {"/s/x?&&s=SECRET", "/s/x?&&s=***"},
        {"https://h:1/d/1/a?k=2&s=SECRET#top", "https://h:1/d/1/a?k=2&s=***"}, // a Referer
    };
    for (const Case& c : cases) {
        std::string out = ">";
        redactTarget(c.in, out);
        EXPECT_EQ(out, std::string(">") + c.out) << c.in;
        EXPECT_EQ(out.find("SECRET"), std::string::npos) << c.in;
    }
}

TEST(Redact, ASecretCutShortStaysHidden)
{
    const std::string target = "/d/1/a?k=2&s=SECRET";
    for (std::size_t length = 0; length <= target.size(); ++length) {
        std::string out;
        redactTarget(std::string_view(target).substr(0, length), out);
        EXPECT_EQ(out.find("SE"), std::string::npos) << length;
    }
}

} // namespace
} // namespace spillway::observe
