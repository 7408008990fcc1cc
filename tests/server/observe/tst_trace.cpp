// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/trace.h"

#include <gtest/gtest.h>
#include <set>
#include <thread>
#include <vector>

namespace spillway::observe {
namespace {

const std::string valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(Traceparent, ReadsAndWritesTheExampleOfTheStandard)
{
    const auto context = parseTraceparent(valid);
    ASSERT_TRUE(context);
    EXPECT_EQ(context->traceId[0], 0x0a);
    EXPECT_EQ(context->traceId[15], 0x9c);
    EXPECT_EQ(context->parentId[7], 0x31);
    EXPECT_TRUE(context->sampled);
    EXPECT_EQ(formatTraceparent(*context), valid);
}

TEST(Traceparent, OnlyTheSampledFlagIsKnown)
{
    struct Case
    {
        const char* flags;
        bool sampled;
    };
    for (const Case& c : {Case{"00", false}, Case{"01", true}, Case{"fe", false}, Case{"ff", true}}) {
        const auto context = parseTraceparent(valid.substr(0, 53) + c.flags);
        ASSERT_TRUE(context) << c.flags;
        EXPECT_EQ(context->sampled, c.sampled) << c.flags;
    }
}

TEST(Traceparent, LaterVersionsAreReadAsFarAsOursGoes)
{
    const std::string later = "01" + valid.substr(2);
    EXPECT_TRUE(parseTraceparent(later));
    EXPECT_TRUE(parseTraceparent(later + "-what-comes"));
    EXPECT_FALSE(parseTraceparent(later + "x"));
    EXPECT_TRUE(parseTraceparent("fe" + valid.substr(2)));
}

TEST(Traceparent, MalformedIsIgnored)
{
    const auto with = [](std::size_t at, const std::string& text) {
        return std::string(valid).replace(at, text.size(), text);
    };
    const std::string cases[] = {
        "",
        valid + "0",
        valid + "-",
        with(0, "ff"),
        with(0, "0g"),
        with(2, "_"),
        with(35, "_"),
        with(52, "_"),
        with(3, "0AF7"),
        with(3, std::string(32, '0')),
        with(36, std::string(16, '0')),
        with(36, "B7"),
        with(53, "0x"),
        with(10, std::string(1, '\0')),
        " " + valid,
    };
    for (const std::string& text : cases)
        EXPECT_FALSE(parseTraceparent(text)) << text;
    for (std::size_t length = 0; length < valid.size(); ++length)
        EXPECT_FALSE(parseTraceparent(std::string_view(valid).substr(0, length))) << length;
}

TEST(Traceparent, AChildKeepsItsTrace)
{
    IdGenerator ids({1, 2, 3, 4});
    const TraceContext trace = startTrace(ids, true);
    const TraceContext child = childOf(trace, ids);
    EXPECT_EQ(child.traceId, trace.traceId);
    EXPECT_NE(child.parentId, trace.parentId);
    EXPECT_TRUE(child.sampled);
    EXPECT_EQ(parseTraceparent(formatTraceparent(child)), child);
}

TEST(IdGenerator, IsXoshiro256PlusPlus)
{
    IdGenerator ids({1, 2, 3, 4});
    EXPECT_EQ(ids.next(), 41943041U); // the reference implementation's first values for this seed
    EXPECT_EQ(ids.next(), 58720359U);
    EXPECT_EQ(ids.next(), 3588806011781223U);
}

TEST(IdGenerator, IdsOfSeveralThreadsDiffer)
{
    std::vector<std::vector<std::uint64_t>> all(4);
    std::vector<std::thread> threads;
    for (auto& mine : all)
        threads.emplace_back([&mine] {
            IdGenerator ids;
            for (int i = 0; i < 10'000; ++i)
                mine.push_back(ids.next());
        });
    for (auto& thread : threads)
        thread.join();
    std::set<std::uint64_t> seen;
    for (const auto& mine : all)
        seen.insert(mine.begin(), mine.end());
    EXPECT_EQ(seen.size(), 40'000U);
    EXPECT_EQ(seen.count(0), 0U);
}

TEST(RequestId, IsSixteenHexDigits)
{
    EXPECT_EQ(requestIdText(0), "0000000000000000");
    EXPECT_EQ(requestIdText(0x1), "0000000000000001");
    EXPECT_EQ(requestIdText(0xfedcba9876543210), "fedcba9876543210");
    char exact[17] = "................";
    writeRequestId(0xab, exact);
    EXPECT_STREQ(exact, "00000000000000ab");
}

} // namespace
} // namespace spillway::observe
