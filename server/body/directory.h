// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/body/pathresolver.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::body {

struct DirectoryEntry
{
    std::string name;               ///< bytes, one component
    FileKind kind = FileKind::File; ///< never Other
    bool symlink = false;           ///< facts are those of its target
    std::uint64_t size = 0;
    std::int64_t mtimeNs = 0;
};

/// Reads a folder of a share in batches, in the file system's order, as much memory as one batch (32 KiB of
/// names).
///
/// Left out are dot files (unless the share allows them), names with a backslash, devices, FIFOs and sockets,
/// symlinks that ShareRoot would not follow, and what vanished while it was read. Every call may block: pool
/// threads only, one at a time. What is created or removed meanwhile may be seen or not. Errors: those of
/// ShareRoot::open; NotFound where it is a file; Io.
class DirectoryReader
{
public:
    [[nodiscard]] static Result<DirectoryReader> open(std::shared_ptr<ShareRoot> root, std::string relative);

    /// Appends up to `most` entries (> 0); false when there are no more.
    [[nodiscard]] Result<bool> next(std::vector<DirectoryEntry>& out, std::size_t most);

private:
    DirectoryReader(std::shared_ptr<ShareRoot> root, std::string relative, UniqueFd folder);
    [[nodiscard]] bool describe(DirectoryEntry& entry, unsigned char type);

    std::shared_ptr<ShareRoot> root_;
    std::string relative_;
    UniqueFd folder_;
    std::vector<char> buffer_; ///< what getdents64 gave
    std::size_t filled_ = 0;
    std::size_t position_ = 0;
};

/// "a" and "b" are "a/b"; an empty parent is the share.
[[nodiscard]] std::string joinPath(std::string_view parent, std::string_view name);

} // namespace spillway::body
