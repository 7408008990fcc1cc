// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/migrations.h"

namespace spillway::catalog {

/// Whether this file is a sound catalog that we can open, found out without changing a byte of it or of its
/// log.
///
/// Reads its head, its versions, quick_check, and that every table and index is there that its migrations
/// make. Without a log (a clean stop) it reads as "immutable", which makes no -wal and no -shm; with one,
/// SQLite must read the log too, and the -shm it makes for that is removed again where the file turns out
/// bad. The caller holds DataFolder's lock. Errors: Corrupt, TooNew, PermissionDenied, Io; each with a
/// sentence that says what to do.
Result<void> checkCatalogFile(const std::string& path, std::span<const Migration> known);

} // namespace spillway::catalog
