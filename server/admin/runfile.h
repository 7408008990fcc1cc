// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

// How the command line finds a running server. DATA/admin.json has the address and token of that run (mode
// 0600). A pointer file in $XDG_RUNTIME_DIR/spillway (else /tmp/spillway-UID) names the data folders of this
// user's servers, and nothing secret. A server that was killed leaves both behind: the lock of the data
// folder tells whether one runs.
namespace spillway::admin {

struct RunFile
{
    std::string address; ///< "http://127.0.0.1:8081"
    std::string token;
    std::int64_t pid = 0;
};

struct RunPointer
{
    std::string file; ///< its own path
    std::string dataFolder;
    std::int64_t pid = 0;
};

/// Written beside and renamed, so that a reader sees all or nothing.
[[nodiscard]] Result<void> writeRunFile(const std::string& dataFolder, const RunFile& run);
/// NotFound where there is none; PermissionDenied where it belongs to somebody else or others may read it;
/// Corrupt.
[[nodiscard]] Result<RunFile> readRunFile(const std::string& dataFolder);
void removeRunFile(const std::string& dataFolder);

/// Where pointers are; made with mode 0700 where it is not there. PermissionDenied where somebody else has
/// the name.
[[nodiscard]] Result<std::string> runtimeFolder();
/// The path of what was written.
[[nodiscard]] Result<std::string> writeRunPointer(const RunPointer& pointer);
/// Those of this user that can be read; stale ones too.
[[nodiscard]] std::vector<RunPointer> readRunPointers();

/// Whether a process holds the data folder's lock. False also where there is no such folder.
[[nodiscard]] bool isDataFolderHeld(const std::string& dataFolder);

} // namespace spillway::admin
