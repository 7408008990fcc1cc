// SPDX-License-Identifier: GPL-3.0-or-later
// Input: a journal's payload, and the same bytes as a whole file. The digest of a slot keeps a fuzzer out, so
// the payload is read by itself. What is taken for a record is sound and gives back the same bytes; a slot
// made of it reads as it was.
#include "app/get/journal.h"
#include "check.h"

using namespace spillway::get;

namespace {

void holds(const JournalRecord& record)
{
    check(!record.validator.empty() && record.validator.size() <= kMostValidatorBytes, "a validator");
    for (const auto* spans : {&record.missing, &record.missingOnDisk}) {
        check(isOrdered(*spans, record.size), "spans in order and within the file");
        check(spans->size() <= kMostJournalSpans, "not more spans than fit");
        check(totalLength(*spans) <= record.size, "not more missing than there is");
    }
    const std::string slot = encodeSlot(record);
    check(slot.size() == kJournalSlotBytes, "the size of a slot");
    const auto again = decodeSlot(slot);
    check(again && *again == record, "a slot reads as it was written");
    check(missingAccordingTo(record, record.url, record.validator, record.size, record.boot).has_value(),
          "a record fits its own file");
    check(!missingAccordingTo(record, record.url, record.validator, record.size + 1, record.boot),
          "and no other");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto record = decodePayload(bytes)) {
        check(encodePayload(*record) == bytes, "a payload has one form");
        holds(*record);
    }
    if (const auto record = chooseRecord(bytes))
        holds(*record);
    return 0;
}
