// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// The records of a stored ZIP archive (PKWARE APPNOTE 6.3.10), byte for byte; ZIP64 fields only where a value
// needs them. All pure. How long a record is depends on names, sizes and times alone, never on a checksum.
//
//   local header │ name │ [ZIP64] [time]      for each entry, and after a file its bytes
//   bytes of the file
//   [data descriptor]                          CRC and sizes, of files from 256 MiB on
//   …
//   central record │ name │ [time] [ZIP64]     for each entry: the central directory
//   [ZIP64 end record, its locator]
//   end record │ comment
//
// A file below 256 MiB has its CRC-32 in the local header: readers of a stream need it there. A larger one
// has a data descriptor (flag bit 3), so that its first byte need not wait until all of it was read.
namespace spillway::body {

inline constexpr std::uint64_t kZipDescriptorFrom = 256U << 20;
/// A name that readers of our archives would not open either: the file system's own bound is 4,096.
inline constexpr std::size_t kZipLongestName = 4096;

/// What a record says of one file or folder.
struct ZipRecord
{
    std::string_view name; ///< below the archive's root, a folder's with its "/"; bytes, UTF-8 or not
    std::uint64_t size = 0;
    std::int64_t modified = 0; ///< seconds since 1970
    std::uint32_t mode = 0;    ///< permissions; the type is added here
    bool isFolder = false;
    bool isUtf8 = true;

    [[nodiscard]] bool hasDescriptor() const { return !isFolder && size >= kZipDescriptorFrom; }
};

[[nodiscard]] std::uint64_t zipLocalLength(const ZipRecord& record);
/// `crc` is not looked at where the record has a descriptor.
void appendZipLocal(std::string& out, const ZipRecord& record, std::uint32_t crc);

/// 0 where it has none.
[[nodiscard]] std::uint64_t zipDescriptorLength(const ZipRecord& record);
void appendZipDescriptor(std::string& out, const ZipRecord& record, std::uint32_t crc);

/// `offset` is where the record's local header begins.
[[nodiscard]] std::uint64_t zipCentralLength(const ZipRecord& record, std::uint64_t offset);
void appendZipCentral(std::string& out, const ZipRecord& record, std::uint64_t offset, std::uint32_t crc);

struct ZipEnd
{
    std::uint64_t entries = 0;
    std::uint64_t directoryAt = 0;     ///< where the central directory begins
    std::uint64_t directoryLength = 0; ///< bytes
    std::string_view comment;          ///< ASCII, at most 65,535 bytes
};
[[nodiscard]] std::uint64_t zipEndLength(const ZipEnd& end);
void appendZipEnd(std::string& out, const ZipEnd& end);

/// The CRC-32 that the format means.
[[nodiscard]] std::uint32_t zipCrc(std::string_view bytes);

/// MS-DOS date and time, date in the upper half: two-second steps, UTC, 1980 to 2107 (what lies outside is
/// the nearest of these). UTC, because an archive must not change with the server's time zone.
[[nodiscard]] std::uint32_t zipDosTime(std::int64_t seconds);

} // namespace spillway::body
