// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/session.h"

#include <span>
#include <string>
#include <vector>

namespace spillway::catalog {

/// One numbered change of the schema: resources/migrations/0001_initial.sql is {1, "initial", …}.
/// Statements end with ";"; no triggers (their bodies hold ";") and no transaction words.
struct Migration
{
    int number = 0; ///< from 1, without gaps
    std::string name;
    std::string sql;
    std::string checksum; ///< SHA-256 of the file, hex
};

struct AppliedMigration
{
    int number = 0;
    std::string name;
    std::string checksum;
};

/// Compiled into the binary, in order.
[[nodiscard]] const std::vector<Migration>& builtInMigrations();

/// Makes a Migration of a file's name and text; for tests and for builtInMigrations().
[[nodiscard]] Result<Migration> makeMigration(const std::string& fileName, const std::string& sql);

/// What this database has run, in order. Corrupt where the table of versions is missing.
Result<std::vector<AppliedMigration>> appliedMigrations(Session& session);

/// TooNew where the database has run more than we know; Corrupt where one it ran is not the one we know by
/// that number.
Result<void> compareMigrations(std::span<const Migration> known, std::span<const AppliedMigration> applied);

/// Runs what is missing, each in one transaction with its row in schema_version. A database without that
/// table is taken to be new and empty. An error leaves the database at the last migration that succeeded.
/// `now`: unix seconds.
Result<void> migrate(Session& session, std::span<const Migration> known, std::int64_t now);

} // namespace spillway::catalog
