// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/base/uniquefd.h"

#include <string>
#include <string_view>

namespace spillway::catalog {

/// The folder of `--data DIR`, held by one process at a time.
///
/// open() makes it (mode 0700, missing parents too) and takes an exclusive flock on DIR/lock, which the
/// kernel drops with the process, so a kill -9 leaves nothing to clean up. Busy, with the other's pid in the
/// message, where another process holds it. The object owns the lock: keep it for as long as anything in the
/// folder is in use. Not promised: exclusion between machines that share the folder over a network.
class DataFolder
{
public:
    static Result<DataFolder> open(const std::string& path);

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string file(std::string_view name) const;

private:
    DataFolder(std::string path, UniqueFd lock) : path_(std::move(path)), lock_(std::move(lock)) {}

    std::string path_; ///< without a trailing slash
    UniqueFd lock_;
};

/// Makes an empty file of mode 0600; AlreadyExists where the name is taken. For files that a library then
/// opens by name.
[[nodiscard]] Result<void> createPrivateFile(const std::string& path);

} // namespace spillway::catalog
