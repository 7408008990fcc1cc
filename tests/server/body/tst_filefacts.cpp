// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/filefacts.h"

#include <gtest/gtest.h>
#include <set>

namespace spillway::body {

namespace {

FileFacts sample()
{
    FileFacts facts;
    facts.kind = FileKind::File;
    facts.size = 1000;
    facts.mtimeNs = 1'700'000'000'123'456'789;
    facts.ctimeNs = 1'700'000'000'123'456'789;
    facts.inode = 42;
    facts.device = 7;
    facts.links = 1;
    facts.mode = 0100644;
    return facts;
}

bool sameName()
{
    return false;
}
bool otherName()
{
    return true;
}

TEST(EntityTag, IsAQuotedStrongTag)
{
    const std::string tag = entityTag(sample());
    ASSERT_EQ(tag.size(), 24U);
    EXPECT_EQ(tag.front(), '"');
    EXPECT_EQ(tag.back(), '"');
    EXPECT_EQ(tag.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 1),
              23U);
    EXPECT_EQ(tag, entityTag(sample()));
}

TEST(EntityTag, ChangesWithEachFact)
{
    std::set<std::string> tags{entityTag(sample())};
    for (std::uint64_t FileFacts::*field : {&FileFacts::size, &FileFacts::inode}) {
        FileFacts other = sample();
        other.*field += 1;
        EXPECT_TRUE(tags.insert(entityTag(other)).second);
    }
    for (std::int64_t FileFacts::*field : {&FileFacts::mtimeNs, &FileFacts::ctimeNs}) {
        FileFacts other = sample();
        other.*field += 1; // one nanosecond
        EXPECT_TRUE(tags.insert(entityTag(other)).second);
    }
    FileFacts swapped = sample();
    std::swap(swapped.size, swapped.inode);
    EXPECT_TRUE(tags.insert(entityTag(swapped)).second);
}

TEST(EntityTag, SurvivesAnotherMount)
{
    FileFacts other = sample();
    other.device += 1;
    EXPECT_EQ(entityTag(other), entityTag(sample()));
}

TEST(EntityTag, TenThousandVersionsOfOneFileDiffer)
{
    std::set<std::string> tags;
    FileFacts facts = sample();
    for (int i = 0; i < 10'000; ++i) {
        facts.ctimeNs += 1;
        EXPECT_TRUE(tags.insert(entityTag(facts)).second);
    }
}

TEST(LastModified, RoundsTowardsThePast)
{
    struct Row
    {
        std::int64_t nanoseconds, seconds;
    };
    for (const Row row : {Row{0, 0}, Row{999'999'999, 0}, Row{1'000'000'000, 1}, Row{-1, -1},
                          Row{-1'000'000'000, -1}, Row{-1'000'000'001, -2}}) {
        FileFacts facts;
        facts.mtimeNs = row.nanoseconds;
        EXPECT_EQ(lastModifiedSeconds(facts), row.seconds) << row.nanoseconds;
    }
}

TEST(CompareFacts, TheRule)
{
    const FileFacts before = sample();
    const auto with = [&](auto change) {
        FileFacts now = before;
        change(now);
        return now;
    };
    struct Row
    {
        const char* what;
        FileFacts now;
        bool renamed;
        Identity expected;
    };
    const Row rows[] = {
        {"untouched", before, false, Identity::Same},
        {"longer", with([](FileFacts& f) { f.size += 1; }), false, Identity::Changed},
        {"shorter", with([](FileFacts& f) { f.size -= 1; }), false, Identity::Changed},
        {"written", with([](FileFacts& f) { f.mtimeNs += 1; }), false, Identity::Changed},
        {"dated back", with([](FileFacts& f) { f.mtimeNs -= 1; }), false, Identity::Changed},
        {"another inode", with([](FileFacts& f) { f.inode += 1; }), false, Identity::Changed},
        {"written, mtime set back", with([](FileFacts& f) { f.ctimeNs += 1; }), false, Identity::Changed},
        {"replaced by rename, or removed", with([](FileFacts& f) { f.ctimeNs += 1, f.links = 0; }), false,
         Identity::Renamed},
        {"linked", with([](FileFacts& f) { f.ctimeNs += 1, f.links = 2; }), false, Identity::Renamed},
        {"moved", with([](FileFacts& f) { f.ctimeNs += 1; }), true, Identity::Renamed},
        {"chmod", with([](FileFacts& f) { f.ctimeNs += 1, f.mode = 0100600; }), false, Identity::Renamed},
        {"chown", with([](FileFacts& f) { f.ctimeNs += 1, f.owner = 5; }), false, Identity::Renamed},
        {"chgrp", with([](FileFacts& f) { f.ctimeNs += 1, f.group = 5; }), false, Identity::Renamed},
        {"written and removed", with([](FileFacts& f) { f.ctimeNs += 1, f.links = 0, f.mtimeNs += 1; }), true,
         Identity::Changed},
    };
    for (const Row& row : rows)
        EXPECT_EQ(compareFacts(before, row.now, row.renamed ? otherName : sameName), row.expected)
            << row.what;
}

TEST(CompareFacts, TheNameIsAskedForOnlyWhenNothingElseExplains)
{
    const FileFacts before = sample();
    FileFacts now = before;
    int asked = 0;
    const auto count = [&asked] { return ++asked > 0; };
    EXPECT_EQ(compareFacts(before, now, count), Identity::Same);
    now.ctimeNs += 1;
    now.links = 0;
    EXPECT_EQ(compareFacts(before, now, count), Identity::Renamed);
    EXPECT_EQ(asked, 0);
    now.links = 1;
    EXPECT_EQ(compareFacts(before, now, count), Identity::Renamed);
    EXPECT_EQ(asked, 1);
}

} // namespace

} // namespace spillway::body
