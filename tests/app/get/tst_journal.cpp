// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/journal.h"

#include <gtest/gtest.h>

namespace spillway::get {
namespace {

constexpr BootId kBoot{1, 2, 3}, kOtherBoot{4, 5, 6};

JournalRecord sample()
{
    JournalRecord record;
    record.sequence = 7;
    record.size = 1000;
    record.url = hashOf("http://example.org/a");
    record.boot = kBoot;
    record.validator = "\"tag\"";
    record.missing = {{10, 20}, {900, 1000}};
    record.missingOnDisk = {{0, 1000}};
    return record;
}

TEST(Journal, ASlotGivesBackItsRecord)
{
    JournalRecord record = sample();
    EXPECT_EQ(encodeSlot(record).size(), kJournalSlotBytes);
    EXPECT_EQ(decodeSlot(encodeSlot(record)), record);
    record.missing.clear();
    EXPECT_EQ(decodeSlot(encodeSlot(record)), record) << "all is there";
    record.validator = std::string(kMostValidatorBytes, 'v');
    record.missing.clear();
    for (std::uint64_t i = 0; i < kMostJournalSpans; ++i)
        record.missing.push_back({2 * i, 2 * i + 1});
    record.missingOnDisk = record.missing;
    EXPECT_EQ(encodeSlot(record).size(), kJournalSlotBytes) << "the fullest one fits";
    EXPECT_EQ(decodeSlot(encodeSlot(record)), record);
}

TEST(Journal, ADamagedSlotIsNone)
{
    const std::string slot = encodeSlot(sample());
    const std::size_t used = slot.find_last_not_of('\0') + 1;
    for (std::size_t i = 0; i < used; ++i) {
        std::string damaged = slot;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
        EXPECT_FALSE(decodeSlot(damaged)) << i;
        EXPECT_FALSE(decodeSlot(std::string_view(slot).substr(0, i))) << i;
    }
    EXPECT_FALSE(decodeSlot(""));
    EXPECT_FALSE(decodeSlot(std::string(kJournalSlotBytes, '\0')));
}

TEST(Journal, UnsoundRecordsAreNone)
{
    const auto broken = [](auto change) {
        JournalRecord record = sample();
        change(record);
        return !decodeSlot(encodeSlot(record));
    };
    EXPECT_TRUE(broken([](auto& r) { r.validator.clear(); }));
    EXPECT_TRUE(broken([](auto& r) { r.validator = std::string(kMostValidatorBytes + 1, 'v'); }));
    EXPECT_TRUE(broken([](auto& r) { r.missing = {{5, 5}}; }));
    EXPECT_TRUE(broken([](auto& r) { r.missing = {{5, 1001}}; }));
    EXPECT_TRUE(broken([](auto& r) { r.missing = {{5, 6}, {6, 7}}; }));
    EXPECT_TRUE(broken([](auto& r) { r.missingOnDisk = {{9, 10}, {1, 2}}; }));
    EXPECT_TRUE(broken([](auto& r) { r.size = 1ULL << 63; }));
    EXPECT_FALSE(broken([](auto&) {}));
}

TEST(Journal, TheNewerWholeSlotCounts)
{
    JournalRecord older = sample(), newer = sample();
    newer.sequence = older.sequence + 1;
    newer.missing = {{10, 15}};
    const std::string a = encodeSlot(older), b = encodeSlot(newer);
    std::string torn = b;
    torn[40] = static_cast<char>(torn[40] ^ 1);
    EXPECT_EQ(chooseRecord(a + b), newer);
    EXPECT_EQ(chooseRecord(b + a), newer);
    EXPECT_EQ(chooseRecord(a + torn), older) << "killed while it was written";
    EXPECT_EQ(chooseRecord(torn + a), older);
    EXPECT_EQ(chooseRecord(a), older);
    EXPECT_EQ(chooseRecord(a + b.substr(0, 100)), older);
    EXPECT_EQ(chooseRecord(std::string(kJournalSlotBytes, '\0') + a), older);
    EXPECT_FALSE(chooseRecord(torn + torn));
    EXPECT_FALSE(chooseRecord(""));
}

TEST(Journal, FitsOneFileOnly)
{
    const JournalRecord record = sample();
    const auto missing = [&](const char* url, const char* tag, std::uint64_t size, const BootId& boot) {
        return missingAccordingTo(record, hashOf(url), tag, size, boot);
    };
    EXPECT_EQ(missing("http://example.org/a", "\"tag\"", 1000, kBoot), record.missing);
    EXPECT_FALSE(missing("http://example.org/b", "\"tag\"", 1000, kBoot));
    EXPECT_FALSE(missing("http://example.org/a", "\"gat\"", 1000, kBoot));
    EXPECT_FALSE(missing("http://example.org/a", "\"tag\"", 999, kBoot));
}

TEST(Journal, AfterAnotherStartOfTheMachineTheDiskCounts)
{
    JournalRecord record = sample();
    const auto missing = [&](const BootId& boot) {
        return missingAccordingTo(record, record.url, record.validator, record.size, boot);
    };
    EXPECT_EQ(missing(kOtherBoot), record.missingOnDisk);
    EXPECT_EQ(missing(BootId{}), record.missingOnDisk);
    record.boot = BootId{};
    EXPECT_EQ(missing(BootId{}), record.missingOnDisk) << "not known is not the same";
}

TEST(Journal, ThisMachineHasABootId)
{
    EXPECT_NE(currentBootId(), BootId{});
    EXPECT_EQ(currentBootId(), currentBootId());
}

} // namespace
} // namespace spillway::get
