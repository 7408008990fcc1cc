// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/base/uniquefd.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The files of the audit log in a data folder, and how they are opened: never through a link, for their owner
// alone.
//
//   audit.log.1  audit.log.2  …  put aside, full; the numbers have no gap, but the first ones may be deleted
//   audit.log                    where lines are added; its number is one more than the last of them
namespace spillway::admin {

struct AuditPaths
{
    explicit AuditPaths(const std::string& dataFolder)
        : folder(dataFolder), log(dataFolder + "/audit.log"), next(dataFolder + "/audit.log.next"),
          key(dataFolder + "/audit.key"), head(dataFolder + "/audit.head")
    {
    }
    [[nodiscard]] std::string aside(std::uint64_t number) const { return log + "." + std::to_string(number); }
    /// The numbers of those put aside, in their order.
    [[nodiscard]] Result<std::vector<std::uint64_t>> listAside() const;

    std::string folder, log;
    std::string next; ///< begun, not in its place yet
    std::string key, head;
};

inline constexpr std::size_t kAuditKeySize = 32;

/// Nothing where there is no such file; Corrupt for one of another size, PermissionDenied where others may
/// read it.
[[nodiscard]] Result<std::optional<std::string>> readAuditKey(const std::string& path);
/// Makes one, on the disk when this returns.
[[nodiscard]] Result<std::string> makeAuditKey(const std::string& path, const std::string& folder);

/// Invalid where it is not there.
[[nodiscard]] Result<UniqueFd> openAuditFile(const std::string& path);
/// The first line, without its '\n'; empty where there is no whole one.
[[nodiscard]] Result<std::string> readFirstLine(int fd, const std::string& path);

/// The whole of a small file; empty where it is not there.
[[nodiscard]] Result<std::string> readSmallFile(const std::string& path, std::size_t most);

} // namespace spillway::admin
