// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/get/digestfield.h"
#include "app/get/span.h"
#include "server/base/result.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::get {

// What is there of a download, beside it in NAME.part.journal. Two slots are written in turn, each with a
// sequence number and a SHA-256 over itself, so that one is whole whenever the process, or the machine,
// stops:
//
//     0                                   8192                                  16384
//     | "SPLWYGET" version length payload digest | zeros | the other slot ...   |
//
// payload: sequence u64, size u64, url 32, boot 16, validator u16+bytes, then two lists of spans (u16, then
// first and end, u64 each), all little-endian.
//
// There are two lists because there are two ways to stop. `missing` is what was not yet written: true for as
// long as this kernel runs, as kill -9 takes nothing from the page cache. `missingOnDisk` is what was not yet
// on the disk: written after fdatasync of the data, true after a power failure as well. The boot id tells
// which holds.

using BootId = std::array<std::uint8_t, 16>;

struct JournalRecord
{
    std::uint64_t sequence = 0;
    std::uint64_t size = 0;
    Sha256 url{};          ///< a hash: URLs hold secrets, and the journal is a file like another
    BootId boot{};         ///< all zero where the system has none: then nothing but the disk is believed
    std::string validator; ///< the tag or date that If-Range names; not empty
    std::vector<Span> missing, missingOnDisk;

    friend bool operator==(const JournalRecord&, const JournalRecord&) = default;
};

inline constexpr std::size_t kJournalSlotBytes = 8192;
inline constexpr std::size_t kMostJournalSpans = 160; ///< of each list; longer ones are coalesced before
inline constexpr std::size_t kMostValidatorBytes = 1024;

[[nodiscard]] std::string encodePayload(const JournalRecord& record);
/// None for anything but what encodePayload made of a record that is sound: lists ordered and within the
/// size.
[[nodiscard]] std::optional<JournalRecord> decodePayload(std::string_view payload);

/// A slot of kJournalSlotBytes.
[[nodiscard]] std::string encodeSlot(const JournalRecord& record);
[[nodiscard]] std::optional<JournalRecord> decodeSlot(std::string_view slot);
/// The newer of the whole ones in a file's bytes; none where neither is.
[[nodiscard]] std::optional<JournalRecord> chooseRecord(std::string_view file);

/// What of the file is missing according to `record`, where it is about the same file; none: start afresh.
[[nodiscard]] std::optional<std::vector<Span>> missingAccordingTo(const JournalRecord& record,
                                                                  const Sha256& url,
                                                                  std::string_view validator,
                                                                  std::uint64_t size, const BootId& boot);

[[nodiscard]] Sha256 hashOf(std::string_view bytes);
/// From /proc/sys/kernel/random/boot_id.
[[nodiscard]] BootId currentBootId();

} // namespace spillway::get
