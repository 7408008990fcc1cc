// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <sys/stat.h>

namespace spillway::body {

enum class FileKind : std::uint8_t
{
    File,
    Folder,
    Other
};

/// What fstat says about a file, as far as answers depend on it. A plain value. Times are nanoseconds since
/// 1970.
struct FileFacts
{
    FileKind kind = FileKind::Other;
    std::uint64_t size = 0;
    std::int64_t mtimeNs = 0;
    std::int64_t ctimeNs = 0;
    std::uint64_t inode = 0;
    std::uint64_t device = 0;
    std::uint64_t links = 0;
    std::uint32_t mode = 0;
    std::uint32_t owner = 0;
    std::uint32_t group = 0;

    friend bool operator==(const FileFacts&, const FileFacts&) = default;
};

[[nodiscard]] FileFacts factsOf(const struct stat& status);

/// Whole seconds since 1970 for Last-Modified. RFC 9110 §8.8.2.1: an answer must not carry a date later than
/// its own, so whoever writes the head takes the smaller of this and now.
[[nodiscard]] std::int64_t lastModifiedSeconds(const FileFacts& facts);

/// The entity tag with its quotes: 22 base64url digits, a 128-bit mix of inode, size, mtime and ctime
/// (opaque: an inode number is nobody's business). The device is left out: its number may change when a disk
/// is mounted again, and resuming must survive that.
///
/// Always strong. RFC 9110 §8.8.1 wants a strong tag to change with every visible change of the bytes: a
/// write changes mtime and ctime, and ctime cannot be set back. What is left is a second write within one
/// tick of the kernel's coarse clock (1 to 10 ms) after somebody asked; Linux 6.13 and later give such a
/// write a time of its own (multigrain timestamps). Marking files younger than a second weak instead would
/// break If-Range, and with it resuming, for exactly the files that were just put into a share.
[[nodiscard]] std::string entityTag(const FileFacts& facts);

/// A number for these very bytes of a file, as the entity tag is text for them: it changes with inode, size,
/// mtime and ctime. Two versions of one file share it once in 2^64.
[[nodiscard]] std::uint64_t versionOf(const FileFacts& facts);

/// Whether a file that is being sent is still the one the answer began with.
enum class Identity : std::uint8_t
{
    Same,
    Renamed, ///< same bytes: it lost or won a name, or its mode or owner changed; go on, and compare with
             ///< `now` from here
    Changed, ///< its bytes may differ: end the transfer
};

/// The rule. Size or mtime differ: Changed. Neither, and the same ctime: Same. Only the ctime moved:
/// something must explain it without touching the bytes. A file replaced by rename or removed has fewer
/// links, a linked one more, chmod and chown show in mode and owner, and a file that was moved has another
/// name (`nameChanged`, which the caller learns only in this rare case). Nothing explains it: somebody may
/// have written and then set the mtime back, so Changed. Setting an extended attribute looks like that too,
/// and ends a transfer; a corrupt download would be worse than one that is resumed.
template<class NameChanged>
[[nodiscard]] Identity compareFacts(const FileFacts& before, const FileFacts& now, NameChanged&& nameChanged)
{
    if (before.size != now.size || before.mtimeNs != now.mtimeNs || before.inode != now.inode)
        return Identity::Changed;
    if (before.ctimeNs == now.ctimeNs)
        return Identity::Same;
    if (before.links != now.links || before.mode != now.mode || before.owner != now.owner ||
        before.group != now.group || nameChanged())
        return Identity::Renamed;
    return Identity::Changed;
}

} // namespace spillway::body
