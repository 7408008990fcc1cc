// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/downloadtally.h"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <map>
#include <random>

namespace spillway::observe {
namespace {

using Hit = HeavyHitters::Hit;

TEST(HeavyHitters, IsExactWhileAllKeysFit)
{
    HeavyHitters table(3);
    table.add("b", 5, 1);
    table.add("a", 7, 1);
    table.add("c", 5, 2);
    table.add("b", 5, 0);
    table.add("none", 0, 1);
    EXPECT_EQ(table.size(), 3U);
    EXPECT_EQ(table.lost(), 0U);
    EXPECT_EQ(table.top(9), (std::vector<Hit>{{"b", 10, 1}, {"a", 7, 1}, {"c", 5, 2}}));
    EXPECT_EQ(table.top(1), (std::vector<Hit>{{"b", 10, 1}}));
    EXPECT_TRUE(table.top(0).empty());
    EXPECT_TRUE(HeavyHitters(3).top(9).empty());
}

TEST(HeavyHitters, OfEqualsTheSmallerKeyIsFirst)
{
    HeavyHitters table(8);
    for (const char* key : {"d", "b", "a", "c"})
        table.add(key, 1, 1);
    EXPECT_EQ(table.top(2), (std::vector<Hit>{{"a", 1, 1}, {"b", 1, 1}}));
}

/// What every table promises, held against what really was.
void holdAgainst(const HeavyHitters& table, const std::map<std::string, std::uint64_t>& truth,
                 std::size_t capacity)
{
    std::uint64_t all = 0;
    for (const auto& [key, bytes] : truth)
        all += bytes;
    EXPECT_LE(table.size(), capacity);
    EXPECT_LE(table.lost(), 2 * all / capacity);
    std::map<std::string, std::uint64_t> found;
    for (const Hit& hit : table.top(table.size()))
        found[hit.key] = hit.bytes;
    for (const auto& [key, bytes] : found)
        EXPECT_LE(bytes, truth.at(key)) << key;
    for (const auto& [key, bytes] : truth)
        if (bytes > table.lost()) {
            ASSERT_TRUE(found.contains(key)) << key << " has " << bytes;
            EXPECT_GE(found[key] + table.lost(), bytes) << key;
        }
}

/// Ten that are asked for often among a crowd of which each key comes about once.
class Skewed
{
public:
    explicit Skewed(std::uint32_t seed) : random_(seed) {}
    template<class Add>
    void run(int steps, Add add)
    {
        for (int i = 0; i < steps; ++i) {
            const std::uint64_t bytes = 1 + random_() % 1000;
            // One in four is of the ten, the first of them the most.
            if (random_() % 4 == 0)
                add("hot " + std::to_string(random_() % (1 + random_() % 10)), bytes);
            else
                add("cold " + std::to_string(random_() % 1'000'000'000), bytes);
        }
    }

private:
    std::mt19937 random_;
};

TEST(HeavyHitters, FindsTheFewAmongAMillionKeys)
{
    constexpr std::size_t kCapacity = 256;
    HeavyHitters table(kCapacity);
    std::mt19937 random(1);
    std::array<std::uint64_t, 5> hot{};
    std::vector<std::uint32_t> cold; // each key comes once
    std::uint64_t all = 0;
    while (cold.size() < 1'000'000) {
        const auto bytes = static_cast<std::uint32_t>(1 + random() % 1000);
        all += bytes;
        // One in five is of the hot ones, the first of them the most.
        if (random() % 5 == 0) {
            const std::size_t which = random() % (1 + random() % hot.size());
            hot[which] += bytes;
            table.add("hot " + std::to_string(which), bytes, 1);
        } else {
            table.add(std::to_string(cold.size()), bytes, 1);
            cold.push_back(bytes);
        }
    }
    EXPECT_LE(table.size(), kCapacity);
    EXPECT_LE(table.lost(), 2 * all / kCapacity);
    const auto found = table.top(table.size());
    ASSERT_GE(found.size(), hot.size());
    for (std::size_t i = 0; i < hot.size(); ++i) {
        EXPECT_EQ(found[i].key, "hot " + std::to_string(i));
        EXPECT_LE(found[i].bytes, hot[i]);
        EXPECT_GE(found[i].bytes + table.lost(), hot[i]);
    }
    for (std::size_t i = hot.size(); i < found.size(); ++i)
        EXPECT_LE(found[i].bytes, cold[std::stoul(found[i].key)]);
}

TEST(HeavyHitters, MergedTablesPromiseTheSame)
{
    HeavyHitters all(64);
    std::map<std::string, std::uint64_t> truth;
    for (std::uint32_t part = 0; part < 8; ++part) {
        HeavyHitters table(64);
        Skewed(part).run(3000, [&](const std::string& key, std::uint64_t bytes) {
            table.add(key, bytes, 1);
            truth[key] += bytes;
        });
        all.merge(table);
    }
    holdAgainst(all, truth, 64);
    EXPECT_EQ(all.top(1).front().key, "hot 0");
}

TEST(HeavyHitters, ManyKeysOfOneSizeMakeRoomAndStayBounded)
{
    for (const std::size_t capacity : {0U, 1U, 2U, 3U, 7U, 8U, 9U}) {
        HeavyHitters table(capacity);
        std::map<std::string, std::uint64_t> truth;
        for (int i = 0; i < 1000; ++i) {
            table.add(std::to_string(i), 1, 1);
            truth[std::to_string(i)] += 1;
        }
        holdAgainst(table, truth, std::max<std::size_t>(capacity, 2));
    }
}

constexpr DownloadTally::Address kClient{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 7};

TEST(DownloadTally, NamesFilesByShareAndPath)
{
    using What = DownloadOf::What;
    DownloadTally tally;
    tally.add("LINK", kClient, "docs", {What::File, true, "a/b.txt"}, 10, 1);
    tally.add("", kClient, "docs", {What::File, false, "a/b.txt"}, 20, 0);
    tally.add("", kClient, "docs", {What::Archive, true, "a"}, 5, 1);
    tally.add("", kClient, "docs", {What::Archive, true, {}}, 4, 1);
    tally.add("", kClient, "iso", {What::File, true, {}}, 3, 1);
    tally.add("", kClient, "docs", {What::File, true, "never"}, 0, 1);
    EXPECT_EQ(tally.list(DownloadTally::Links).top(9), (std::vector<Hit>{{"LINK", 10, 1}}));
    EXPECT_EQ(tally.list(DownloadTally::Clients).top(9),
              (std::vector<Hit>{{std::string(kClient.begin(), kClient.end()), 42, 4}}));
    EXPECT_EQ(tally.list(DownloadTally::Files).top(9),
              (std::vector<Hit>{{"docs/a/b.txt", 30, 1}, {"docs/a/", 5, 1}, {"docs/", 4, 1}, {"iso", 3, 1}}));
    const std::string longName(5000, 'x');
    DownloadTally other;
    other.add("", kClient, "docs", {What::File, true, longName}, 1, 1);
    EXPECT_EQ(other.list(DownloadTally::Files).top(1).front().key.size(), 5 + DownloadTally::kLongestPath);
    tally.merge(other);
    EXPECT_EQ(tally.list(DownloadTally::Clients).top(1).front().bytes, 43U);
}

TEST(DownloadTally, ManySmallAnswersAreThinnedOutAndStandForAll)
{
    DownloadTally tally;
    const auto add = [&tally](std::string_view path, std::uint64_t bytes) {
        const std::uint64_t many = tally.standsFor(bytes);
        tally.add("", kClient, "docs", {DownloadOf::What::File, true, path}, bytes * many, many);
        return many;
    };
    for (std::uint32_t i = 0; i < DownloadTally::kExact; ++i)
        ASSERT_EQ(add("exact", 10), 1U) << i;
    std::uint32_t added = 0;
    for (int i = 0; i < 800'000; ++i) {
        added += add(i % 4 == 0 ? "one" : "three", 10) > 0 ? 1U : 0U;
        if (i % 1000 == 0) {
            ASSERT_EQ(add("large", DownloadTally::kSmall + 1), 1U) << "is never left out";
        }
    }
    EXPECT_NEAR(added, 800'000 / DownloadTally::kThinned, 1500);
    std::map<std::string, Hit> found;
    for (const Hit& hit : tally.list(DownloadTally::Files).top(9))
        found[hit.key] = hit;
    EXPECT_EQ(found["docs/exact"].count, DownloadTally::kExact);
    EXPECT_EQ(found["docs/large"].count, 800U);
    EXPECT_NEAR(static_cast<double>(found["docs/one"].count), 200'000, 10'000);
    EXPECT_NEAR(static_cast<double>(found["docs/three"].count), 600'000, 15'000);
    EXPECT_EQ(found["docs/three"].bytes, found["docs/three"].count * 10);
}

} // namespace
} // namespace spillway::observe
