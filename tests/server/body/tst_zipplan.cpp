// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/zipplan.h"

#include <gtest/gtest.h>
#include <random>
#include <sys/stat.h>

namespace spillway::body {
namespace {

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;

FileFacts file(std::uint64_t size, std::int64_t mtime = 1'700'000'001, std::uint32_t mode = 0640)
{
    FileFacts facts;
    facts.kind = FileKind::File;
    facts.size = size;
    facts.mtimeNs = mtime * 1'000'000'000;
    facts.ctimeNs = facts.mtimeNs;
    facts.inode = 7;
    facts.mode = mode;
    return facts;
}

FileFacts folder(std::int64_t mtime = 1'700'000'001)
{
    FileFacts facts = file(4096, mtime, 0750);
    facts.kind = FileKind::Folder;
    return facts;
}

ZipPlanPtr planOf(const std::vector<std::pair<std::string, FileFacts>>& entries)
{
    ZipPlanBuilder builder(nullptr, "top", 1U << 30);
    for (const auto& [path, facts] : entries)
        EXPECT_TRUE(builder.add(path, facts));
    return builder.finish();
}

/// The archive from `first` on; a file's bytes are '.'.
std::string bytesOf(const ZipPlan& plan, std::uint64_t first, std::uint64_t length)
{
    std::string out;
    for (std::uint64_t at = first; at < first + length;) {
        const ZipPiece piece = plan.pieceAt(at);
        EXPECT_LE(piece.at, at);
        EXPECT_GT(piece.at + piece.length, at);
        std::string made;
        if (piece.kind == ZipPiece::Kind::Content)
            made.assign(piece.length, '.');
        else
            plan.append(made, piece);
        EXPECT_EQ(made.size(), piece.length) << "what a piece says of its length is what it has";
        const std::uint64_t skip = at - piece.at;
        const std::uint64_t take = std::min(piece.length - skip, first + length - at);
        out.append(made, skip, take);
        at += take;
    }
    return out;
}

void know(const ZipPlan& plan)
{
    for (std::size_t i = 0; i < plan.count(); ++i)
        if (!plan.crc(i))
            plan.setCrc(i, zipCrc(std::string(plan.size(i), '.')));
}

TEST(ZipPlan, AnEmptyFolderIsAnEndRecord)
{
    const auto plan = planOf({});
    EXPECT_EQ(plan->length(), 22U);
    EXPECT_EQ(bytesOf(*plan, 0, 22), std::string("PK\5\6", 4) + std::string(18, '\0'));
}

TEST(ZipPlan, RecordsAreAsTheFormatSays)
{
    const auto plan = planOf({{"d", folder()}, {"d/a.txt", file(5)}});
    know(*plan);
    const std::string all = bytesOf(*plan, 0, plan->length());
    ASSERT_EQ(all.size(), plan->length());
    EXPECT_EQ(all.substr(0, 4), "PK\3\4");
    EXPECT_EQ(all.substr(30, 2), "d/");
    const std::size_t second = 30 + 2 + 9;
    EXPECT_EQ(all.substr(second + 30, 7), "d/a.txt");
    EXPECT_EQ(all.substr(second + 30 + 7, 9), std::string("UT\5\0\1\x01\xf1\x53\x65", 9)) << "1700000001";
    EXPECT_EQ(all.substr(second + 30 + 7 + 9, 5), ".....");
    const std::size_t central = plan->directoryAt();
    EXPECT_EQ(all.substr(central, 4), "PK\1\2");
    EXPECT_EQ(all[central + 5], '\3') << "made by Unix";
    const auto attributes = [&all](std::size_t at) {
        return static_cast<unsigned>(static_cast<unsigned char>(all[at + 40])) |
               static_cast<unsigned>(static_cast<unsigned char>(all[at + 41])) << 8;
    };
    EXPECT_EQ(attributes(central), S_IFDIR | 0750U);
    EXPECT_EQ(attributes(central + 46 + 2 + 9), S_IFREG | 0640U);
}

TEST(ZipPlan, EveryWayOfCuttingItGivesTheSameBytes)
{
    std::mt19937 random(11);
    std::vector<std::pair<std::string, FileFacts>> entries;
    for (int i = 0; i < 300; ++i) {
        const std::string name(1 + random() % 40, static_cast<char>('a' + i % 26));
        entries.emplace_back(std::to_string(i) + name, i % 7 == 0 ? folder() : file(random() % 200));
    }
    const auto plan = planOf(entries);
    know(*plan);
    const std::string all = bytesOf(*plan, 0, plan->length());
    ASSERT_EQ(all.size(), plan->length());
    for (int i = 0; i < 2000; ++i) {
        const std::uint64_t first = random() % plan->length();
        const std::uint64_t length = 1 + random() % (plan->length() - first);
        ASSERT_EQ(bytesOf(*plan, first, length), all.substr(first, length)) << first << '+' << length;
    }
    for (std::uint64_t at = 0; at < plan->length(); ++at)
        ASSERT_EQ(bytesOf(*plan, at, 1), all.substr(at, 1)) << at;
}

TEST(ZipPlan, LargeFilesHaveADescriptorAndZip64)
{
    const auto at = [](std::uint64_t size) { return planOf({{"a", file(size)}}); };
    const std::uint64_t small = at(kZipDescriptorFrom - 1)->length() - (kZipDescriptorFrom - 1);
    EXPECT_EQ(at(kZipDescriptorFrom)->length() - kZipDescriptorFrom, small + 16);
    // The directory is beyond 4 GiB: the ZIP64 end. Then two sizes in each header, and a descriptor of 24
    // bytes.
    EXPECT_EQ(at(0xfffffffeU)->length() - 0xfffffffeU, small + 16 + 76);
    EXPECT_EQ(at(0xffffffffU)->length() - 0xffffffffU, small + 24 + 20 + 20 + 76);
    EXPECT_EQ(at(6 * kGiB)->length() - 6 * kGiB, small + 24 + 20 + 20 + 76);
}

TEST(ZipPlan, OffsetsBeyond4GiBAreZip64)
{
    const auto plan = planOf({{"a", file(3 * kGiB)}, {"b", file(3 * kGiB)}, {"c", file(1)}});
    for (std::size_t i = 0; i < 3; ++i)
        plan->setCrc(i, 1);
    const std::string end = bytesOf(*plan, plan->directoryAt(), plan->length() - plan->directoryAt());
    EXPECT_NE(end.find(std::string("PK\6\6", 4)), std::string::npos);
    EXPECT_NE(end.find(std::string("PK\6\7", 4)), std::string::npos);
    EXPECT_EQ(end.find(std::string("\1\0\x08\0", 4)), end.rfind(std::string("\1\0\x08\0", 4)))
        << "of c alone";
}

TEST(ZipPlan, MoreThan65534EntriesAreZip64)
{
    for (const std::size_t count : {65'534U, 65'535U}) {
        ZipPlanBuilder builder(nullptr, "", 1U << 30);
        for (std::size_t i = 0; i < count; ++i)
            ASSERT_TRUE(builder.add(std::to_string(i), file(0)));
        const auto plan = builder.finish();
        const bool zip64 = bytesOf(*plan, plan->length() - 98, 98).starts_with("PK\6\6");
        EXPECT_EQ(zip64, count == 65'535U);
    }
}

TEST(ZipPlan, NamesThatAreUtf8SaySo)
{
    const auto flag = [](const std::string& name) {
        const auto plan = planOf({{name, file(0)}});
        return (bytesOf(*plan, 0, 30)[7] & 8) != 0;
    };
    EXPECT_FALSE(flag("plain"));
    EXPECT_TRUE(flag("h\xc3\xa9"));
    EXPECT_FALSE(flag("h\xe9"));
}

TEST(ZipPlan, TheTagIsThatOfEverything)
{
    const auto tag = [](const FileFacts& facts, const std::string& name = "a") {
        return planOf({{name, facts}})->entityTag();
    };
    const std::string base = tag(file(5));
    EXPECT_EQ(base, tag(file(5)));
    EXPECT_TRUE(base.starts_with('"') && base.ends_with('"'));
    FileFacts other = file(5);
    EXPECT_NE(base, tag(file(6)));
    EXPECT_NE(base, tag(file(5), "b"));
    EXPECT_NE(base, tag(file(5, 1'700'000'002)));
    EXPECT_NE(base, tag(file(5, 1'700'000'001, 0600)));
    other.inode = 8;
    EXPECT_NE(base, tag(other));
    other = file(5);
    other.ctimeNs += 1;
    EXPECT_NE(base, tag(other));
}

TEST(ZipPlan, NeedsChecksumsWhereTheyStand)
{
    const auto plan = planOf({{"a", file(5)}, {"big", file(kZipDescriptorFrom)}, {"empty", file(0)}});
    const ZipPiece local = plan->pieceAt(0);
    EXPECT_EQ(local.kind, ZipPiece::Kind::Local);
    EXPECT_EQ(plan->missing(local), 0U);
    plan->setCrc(0, 1);
    EXPECT_EQ(plan->missing(local), std::nullopt);
    const ZipPiece big = plan->pieceAt(local.length + 5);
    EXPECT_EQ(big.kind, ZipPiece::Kind::Local);
    EXPECT_EQ(plan->missing(big), std::nullopt) << "a large file's is behind it";
    const ZipPiece descriptor = plan->pieceAt(big.at + big.length + kZipDescriptorFrom);
    EXPECT_EQ(descriptor.kind, ZipPiece::Kind::Descriptor);
    EXPECT_EQ(plan->missing(descriptor), 1U);
    EXPECT_EQ(plan->missing(plan->pieceAt(plan->directoryAt())), 1U);
    plan->setCrc(1, 2);
    EXPECT_EQ(plan->missingFrom(0), std::nullopt);
}

TEST(ZipPlan, LearnsOnlyWhatIsStillTrue)
{
    const FileFacts facts = file(5);
    const std::int64_t changed = facts.ctimeNs / 1'000'000'000;
    const ZipPlan::Known good{5, facts.mtimeNs, 7, changed, 42};
    const auto learnt = [&facts](ZipPlan::Known known) {
        const auto plan = planOf({{"a", facts}});
        plan->learn(0, known);
        return plan->crc(0).has_value();
    };
    EXPECT_TRUE(learnt(good));
    ZipPlan::Known other = good;
    other.at = changed - 1;
    EXPECT_FALSE(learnt(other)) << "changed since";
    other = good;
    other.size = 6;
    EXPECT_FALSE(learnt(other));
    other = good;
    other.mtimeNs += 1;
    EXPECT_FALSE(learnt(other));
    other = good;
    other.inode = 8;
    EXPECT_FALSE(learnt(other));
}

TEST(ZipPlan, KeepsToItsMemory)
{
    ZipPlanBuilder builder(nullptr, "", 1000);
    std::size_t added = 0;
    while (added < 100 && builder.add("0123456789", file(1)))
        ++added;
    EXPECT_GT(added, 5U);
    EXPECT_LT(added, 20U);
    EXPECT_EQ(builder.finish()->count(), added);
}

TEST(ZipFormat, TimesAreOfTheDosKind)
{
    EXPECT_EQ(zipDosTime(0), 0x00210000U) << "1980-01-01 is the first";
    EXPECT_EQ(zipDosTime(315'532'800), 0x00210000U);
    EXPECT_EQ(zipDosTime(1'700'000'001),
              (43U << 25) | (11U << 21) | (14U << 16) | (22U << 11) | (13U << 5) | 10U);
    EXPECT_EQ(zipDosTime(std::int64_t{1} << 40), 0xff9fbf7dU) << "2107-12-31 23:59:58 is the last";
}

} // namespace
} // namespace spillway::body
