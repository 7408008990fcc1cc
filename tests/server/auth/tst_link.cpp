// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/link.h"

#include "server/auth/canonical.h"
#include "server/auth/linkurl.h"

#include <gtest/gtest.h>
#include <limits>
#include <string>

using namespace spillway;
using namespace spillway::auth;
using config::IpAddress;

namespace {

constexpr std::int64_t kNow = 1'800'000'000;
const IpAddress kClient = IpAddress::v4(10, 1, 2, 3);

std::shared_ptr<const KeyRing> ring()
{
    static const auto keys = KeyRing::make({{"k1", std::string(32, '1'), 0, {}, true},
                                            {"k2", std::string(40, '2'), 0, {}, false},
                                            {"dead", std::string(32, '3'), 0, 7, false}})
                                 .value();
    return keys;
}

/// What the head gate makes of a URL: the decoded path, and the query as sent.
struct Target
{
    std::string path, query;
};

Target target(const std::string& url)
{
    Target result;
    const auto question = url.find('?');
    const std::string raw = url.substr(0, question);
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '%') {
            result.path += static_cast<char>(std::stoi(raw.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            result.path += raw[i];
        }
    }
    if (question != std::string::npos)
        result.query = url.substr(question + 1);
    return result;
}

LinkVerdict checkStored(const std::string& path, const std::string& query)
{
    StoredLink link;
    return check(path, query, *ring(), link);
}

LinkVerdict checkPresigned(const std::string& path, const std::string& query, std::int64_t now = kNow,
                           const IpAddress& client = kClient)
{
    PresignedLink link;
    return check(path, query, *ring(), now, client, link);
}

std::string presigned(const PresignRequest& request)
{
    return makePresignedUrl("", request, *ring()->current()).value();
}

const std::string kStoredUrl = makeLinkUrl("", "AbCdEfGhIjKlMnOp", "report.pdf", false, *ring()->current());
const std::string kStoredQuery = kStoredUrl.substr(kStoredUrl.find('?') + 1);

TEST(StoredLink, PartsOfThePath)
{
    struct Row
    {
        const char *path, *link, *name, *below;
    };
    const Row rows[] = {
        {"/d/AbCdEfGhIjKlMnOp/report.pdf", "AbCdEfGhIjKlMnOp", "report.pdf", ""},
        {"/d/AbCdEfGhIjKlMnOp", "AbCdEfGhIjKlMnOp", "", ""},
        {"/d/AbCdEfGhIjKlMnOp/", "AbCdEfGhIjKlMnOp", "", ""},
        {"/d/AbCdEfGhIjKlMnOp/photos/", "AbCdEfGhIjKlMnOp", "photos", ""},
        {"/d/AbCdEfGhIjKlMnOp/photos/2024/a b.jpg", "AbCdEfGhIjKlMnOp", "photos", "2024/a b.jpg"},
        {"/d/AbCdEfGhIjKlMnOp/photos/2024/", "AbCdEfGhIjKlMnOp", "photos", "2024/"},
        {"/d/AbCdEfGhIjKlMnOp/..photos/...", "AbCdEfGhIjKlMnOp", "..photos", "..."},
    };
    for (const Row& row : rows) {
        StoredLink link;
        EXPECT_EQ(check(row.path, kStoredQuery, *ring(), link), LinkVerdict::Valid) << row.path;
        EXPECT_EQ(link.link, row.link) << row.path;
        EXPECT_EQ(link.name, row.name) << row.path;
        EXPECT_EQ(link.below, row.below) << row.path;
        EXPECT_EQ(link.key, "k1");
    }
}

TEST(StoredLink, Refusals)
{
    const std::string path = "/d/AbCdEfGhIjKlMnOp/report.pdf";
    const std::string s = kStoredQuery.substr(kStoredQuery.find("s="));
    struct Row
    {
        std::string path, query;
        LinkVerdict verdict;
    };
    const Row rows[] = {
        {path, "k=k1&" + s, LinkVerdict::Valid},
        {path, s + "&k=k1", LinkVerdict::Valid},
        {path, "&&k=k1&" + s + "&fbclid=x&dl&zip=1&utm_source=a%zz", LinkVerdict::Valid},
        {path, "k=k1&e=1&" + s, LinkVerdict::Valid}, // e means nothing here
        {path, "", LinkVerdict::Missing},
        {path, "k=k1", LinkVerdict::Missing},
        {path, s, LinkVerdict::Missing},
        {path, "K=k1&" + s, LinkVerdict::Missing},
        {path, "k=k1&" + s + "&" + s, LinkVerdict::Malformed},
        {path, "k=k1&k=k1&" + s, LinkVerdict::Malformed},
        {path, "k&k=k1&" + s, LinkVerdict::Malformed},
        {path, "k=k1&" + s + "&s", LinkVerdict::Malformed},
        {path, "e=1&e=1&k=k1&" + s, LinkVerdict::Malformed},
        {path, "k=k1&s=", LinkVerdict::BadSignature},
        {path, "k=k1&s", LinkVerdict::BadSignature},
        {path, "k=k1&" + s + "=", LinkVerdict::BadSignature},
        {path, "k=k1&" + s + "A", LinkVerdict::BadSignature},
        {path, "k=k1&" + s.substr(0, s.size() - 1), LinkVerdict::BadSignature},
        {path, "k=&" + s, LinkVerdict::UnknownKey},
        {path, "k=k9&" + s, LinkVerdict::UnknownKey},
        {path, "k=dead&" + s, LinkVerdict::UnknownKey},
        {path, "k=k2&" + s, LinkVerdict::BadSignature},
        {path, "k=k1&" + s + "&x-ip=10.0.0.0/8", LinkVerdict::BadConstraint},
        {path, "k=k1&" + s + "&x-", LinkVerdict::BadConstraint},
        {path, "k=k1&" + s + "&x-later=1", LinkVerdict::BadConstraint},
        {"/d/AbCdEfGhIjKlMnOq/report.pdf", kStoredQuery, LinkVerdict::BadSignature},
        {"/d/AbCdEfGhIjKlMnO/report.pdf", kStoredQuery, LinkVerdict::BadSignature},
        {"/d//report.pdf", kStoredQuery, LinkVerdict::Malformed},
        {"/d/", kStoredQuery, LinkVerdict::Malformed},
        {"/d", kStoredQuery, LinkVerdict::Malformed},
        {"/s/AbCdEfGhIjKlMnOp/report.pdf", kStoredQuery, LinkVerdict::Malformed},
        {"/d/AbCdEfGhIjKlMnOp/photos/../x", kStoredQuery, LinkVerdict::Malformed},
        {"/d/AbCdEfGhIjKlMnOp/photos/.", kStoredQuery, LinkVerdict::Malformed},
        {"/d/AbCdEfGhIjKlMnOp/..", kStoredQuery, LinkVerdict::Malformed},
        {"/d/AbCdEfGhIjKlMnOp//x", kStoredQuery, LinkVerdict::Malformed},
        {"/d/AbCdEfGhIjKlMnOp/photos//", kStoredQuery, LinkVerdict::Malformed},
    };
    for (const Row& row : rows)
        EXPECT_EQ(checkStored(row.path, row.query), row.verdict)
            << row.path << "?" << row.query << ": " << linkVerdictName(checkStored(row.path, row.query));
}

TEST(StoredLink, EveryMutationOfWhatIsSignedFails)
{
    const Target good = target(kStoredUrl);
    ASSERT_EQ(checkStored(good.path, good.query), LinkVerdict::Valid);
    const std::size_t nameAt = good.path.find("/report");
    for (std::size_t at = 0; at < nameAt; ++at)
        for (int bit = 0; bit < 8; ++bit) {
            std::string path = good.path;
            path[at] = static_cast<char>(path[at] ^ (1 << bit));
            EXPECT_NE(checkStored(path, good.query), LinkVerdict::Valid) << path;
        }
    for (std::size_t at = 0; at < good.query.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string query = good.query;
            query[at] = static_cast<char>(query[at] ^ (1 << bit));
            EXPECT_NE(checkStored(good.path, query), LinkVerdict::Valid) << query;
        }
        EXPECT_NE(checkStored(good.path, good.query.substr(0, at)), LinkVerdict::Valid) << at;
        EXPECT_NE(checkStored(good.path, good.query.substr(0, at) + good.query.substr(at + 1)),
                  LinkVerdict::Valid)
            << at;
    }
}

PresignRequest fullRequest()
{
    return {"team",   "docs/r\xc3\xa9sum\xc3\xa9 1.pdf", false,
            kNow + 1, {"10.0.0.0/8", "2001:db8::/32"},   BytesPerSecond{2 << 20}};
}

TEST(PresignedLink, EveryMutationFails)
{
    const Target good = target(presigned(fullRequest()));
    ASSERT_EQ(checkPresigned(good.path, good.query), LinkVerdict::Valid);
    for (std::size_t at = 0; at < good.path.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string path = good.path;
            path[at] = static_cast<char>(path[at] ^ (1 << bit));
            EXPECT_NE(checkPresigned(path, good.query), LinkVerdict::Valid) << path;
        }
        EXPECT_NE(checkPresigned(good.path.substr(0, at), good.query), LinkVerdict::Valid) << at;
    }
    EXPECT_NE(checkPresigned(good.path + "/", good.query), LinkVerdict::Valid);
    for (std::size_t at = 0; at < good.query.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string query = good.query;
            query[at] = static_cast<char>(query[at] ^ (1 << bit));
            EXPECT_NE(checkPresigned(good.path, query), LinkVerdict::Valid) << query;
        }
        EXPECT_NE(checkPresigned(good.path, good.query.substr(0, at)), LinkVerdict::Valid) << at;
        EXPECT_NE(checkPresigned(good.path, good.query.substr(0, at) + good.query.substr(at + 1)),
                  LinkVerdict::Valid)
            << at;
    }
}

TEST(PresignedLink, OrderAndEncodingOfTheQueryDoNotMatter)
{
    const Target good = target(presigned(fullRequest()));
    std::vector<std::string> parameters;
    for (std::size_t from = 0; from <= good.query.size();) {
        const auto end = std::min(good.query.find('&', from), good.query.size());
        parameters.push_back(good.query.substr(from, end - from));
        from = end + 1;
    }
    ASSERT_EQ(parameters.size(), 5U);
    for (std::size_t turn = 0; turn < parameters.size(); ++turn) {
        std::string query;
        for (std::size_t i = 0; i < parameters.size(); ++i)
            query += (i ? "&" : "") + parameters[(i + turn) % parameters.size()];
        EXPECT_EQ(checkPresigned(good.path, query), LinkVerdict::Valid) << query;

        std::string encoded;
        for (char c : query)
            encoded += c == '/' ? "%2f" : c == ':' ? "%3A" : c == ',' ? "%2C" : std::string(1, c);
        EXPECT_EQ(checkPresigned(good.path, encoded), LinkVerdict::Valid) << encoded;
    }
}

TEST(PresignedLink, Expiry)
{
    struct Row
    {
        std::int64_t expires, now;
        LinkVerdict verdict;
    };
    const Row rows[] = {
        {kNow, kNow - 1, LinkVerdict::Valid},
        {kNow, kNow, LinkVerdict::Expired},
        {kNow, kNow + 1, LinkVerdict::Expired},
        {0, kNow, LinkVerdict::Valid},
        {0, 0, LinkVerdict::Valid},
        {1, 0, LinkVerdict::Valid},
        {1, 1, LinkVerdict::Expired},
        {std::numeric_limits<std::int64_t>::max(), kNow, LinkVerdict::Valid},
    };
    for (const Row& row : rows) {
        const Target url = target(presigned({"s", "f", false, row.expires, {}, {}}));
        EXPECT_EQ(checkPresigned(url.path, url.query, row.now), row.verdict) << row.expires << " " << row.now;
    }
}

TEST(PresignedLink, ClientAddress)
{
    const Target url = target(presigned({"s", "f", false, 0, {"10.0.0.0/8", "2001:db8::/32"}, {}}));
    struct Row
    {
        const char* client;
        LinkVerdict verdict;
    };
    const Row rows[] = {
        {"10.0.0.0", LinkVerdict::Valid},        {"10.255.255.255", LinkVerdict::Valid},
        {"11.0.0.0", LinkVerdict::WrongAddress}, {"9.255.255.255", LinkVerdict::WrongAddress},
        {"2001:db8::1", LinkVerdict::Valid},     {"2001:db9::", LinkVerdict::WrongAddress},
        {"::ffff:10.1.1.1", LinkVerdict::Valid}, {"::1", LinkVerdict::WrongAddress},
    };
    for (const Row& row : rows)
        EXPECT_EQ(checkPresigned(url.path, url.query, kNow, config::parseIpAddress(row.client).value()),
                  row.verdict)
            << row.client;
}

TEST(PresignedLink, Folder)
{
    struct Row
    {
        const char *folder, *path;
        LinkVerdict verdict;
        const char* signedPath;
    };
    const Row rows[] = {
        {"docs", "/p/team/docs", LinkVerdict::Valid, "docs"},
        {"docs", "/p/team/docs/", LinkVerdict::Valid, "docs"},
        {"docs/", "/p/team/docs/", LinkVerdict::Valid, "docs"},
        {"docs", "/p/team/docs/a/b.txt", LinkVerdict::Valid, "docs"},
        {"docs", "/p/team/docs2", LinkVerdict::BadSignature, nullptr},
        {"docs", "/p/team/doc", LinkVerdict::BadSignature, nullptr},
        {"docs", "/p/team/", LinkVerdict::BadConstraint, nullptr},
        {"docs", "/p/team", LinkVerdict::BadConstraint, nullptr},
        {"docs", "/p/other/docs/a", LinkVerdict::BadSignature, nullptr},
        {"docs", "/p/team/docs/../secret", LinkVerdict::Malformed, nullptr},
        {"docs", "/p/team/docs/./a", LinkVerdict::Malformed, nullptr},
        {"docs", "/p/team/docs//a", LinkVerdict::Malformed, nullptr},
        {"docs/sub", "/p/team/docs/sub/x", LinkVerdict::Valid, "docs/sub"},
        {"docs/sub", "/p/team/docs/", LinkVerdict::BadConstraint, nullptr},
        {"docs/sub", "/p/team/docs/x", LinkVerdict::BadSignature, nullptr},
        {"", "/p/team/anything/below", LinkVerdict::Valid, ""},
        {"", "/p/team", LinkVerdict::Valid, ""},
        {"", "/p/team2/anything", LinkVerdict::BadSignature, nullptr},
    };
    for (const Row& row : rows) {
        const std::string query = target(presigned({"team", row.folder, true, 0, {}, {}})).query;
        PresignedLink link;
        EXPECT_EQ(check(row.path, query, *ring(), kNow, kClient, link), row.verdict)
            << row.folder << " " << row.path;
        if (row.signedPath) {
            EXPECT_EQ(link.signedPath, row.signedPath) << row.path;
            EXPECT_TRUE(link.isFolder);
        }
    }
}

TEST(PresignedLink, AFileCoversNothingElse)
{
    const Target url = target(presigned({"team", "docs", false, 0, {}, {}}));
    EXPECT_EQ(checkPresigned("/p/team/docs", url.query), LinkVerdict::Valid);
    EXPECT_EQ(checkPresigned("/p/team/docs/", url.query), LinkVerdict::BadSignature);
    EXPECT_EQ(checkPresigned("/p/team/docs/a", url.query), LinkVerdict::BadSignature);
    EXPECT_EQ(checkPresigned("/p/team/docs/a", url.query + "&x-dir=1"), LinkVerdict::BadSignature);
}

/// A query with any texts, rightly signed, as a foreign program may make it.
std::string signedQuery(const PresignedFields& fields, const std::string& rest)
{
    CanonicalString text("p");
    addPresigned(text, fields);
    return "e=" + std::string(fields.expires) +
           "&k=k1&s=" + encodeMac(ring()->current()->hmac().sign(text.parts())) + rest;
}

TEST(PresignedLink, Constraints)
{
    struct Row
    {
        const char *directory, *address, *speed;
        std::string rest;
        LinkVerdict verdict;
    };
    const std::string eight = "10.0.0.0/8,1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5,1.1.1.6,1.1.1.7";
    const std::string nine = eight + ",1.1.1.8";
    const std::string blank(kMaxConstraintBytes, ' ');
    const Row rows[] = {
        {nullptr, nullptr, "2MiB/s", "&x-rate=2MiB%2Fs", LinkVerdict::Valid},
        {nullptr, nullptr, "0", "&x-rate=0", LinkVerdict::Valid},
        {nullptr, nullptr, "2", "&x-rate=2", LinkVerdict::BadConstraint},
        {nullptr, nullptr, "", "&x-rate=", LinkVerdict::BadConstraint},
        {nullptr, nullptr, "", "&x-rate", LinkVerdict::BadConstraint},
        {nullptr, nullptr, "2MiB/s", "&x-rate=2MiB/s&x-rate=2MiB/s", LinkVerdict::Malformed},
        {nullptr, nullptr, "", "&x-rate&x-rate=", LinkVerdict::Malformed},
        {nullptr, nullptr, "2MiB/s", "&x-rate=2MiB%2", LinkVerdict::Malformed},
        {nullptr, nullptr, "2MiB/s", "&x-rate=2MiB%", LinkVerdict::Malformed},
        {nullptr, nullptr, "2MiB/s", "&x-rate=2MiB%zzs", LinkVerdict::Malformed},
        {nullptr, nullptr, "2MiB/s", "&x-rate=2MiB%2Fs&x-later=1", LinkVerdict::BadConstraint},
        {nullptr, nullptr, "2MiB/s", "&X-rate=2MiB%2Fs", LinkVerdict::BadSignature},
        {nullptr, nullptr, "2MiB/s", "", LinkVerdict::BadSignature},
        {nullptr, nullptr, nullptr, "&x-rate=2MiB/s", LinkVerdict::BadSignature},
        {nullptr, "10.0.0.0/8", nullptr, "&x-ip=10.0.0.0/8", LinkVerdict::Valid},
        {nullptr, eight.c_str(), nullptr, "&x-ip=" + eight, LinkVerdict::Valid},
        {nullptr, nine.c_str(), nullptr, "&x-ip=" + nine, LinkVerdict::BadConstraint},
        {nullptr, "10.0.0.0/8,", nullptr, "&x-ip=10.0.0.0/8,", LinkVerdict::BadConstraint},
        {nullptr, ",10.0.0.0/8", nullptr, "&x-ip=,10.0.0.0/8", LinkVerdict::BadConstraint},
        {nullptr, "", nullptr, "&x-ip=", LinkVerdict::BadConstraint},
        {nullptr, "10.0.0.1/8", nullptr, "&x-ip=10.0.0.1/8", LinkVerdict::BadConstraint},
        {nullptr, "10.0.0.0/8", nullptr, "&x-ip=10.0.0.0/08", LinkVerdict::BadConstraint},
        {"1", nullptr, nullptr, "&x-dir=1", LinkVerdict::Valid},
        {"1", nullptr, nullptr, "&x-dir=%31", LinkVerdict::Valid},
        {"01", nullptr, nullptr, "&x-dir=01", LinkVerdict::BadConstraint},
        {"-1", nullptr, nullptr, "&x-dir=-1", LinkVerdict::BadConstraint},
        {"1 ", nullptr, nullptr, "&x-dir=1%20", LinkVerdict::BadConstraint},
        {"", nullptr, nullptr, "&x-dir=", LinkVerdict::BadConstraint},
        {"2", nullptr, nullptr, "&x-dir=2", LinkVerdict::BadConstraint},
        {"4294967296", nullptr, nullptr, "&x-dir=4294967296", LinkVerdict::BadConstraint},
        {nullptr, nullptr, blank.c_str(), "&x-rate=" + blank, LinkVerdict::BadConstraint},
        {nullptr, nullptr, blank.c_str(), "&x-rate=" + blank + " ", LinkVerdict::Malformed},
    };
    const auto orAbsent = [](const char* text) { return text ? std::string_view(text) : std::string_view(); };
    for (const Row& row : rows) {
        const PresignedFields fields{
            "team", "docs", "0", orAbsent(row.directory), orAbsent(row.address), orAbsent(row.speed)};
        EXPECT_EQ(checkPresigned("/p/team/docs", signedQuery(fields, row.rest)), row.verdict) << row.rest;
    }
}

TEST(PresignedLink, RateAndFieldsAreRead)
{
    const Target url = target(presigned(fullRequest()));
    PresignedLink link;
    ASSERT_EQ(check(url.path, url.query, *ring(), kNow, kClient, link), LinkVerdict::Valid);
    EXPECT_EQ(link.share, "team");
    EXPECT_EQ(link.path, "docs/r\xc3\xa9sum\xc3\xa9 1.pdf");
    EXPECT_EQ(link.rate.count, 2 << 20);
    EXPECT_EQ(link.expiresAt, kNow + 1);
    EXPECT_EQ(link.blockCount, 2);
    EXPECT_FALSE(link.isFolder);
}

TEST(PresignedLink, Refusals)
{
    const std::string good = signedQuery({"team", "f", "0", {}, {}, {}}, "");
    const std::string s = good.substr(good.find("s="));
    struct Row
    {
        std::string path, query;
        LinkVerdict verdict;
    };
    const Row rows[] = {
        {"/p/team/f", good, LinkVerdict::Valid},
        {"/p/team/f", good + "&zip&lang=zh", LinkVerdict::Valid},
        {"/p/team/f", "e=0&" + good, LinkVerdict::Malformed},
        {"/p/team/f", "k=k1&" + s, LinkVerdict::Missing},
        {"/p/team/f", "e=0&" + s, LinkVerdict::Missing},
        {"/p/team/f", "e=0&k=k1", LinkVerdict::Missing},
        {"/p/team/f", "e=&k=k1&" + s, LinkVerdict::Malformed},
        {"/p/team/f", "e=00&k=k1&" + s, LinkVerdict::Malformed},
        {"/p/team/f", "e=-1&k=k1&" + s, LinkVerdict::Malformed},
        {"/p/team/f", "e=+1&k=k1&" + s, LinkVerdict::Malformed},
        {"/p/team/f", "e=1x&k=k1&" + s, LinkVerdict::Malformed},
        {"/p/team/f", "e=9223372036854775808&k=k1&" + s, LinkVerdict::Malformed},
        {"/p/team/f", "e=9223372036854775807&k=k1&" + s, LinkVerdict::BadSignature},
        {"/p/team/f", "e=1&k=k1&" + s, LinkVerdict::BadSignature},
        {"/p//f", good, LinkVerdict::Malformed},
        {"/p/", good, LinkVerdict::Malformed},
        {"/p/team/../f", good, LinkVerdict::Malformed},
        {"/p/../f", good, LinkVerdict::Malformed},
        {"/d/team/f", good, LinkVerdict::Malformed},
    };
    for (const Row& row : rows)
        EXPECT_EQ(checkPresigned(row.path, row.query), row.verdict) << row.path << "?" << row.query;
}

TEST(Domains, OneFormNeverPassesAsTheOther)
{
    // The same words in the same order: only form and lengths tell them apart.
    const Target stored = target(kStoredUrl);
    const std::string asPresigned = "/p" + stored.path.substr(2);
    EXPECT_EQ(checkPresigned(asPresigned, stored.query + "&e=0"), LinkVerdict::BadSignature);

    for (const char* path : {"", "f", "d"}) {
        const Target url = target(presigned({"AbCdEfGhIjKlMnOp", path, false, 0, {}, {}}));
        EXPECT_EQ(checkPresigned(url.path, url.query), LinkVerdict::Valid);
        EXPECT_EQ(checkStored("/d" + url.path.substr(2), url.query), LinkVerdict::BadSignature);
    }
}

TEST(Domains, FieldsCannotSlide)
{
    const std::string forOne = signedQuery({"team", "a/b", "0", {}, {}, {}}, "");
    EXPECT_EQ(checkPresigned("/p/team/a/b", forOne), LinkVerdict::Valid);
    EXPECT_EQ(checkPresigned("/p/team\n3:a/b", forOne), LinkVerdict::BadSignature);
    // A path that contains what a constraint would look like, and the constraint itself.
    const std::string odd = "f\n1:0\n6:x-rate\n6:2MiB/s";
    const std::string query = signedQuery({"team", odd, "0", {}, {}, {}}, "");
    EXPECT_EQ(checkPresigned("/p/team/" + odd, query), LinkVerdict::Valid);
    EXPECT_EQ(checkPresigned("/p/team/f", query), LinkVerdict::BadSignature);
    EXPECT_EQ(checkPresigned("/p/team/f", query + "&x-rate=2MiB/s"), LinkVerdict::BadSignature);
}

TEST(Verdicts, StatusAndName)
{
    EXPECT_EQ(httpStatus(LinkVerdict::Valid), 200);
    EXPECT_EQ(httpStatus(LinkVerdict::Malformed), 400);
    for (auto verdict : {LinkVerdict::Missing, LinkVerdict::BadConstraint, LinkVerdict::UnknownKey,
                         LinkVerdict::BadSignature, LinkVerdict::Expired, LinkVerdict::WrongAddress}) {
        EXPECT_EQ(httpStatus(verdict), 403);
        EXPECT_STRNE(linkVerdictName(verdict), "unknown");
    }
}

} // namespace
