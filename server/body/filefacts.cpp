// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/filefacts.h"

namespace spillway::body {

namespace {

constexpr std::int64_t nanosecondsPerSecond = 1'000'000'000;

std::int64_t nanoseconds(const timespec& time)
{
    // Times outside the years 1678 to 2262 do not fit; wrapping them still gives a value that changes with
    // the file.
    const auto seconds = static_cast<std::uint64_t>(time.tv_sec);
    return static_cast<std::int64_t>(seconds * static_cast<std::uint64_t>(nanosecondsPerSecond) +
                                     static_cast<std::uint64_t>(time.tv_nsec));
}

/// The finalizer of SplitMix64: every bit of the input changes about half of the output's.
std::uint64_t mix(std::uint64_t value)
{
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

std::uint64_t digest(const FileFacts& facts, std::uint64_t seed)
{
    std::uint64_t state = mix(seed);
    for (const std::uint64_t part : {facts.inode, facts.size, static_cast<std::uint64_t>(facts.mtimeNs),
                                     static_cast<std::uint64_t>(facts.ctimeNs)})
        state = mix(state ^ part);
    return state;
}

} // namespace

FileFacts factsOf(const struct stat& status)
{
    FileFacts facts;
    facts.kind = S_ISREG(status.st_mode)   ? FileKind::File
                 : S_ISDIR(status.st_mode) ? FileKind::Folder
                                           : FileKind::Other;
    facts.size = status.st_size > 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
    facts.mtimeNs = nanoseconds(status.st_mtim);
    facts.ctimeNs = nanoseconds(status.st_ctim);
    facts.inode = status.st_ino;
    facts.device = status.st_dev;
    facts.links = status.st_nlink;
    facts.mode = status.st_mode;
    facts.owner = status.st_uid;
    facts.group = status.st_gid;
    return facts;
}

std::int64_t lastModifiedSeconds(const FileFacts& facts)
{
    std::int64_t seconds = facts.mtimeNs / nanosecondsPerSecond;
    if (facts.mtimeNs % nanosecondsPerSecond < 0)
        --seconds; // towards the past, also before 1970
    return seconds;
}

std::uint64_t versionOf(const FileFacts& facts)
{
    return digest(facts, 3);
}

std::string entityTag(const FileFacts& facts)
{
    static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string tag = "\"";
    for (std::uint64_t half : {digest(facts, 1), digest(facts, 2)})
        for (int i = 0; i < 11; ++i, half >>= 6)
            tag += digits[half & 63];
    tag += '"';
    return tag;
}

} // namespace spillway::body
