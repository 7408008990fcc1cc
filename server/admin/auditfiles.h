// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/base/uniquefd.h"

#include <optional>
#include <string>

// The three files of the audit log in a data folder, and how they are opened: never through a link, for their
// owner alone.
namespace spillway::admin {

struct AuditPaths
{
    explicit AuditPaths(const std::string& dataFolder)
        : log(dataFolder + "/audit.log"), key(dataFolder + "/audit.key"), head(dataFolder + "/audit.head")
    {
    }
    std::string log, key, head;
};

inline constexpr std::size_t kAuditKeySize = 32;

/// Nothing where there is no such file; Corrupt for one of another size, PermissionDenied where others may
/// read it.
[[nodiscard]] Result<std::optional<std::string>> readAuditKey(const std::string& path);
/// Makes one, on the disk when this returns.
[[nodiscard]] Result<std::string> makeAuditKey(const std::string& path, const std::string& folder);

/// The whole of a small file; empty where it is not there.
[[nodiscard]] Result<std::string> readSmallFile(const std::string& path, std::size_t most);

} // namespace spillway::admin
