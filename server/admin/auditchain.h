// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/hmackey.h"
#include "server/base/result.h"

#include <QtCore/QJsonObject>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How the lines of the audit log hold together.
//
//   audit.log    {"seq":1,…,"mac":"M1"}\n     M1 = HMAC(key, tag | 32 zero bytes | line up to ,"mac")
//                {"seq":2,…,"mac":"M2"}\n     M2 = HMAC(key, tag | M1            | line up to ,"mac")
//   audit.key    32 random bytes, 0600: who has it can write another history, who has not cannot change one
//   line audit.head   two slots, written in turn: number and MAC of the newest line, with a MAC of their own
//
// A file that is full is put aside (auditfiles.h), and the chain goes on: the first line of the next one
// names in "continues" the last line of the one before, so that a file can be checked where older ones were
// deleted, and in "dropped" up to which entry that was done because audit.files says so.
//
// A changed line does not fit its MAC, the line behind a removed or inserted one does not fit either, and a
// cut end misses the line that the head names. Lines behind the head's are fine where they fit: they were
// written right before a crash.
namespace spillway::admin {

struct AuditHead
{
    std::uint64_t seq = 0; ///< 0: no line yet
    auth::Mac mac{};
    friend bool operator==(const AuditHead&, const AuditHead&) = default;

    /// "17:base64url": what a person may write down elsewhere, and ask for later.
    [[nodiscard]] std::string text() const;
    /// InvalidArgument.
    [[nodiscard]] static Result<AuditHead> parse(std::string_view text);
};

/// `entry` as a line with its '\n', number `head.seq + 1`; `head` becomes that line's.
[[nodiscard]] std::string chainLine(const auth::HmacKey& key, QJsonObject entry, AuditHead& head);

/// A line of the file, taken apart; it need not fit anywhere.
struct AuditLine
{
    std::uint64_t seq = 0;
    auth::Mac mac{};
    std::string_view signedPart; ///< a view of the line
    [[nodiscard]] bool follows(const auth::HmacKey& key, const AuditHead& before) const;
};
/// Without its '\n'. Nothing where it has no number or no MAC in their places.
[[nodiscard]] std::optional<AuditLine> readLine(std::string_view line);

/// What the first line of a file says of those before it.
struct AuditBegin
{
    AuditHead continues;       ///< seq 0: nothing, it is the very first file
    std::uint64_t dropped = 0; ///< entries up to this one were deleted, or are about to be
};
/// Of a line that has been read; nothing where it does not say so, or is not one of ours.
[[nodiscard]] std::optional<AuditBegin> readBegin(const auth::HmacKey& key, std::string_view line);

/// A slot of the head file: kSlotSize bytes.
inline constexpr std::size_t kSlotSize = 256;
[[nodiscard]] std::string headSlot(const auth::HmacKey& key, const AuditHead& head);
/// The newest of the slots that are whole; nothing where none is.
[[nodiscard]] std::optional<AuditHead> readHead(const auth::HmacKey& key, std::string_view file);

struct AuditFault
{
    std::string file;       ///< "audit.log.2"
    std::uint64_t line = 0; ///< of the file, from 1 on; 0: the end of the log, or the head
    std::string text;       ///< a sentence
};

/// What verifying found.
struct AuditVerdict
{
    std::uint64_t lines = 0;        ///< of all files
    std::uint64_t files = 0;        ///< that are there
    std::uint64_t dropped = 0;      ///< entries 1 to this one are not there, because audit.files says so
    AuditHead head;                 ///< of the last line that fits
    std::vector<AuditFault> faults; ///< at most kMostFaults
    std::uint64_t faultsLeftOut = 0;
    bool keyMissing = false;
    [[nodiscard]] bool good() const { return faults.empty() && !keyMissing; }
    static constexpr std::size_t kMostFaults = 100;
};

/// Reads the whole log of a data folder, all its files, also while a server appends to it. `expected`: a head
/// that was written down; its line must be there. NotFound where there is no log, PermissionDenied, Io.
/// Blocks on the disk.
[[nodiscard]] Result<AuditVerdict> verifyAuditLog(const std::string& dataFolder,
                                                  const std::optional<AuditHead>& expected = std::nullopt);

} // namespace spillway::admin
