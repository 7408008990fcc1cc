// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/linkurl.h"

#include <gtest/gtest.h>

using namespace spillway;
using namespace spillway::auth;

namespace {

const PreparedKey kKey("k1", std::string(32, '1'));

std::string withoutSignature(const std::string& url)
{
    return url.substr(0, url.find("s=") + 2);
}

TEST(MakeLinkUrl, BasesAndNames)
{
    struct Row
    {
        const char *base, *name;
        bool folder;
        const char* url;
    };
    const Row rows[] = {
        {"http://h:1", "a.txt", false, "http://h:1/d/ID/a.txt?k=k1&s="},
        {"http://h:1/", "a.txt", false, "http://h:1/d/ID/a.txt?k=k1&s="},
        {"https://h/files", "a.txt", false, "https://h/files/d/ID/a.txt?k=k1&s="},
        {"https://h/files//", "photos", true, "https://h/files/d/ID/photos/?k=k1&s="},
        {"http://h", "", true, "http://h/d/ID/?k=k1&s="},
        {"http://h", "a b+c&d=e?f#g%h", false, "http://h/d/ID/a%20b%2Bc%26d%3De%3Ff%23g%25h?k=k1&s="},
        {"http://h", "-._~", false, "http://h/d/ID/-._~?k=k1&s="},
        {"http://h", "\xe4\xbd\xa0\xe5\xa5\xbd", false, "http://h/d/ID/%E4%BD%A0%E5%A5%BD?k=k1&s="},
        {"http://h", "bad\xff\x01", false, "http://h/d/ID/bad%FF%01?k=k1&s="},
    };
    for (const Row& row : rows) {
        const std::string url = makeLinkUrl(row.base, "ID", row.name, row.folder, kKey);
        EXPECT_EQ(withoutSignature(url), row.url);
        EXPECT_EQ(url.size(), std::string(row.url).size() + kMacTextSize);
    }
}

TEST(MakePresignedUrl, Shapes)
{
    struct Row
    {
        PresignRequest request;
        const char *url, *canonical;
    };
    const Row rows[] = {
        {{"team", "a.txt", false, 9, {}, {}},
         "http://h/p/team/a.txt?e=9&k=k1&s=",
         "spillway-link-v1\n1:p\n4:team\n5:a.txt\n1:9\n"},
        {{"team", "", false, 0, {}, {}},
         "http://h/p/team/?e=0&k=k1&s=",
         "spillway-link-v1\n1:p\n4:team\n0:\n1:0\n"},
        {{"team", "", true, 0, {}, {}},
         "http://h/p/team/?e=0&k=k1&x-dir=0&s=",
         "spillway-link-v1\n1:p\n4:team\n0:\n1:0\n5:x-dir\n1:0\n"},
        {{"team", "a b/c/", true, 0, {"10.0.0.0/8", "::1/128"}, BytesPerSecond{1 << 20}},
         "http://h/p/team/a%20b/c/?e=0&k=k1&x-dir=2&x-ip=10.0.0.0/8,::1&x-rate=1MiB/s&s=",
         "spillway-link-v1\n1:p\n4:team\n5:a "
         "b/c\n1:0\n5:x-dir\n1:2\n4:x-ip\n14:10.0.0.0/8,::1\n6:x-rate\n6:1MiB/s\n"},
    };
    for (const Row& row : rows) {
        const auto url = makePresignedUrl("http://h/", row.request, kKey);
        ASSERT_TRUE(url);
        EXPECT_EQ(withoutSignature(*url), row.url);
        EXPECT_EQ(canonicalPresigned(row.request).value(), row.canonical);
    }
    EXPECT_EQ(canonicalLink("ID"), "spillway-link-v1\n1:d\n2:ID\n");
}

TEST(MakePresignedUrl, Refuses)
{
    const PresignRequest rows[] = {
        {"", "a", false, 0, {}, {}},
        {"a/b", "a", false, 0, {}, {}},
        {"..", "a", false, 0, {}, {}},
        {"s", "/a", false, 0, {}, {}},
        {"s", "a//b", false, 0, {}, {}},
        {"s", "a/../b", true, 0, {}, {}},
        {"s", ".", false, 0, {}, {}},
        {"s", "a", false, -1, {}, {}},
        {"s", "a", false, 0, {"x"}, {}},
        {"s", "a", false, 0, {"10.0.0.1/8"}, {}},
        {"s", "a", false, 0, {}, BytesPerSecond{-1}},
        {"s", "a", false, 0, std::vector<std::string>(9, "10.0.0.1"), {}},
    };
    for (const PresignRequest& row : rows) {
        const auto url = makePresignedUrl("http://h", row, kKey);
        ASSERT_FALSE(url) << *url;
        EXPECT_EQ(url.error().code, ErrorCode::InvalidArgument);
        EXPECT_FALSE(canonicalPresigned(row));
    }
    EXPECT_TRUE(makePresignedUrl("http://h",
                                 {"s", "a", false, 0, std::vector<std::string>(8, "10.0.0.1"), {}}, kKey));
}

} // namespace
