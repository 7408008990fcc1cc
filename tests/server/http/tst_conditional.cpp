// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/conditional.h"

#include <gtest/gtest.h>

using namespace spillway::http;

namespace {

constexpr std::int64_t kModified = 784111777; // Sun, 06 Nov 1994 08:49:37 GMT
constexpr std::int64_t kNow = kModified + 86400;
constexpr const char* kBefore = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr const char* kSame = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr const char* kAfter = "Sun, 06 Nov 1994 08:49:38 GMT";
constexpr const char* kNotADate = "yesterday";

const Validators kStrong{{"\"abc\"", false}, kModified};
const Validators kWeak{{"\"abc\"", true}, kModified};
const Validators kNoTag{{}, kModified};
const Validators kNoDate{{"\"abc\"", false}, std::nullopt};

constexpr auto Proceed = Precondition::Proceed;
constexpr auto NotModified = Precondition::NotModified;
constexpr auto Failed = Precondition::Failed;

std::string_view field(const char* text)
{
    return text == nullptr ? std::string_view() : std::string_view(text);
}

} // namespace

TEST(Conditional, TableOfSection13)
{
    const struct
    {
        int line;
        const Validators* validators;
        Method method;
        const char* ifMatch;
        const char* ifUnmodifiedSince;
        const char* ifNoneMatch;
        const char* ifModifiedSince;
        Precondition answer;
    } rows[] = {
        {__LINE__, &kStrong, Method::Get, nullptr, nullptr, nullptr, nullptr, Proceed},
        // If-Match (RFC 9110 §13.1.1): strong comparison
        {__LINE__, &kStrong, Method::Get, "*", nullptr, nullptr, nullptr, Proceed},
        {__LINE__, &kNoTag, Method::Get, "*", nullptr, nullptr, nullptr, Proceed},
        {__LINE__, &kStrong, Method::Get, "\"abc\"", nullptr, nullptr, nullptr, Proceed},
        {__LINE__, &kStrong, Method::Get, "\"x\", \"abc\"", nullptr, nullptr, nullptr, Proceed},
        {__LINE__, &kStrong, Method::Get, "\"x\",, W/\"y\" ,\"abc\"", nullptr, nullptr, nullptr, Proceed},
        {__LINE__, &kStrong, Method::Get, "\"x\"", nullptr, nullptr, nullptr, Failed},
        {__LINE__, &kStrong, Method::Get, "\"ABC\"", nullptr, nullptr, nullptr, Failed},
        {__LINE__, &kStrong, Method::Get, "\"a,b\", \"abc\"", nullptr, nullptr, nullptr, Proceed},
        {__LINE__, &kStrong, Method::Get, "W/\"abc\"", nullptr, nullptr, nullptr, Failed},
        {__LINE__, &kWeak, Method::Get, "\"abc\"", nullptr, nullptr, nullptr, Failed},
        {__LINE__, &kWeak, Method::Get, "W/\"abc\"", nullptr, nullptr, nullptr, Failed},
        {__LINE__, &kNoTag, Method::Get, "\"abc\"", nullptr, nullptr, nullptr, Failed},
        {__LINE__, &kStrong, Method::Get, "", nullptr, nullptr, nullptr, Failed},
        {__LINE__, &kStrong, Method::Get, "abc", nullptr, nullptr, nullptr, Failed},
        {__LINE__, &kStrong, Method::Get, "\"abc", nullptr, nullptr, nullptr, Failed},
        {__LINE__, &kStrong, Method::Get, "x, \"abc\"", nullptr, nullptr, nullptr, Failed},
        {__LINE__, &kStrong, Method::Get, "\"x\" \"abc\"", nullptr, nullptr, nullptr, Failed},
        {__LINE__, &kStrong, Method::Put, "\"x\"", nullptr, nullptr, nullptr, Failed},
        // §13.2.2 step 1: If-Match hides If-Unmodified-Since
        {__LINE__, &kStrong, Method::Get, "\"abc\"", kBefore, nullptr, nullptr, Proceed},
        {__LINE__, &kStrong, Method::Get, "\"x\"", kAfter, nullptr, nullptr, Failed},
        // If-Unmodified-Since (§13.1.4)
        {__LINE__, &kStrong, Method::Get, nullptr, kBefore, nullptr, nullptr, Failed},
        {__LINE__, &kStrong, Method::Get, nullptr, kSame, nullptr, nullptr, Proceed},
        {__LINE__, &kStrong, Method::Get, nullptr, kAfter, nullptr, nullptr, Proceed},
        {__LINE__, &kStrong, Method::Get, nullptr, kNotADate, nullptr, nullptr, Proceed},
        {__LINE__, &kNoDate, Method::Get, nullptr, kBefore, nullptr, nullptr, Proceed},
        {__LINE__, &kStrong, Method::Get, nullptr, "Sun Nov  6 08:49:36 1994", nullptr, nullptr, Failed},
        // If-None-Match (§13.1.2): weak comparison; 304 for GET and HEAD, else 412
        {__LINE__, &kStrong, Method::Get, nullptr, nullptr, "*", nullptr, NotModified},
        {__LINE__, &kStrong, Method::Head, nullptr, nullptr, "*", nullptr, NotModified},
        {__LINE__, &kStrong, Method::Put, nullptr, nullptr, "*", nullptr, Failed},
        {__LINE__, &kStrong, Method::Get, nullptr, nullptr, "\"abc\"", nullptr, NotModified},
        {__LINE__, &kStrong, Method::Get, nullptr, nullptr, "W/\"abc\"", nullptr, NotModified},
        {__LINE__, &kWeak, Method::Get, nullptr, nullptr, "\"abc\"", nullptr, NotModified},
        {__LINE__, &kWeak, Method::Get, nullptr, nullptr, "W/\"x\", W/\"abc\"", nullptr, NotModified},
        {__LINE__, &kStrong, Method::Get, nullptr, nullptr, "w/\"abc\"", nullptr, Proceed},
        {__LINE__, &kStrong, Method::Get, nullptr, nullptr, "\"x\"", nullptr, Proceed},
        {__LINE__, &kStrong, Method::Get, nullptr, nullptr, "abc", nullptr, Proceed},
        {__LINE__, &kStrong, Method::Get, nullptr, nullptr, "", nullptr, Proceed},
        {__LINE__, &kStrong, Method::Delete, nullptr, nullptr, "\"abc\"", nullptr, Failed},
        {__LINE__, &kStrong, Method::Delete, nullptr, nullptr, "\"x\"", nullptr, Proceed},
        // §13.2.2 step 3: If-None-Match hides If-Modified-Since, whichever way it goes
        {__LINE__, &kStrong, Method::Get, nullptr, nullptr, "\"x\"", kAfter, Proceed},
        {__LINE__, &kStrong, Method::Get, nullptr, nullptr, "\"abc\"", kBefore, NotModified},
        // If-Modified-Since (§13.1.3): GET and HEAD only
        {__LINE__, &kStrong, Method::Get, nullptr, nullptr, nullptr, kBefore, Proceed},
        {__LINE__, &kStrong, Method::Get, nullptr, nullptr, nullptr, kSame, NotModified},
        {__LINE__, &kStrong, Method::Head, nullptr, nullptr, nullptr, kAfter, NotModified},
        {__LINE__, &kStrong, Method::Put, nullptr, nullptr, nullptr, kAfter, Proceed},
        {__LINE__, &kStrong, Method::Get, nullptr, nullptr, nullptr, kNotADate, Proceed},
        {__LINE__, &kNoDate, Method::Get, nullptr, nullptr, nullptr, kAfter, Proceed},
        {__LINE__, &kStrong, Method::Get, nullptr, nullptr, nullptr, "Sunday, 06-Nov-94 08:49:37 GMT",
         NotModified},
        // steps 1 and 2 come before 3 and 4
        {__LINE__, &kStrong, Method::Get, "\"x\"", nullptr, "\"abc\"", nullptr, Failed},
        {__LINE__, &kStrong, Method::Get, "\"abc\"", nullptr, "\"abc\"", nullptr, NotModified},
        {__LINE__, &kStrong, Method::Get, nullptr, kBefore, "\"abc\"", nullptr, Failed},
        {__LINE__, &kStrong, Method::Get, nullptr, kAfter, nullptr, kAfter, NotModified},
    };
    for (const auto& row : rows) {
        RequestHead head;
        head.method = row.method;
        head.ifMatch = field(row.ifMatch);
        head.ifUnmodifiedSince = field(row.ifUnmodifiedSince);
        head.ifNoneMatch = field(row.ifNoneMatch);
        head.ifModifiedSince = field(row.ifModifiedSince);
        EXPECT_EQ(evaluate(head, *row.validators, kNow), row.answer) << "row of line " << row.line;
    }
}

TEST(Conditional, IfRange)
{
    const struct
    {
        int line;
        const Validators* validators;
        const char* ifRange;
        std::int64_t now;
        bool holds;
    } rows[] = {
        {__LINE__, &kStrong, nullptr, kNow, true},
        {__LINE__, &kStrong, "\"abc\"", kNow, true},
        {__LINE__, &kStrong, "\"abd\"", kNow, false},
        {__LINE__, &kStrong, "W/\"abc\"", kNow, false}, // RFC 9110 §13.1.5: strong comparison
        {__LINE__, &kWeak, "\"abc\"", kNow, false},
        {__LINE__, &kWeak, "W/\"abc\"", kNow, false},
        {__LINE__, &kNoTag, "\"abc\"", kNow, false},
        {__LINE__, &kStrong, "\"abc\", \"x\"", kNow, false}, // one tag, not a list
        {__LINE__, &kStrong, "*", kNow, false},
        {__LINE__, &kStrong, "", kNow, false},
        {__LINE__, &kStrong, "abc", kNow, false},
        {__LINE__, &kStrong, kSame, kNow, true},
        {__LINE__, &kStrong, kBefore, kNow, false},
        {__LINE__, &kStrong, kAfter, kNow, false}, // exact match, not "not modified since"
        {__LINE__, &kNoDate, kSame, kNow, false},
        {__LINE__, &kStrong, kSame, kModified + 1, true},
        {__LINE__, &kStrong, kSame, kModified, false}, // §8.8.2.2: not strong within its own second
        {__LINE__, &kStrong, kSame, kModified - 1, false},
    };
    for (const auto& row : rows)
        EXPECT_EQ(ifRangeHolds(field(row.ifRange), *row.validators, row.now), row.holds)
            << "row of line " << row.line;
}

TEST(Conditional, EntityTags)
{
    // RFC 9110 §8.8.3.2, the table of comparisons
    const EntityTag weak1{"\"1\"", true};
    const EntityTag weak2{"\"2\"", true};
    const EntityTag strong1{"\"1\"", false};
    EXPECT_FALSE(strongMatch(weak1, weak1));
    EXPECT_TRUE(weakMatch(weak1, weak1));
    EXPECT_FALSE(strongMatch(weak1, weak2));
    EXPECT_FALSE(weakMatch(weak1, weak2));
    EXPECT_FALSE(strongMatch(weak1, strong1));
    EXPECT_TRUE(weakMatch(weak1, strong1));
    EXPECT_TRUE(strongMatch(strong1, strong1));
    EXPECT_TRUE(weakMatch(strong1, strong1));

    std::string_view text = "W/\"a\xe4!\"rest";
    const auto tag = takeEntityTag(text);
    ASSERT_TRUE(tag);
    EXPECT_EQ(*tag, (EntityTag{"\"a\xe4!\"", true}));
    EXPECT_EQ(text, "rest");
    for (std::string_view bad : {"", "\"", "\"a", "a\"", "W/", "W/a", "W\"a\"", "\"a b\"", "\"a\x7f\""}) {
        std::string_view rest = bad;
        EXPECT_FALSE(takeEntityTag(rest)) << bad;
        EXPECT_EQ(rest, bad);
    }
    std::string_view empty = "\"\"";
    EXPECT_EQ(takeEntityTag(empty)->opaque, "\"\"") << "an empty tag is a tag";
}
