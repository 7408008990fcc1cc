// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/zipformat.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <sys/stat.h>
#include <zlib.h>

namespace spillway::body {

namespace {

constexpr std::uint64_t kMax16 = 0xffff;
constexpr std::uint64_t kMax32 = 0xffffffff; ///< itself means "look into the ZIP64 field"

constexpr std::uint32_t kLocal = 0x04034b50, kDescriptor = 0x08074b50, kCentral = 0x02014b50;
constexpr std::uint32_t kEnd64 = 0x06064b50, kLocator64 = 0x07064b50, kEnd = 0x06054b50;
constexpr std::uint16_t kZip64Field = 0x0001, kTimeField = 0x5455;
constexpr std::uint16_t kUnix = 3 << 8; ///< "version made by": the upper byte says how to read the mode
constexpr std::uint16_t kVersion = 20, kVersion64 = 45;
constexpr std::uint16_t kFlagDescriptor = 1 << 3, kFlagUtf8 = 1 << 11;
constexpr std::uint64_t kTimeFieldLength = 4 + 5;

/// All numbers of the format are little-endian.
template<class T>
void put(std::string& out, T value)
{
    for (std::size_t i = 0; i < sizeof value; ++i)
        out += static_cast<char>((value >> (8 * i)) & 0xff);
}

bool isBig(std::uint64_t value)
{
    return value >= kMax32;
}

std::uint32_t low32(std::uint64_t value)
{
    return static_cast<std::uint32_t>(std::min(value, kMax32));
}

std::uint16_t low16(std::uint64_t value)
{
    return static_cast<std::uint16_t>(std::min(value, kMax16));
}

/// The time field holds 32 bits with a sign; a time outside them has the DOS time alone.
bool hasTimeField(const ZipRecord& record)
{
    return record.modified >= std::numeric_limits<std::int32_t>::min() &&
           record.modified <= std::numeric_limits<std::int32_t>::max();
}

std::uint64_t timeLength(const ZipRecord& record)
{
    return hasTimeField(record) ? kTimeFieldLength : 0;
}

/// Info-ZIP's "UT": the time of modification in seconds since 1970.
void appendTime(std::string& out, const ZipRecord& record)
{
    if (!hasTimeField(record))
        return;
    put(out, kTimeField);
    put(out, std::uint16_t{5});
    put(out, std::uint8_t{1});
    put(out, static_cast<std::uint32_t>(record.modified));
}

/// Of a local header: both sizes, or nothing (APPNOTE 4.5.3).
std::uint64_t local64Length(const ZipRecord& record)
{
    return isBig(record.size) ? 4 + 16 : 0;
}

/// Of a central record: what does not fit, in this order.
std::uint64_t central64Length(const ZipRecord& record, std::uint64_t offset)
{
    const std::uint64_t values = (isBig(record.size) ? 16U : 0U) + (isBig(offset) ? 8U : 0U);
    return values > 0 ? 4 + values : 0;
}

std::uint16_t flagsOf(const ZipRecord& record)
{
    const bool ascii = std::all_of(record.name.begin(), record.name.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    return static_cast<std::uint16_t>((record.hasDescriptor() ? kFlagDescriptor : 0) |
                                      (record.isUtf8 && !ascii ? kFlagUtf8 : 0));
}

std::uint16_t versionOf(const ZipRecord& record, std::uint64_t offset)
{
    return isBig(record.size) || isBig(offset) ? kVersion64 : kVersion;
}

bool needs64(const ZipEnd& end)
{
    return end.entries >= kMax16 || isBig(end.directoryAt) || isBig(end.directoryLength);
}

} // namespace

std::uint32_t zipCrc(std::string_view bytes)
{
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    return static_cast<std::uint32_t>(::crc32_z(::crc32(0, nullptr, 0), data, bytes.size()));
}

std::uint32_t zipDosTime(std::int64_t seconds)
{
    constexpr std::int64_t first = 315'532'800;  // 1980-01-01
    constexpr std::int64_t last = 4'354'819'198; // 2107-12-31 23:59:58
    const std::chrono::sys_seconds time{std::chrono::seconds(std::clamp(seconds, first, last))};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    const auto year = static_cast<std::uint32_t>(static_cast<int>(date.year()) - 1980);
    return (year << 25) | (static_cast<unsigned>(date.month()) << 21) |
           (static_cast<unsigned>(date.day()) << 16) |
           (static_cast<std::uint32_t>(clock.hours().count()) << 11) |
           (static_cast<std::uint32_t>(clock.minutes().count()) << 5) |
           (static_cast<std::uint32_t>(clock.seconds().count()) / 2);
}

std::uint64_t zipLocalLength(const ZipRecord& record)
{
    return 30 + record.name.size() + local64Length(record) + timeLength(record);
}

void appendZipLocal(std::string& out, const ZipRecord& record, std::uint32_t crc)
{
    // With a descriptor, CRC and sizes are zero here (APPNOTE 4.4.4).
    const std::uint64_t size = record.hasDescriptor() ? 0 : record.size;
    put(out, kLocal);
    put(out, versionOf(record, 0));
    put(out, flagsOf(record));
    put(out, std::uint16_t{0}); // stored
    put(out, zipDosTime(record.modified));
    put(out, record.hasDescriptor() ? std::uint32_t{0} : crc);
    for (int i = 0; i < 2; ++i) // compressed, uncompressed
        put(out, isBig(record.size) ? low32(record.size) : static_cast<std::uint32_t>(size));
    put(out, low16(record.name.size()));
    put(out, low16(local64Length(record) + timeLength(record)));
    out += record.name;
    if (isBig(record.size)) {
        put(out, kZip64Field);
        put(out, std::uint16_t{16});
        put(out, size);
        put(out, size);
    }
    appendTime(out, record);
}

std::uint64_t zipDescriptorLength(const ZipRecord& record)
{
    if (!record.hasDescriptor())
        return 0;
    return isBig(record.size) ? 24 : 16; // 8-byte sizes where the header has a ZIP64 field (APPNOTE 4.3.9.2)
}

void appendZipDescriptor(std::string& out, const ZipRecord& record, std::uint32_t crc)
{
    put(out, kDescriptor);
    put(out, crc);
    for (int i = 0; i < 2; ++i)
        if (isBig(record.size))
            put(out, record.size);
        else
            put(out, static_cast<std::uint32_t>(record.size));
}

std::uint64_t zipCentralLength(const ZipRecord& record, std::uint64_t offset)
{
    return 46 + record.name.size() + timeLength(record) + central64Length(record, offset);
}

void appendZipCentral(std::string& out, const ZipRecord& record, std::uint64_t offset, std::uint32_t crc)
{
    const std::uint32_t type = record.isFolder ? S_IFDIR : S_IFREG;
    constexpr std::uint32_t dosFolder = 0x10;
    put(out, kCentral);
    put(out, static_cast<std::uint16_t>(kUnix | kVersion64));
    put(out, versionOf(record, offset));
    put(out, flagsOf(record));
    put(out, std::uint16_t{0}); // stored
    put(out, zipDosTime(record.modified));
    put(out, crc);
    put(out, low32(record.size));
    put(out, low32(record.size));
    put(out, low16(record.name.size()));
    put(out, low16(timeLength(record) + central64Length(record, offset)));
    put(out, std::uint16_t{0}); // comment
    put(out, std::uint16_t{0}); // disk
    put(out, std::uint16_t{0}); // internal attributes
    put(out, ((type | (record.mode & 0777U)) << 16) | (record.isFolder ? dosFolder : 0U));
    put(out, low32(offset));
    out += record.name;
    appendTime(out, record);
    if (const auto length = central64Length(record, offset); length > 0) {
        put(out, kZip64Field);
        put(out, static_cast<std::uint16_t>(length - 4));
        if (isBig(record.size)) {
            put(out, record.size);
            put(out, record.size);
        }
        if (isBig(offset))
            put(out, offset);
    }
}

std::uint64_t zipEndLength(const ZipEnd& end)
{
    return (needs64(end) ? 56U + 20U : 0U) + 22 + end.comment.size();
}

void appendZipEnd(std::string& out, const ZipEnd& end)
{
    if (needs64(end)) {
        put(out, kEnd64);
        put(out, std::uint64_t{56 - 12}); // of what follows this number
        put(out, static_cast<std::uint16_t>(kUnix | kVersion64));
        put(out, kVersion64);
        put(out, std::uint32_t{0}); // disk
        put(out, std::uint32_t{0}); // disk of the directory
        put(out, end.entries);
        put(out, end.entries);
        put(out, end.directoryLength);
        put(out, end.directoryAt);
        put(out, kLocator64);
        put(out, std::uint32_t{0});
        put(out, end.directoryAt + end.directoryLength);
        put(out, std::uint32_t{1}); // disks
    }
    put(out, kEnd);
    put(out, std::uint16_t{0});
    put(out, std::uint16_t{0});
    put(out, low16(end.entries));
    put(out, low16(end.entries));
    put(out, low32(end.directoryLength));
    put(out, low32(end.directoryAt));
    put(out, low16(end.comment.size()));
    out += end.comment;
}

} // namespace spillway::body
