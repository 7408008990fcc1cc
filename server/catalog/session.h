// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/catalog/changeset.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::catalog {

class Session;

/// One prepared statement while it runs: bind in order, then run() for a change or next() for rows.
///
/// Belongs to its Session and that session's thread; goes back to the session's cache when it dies. A failed
/// prepare or a text that is not UTF-8 comes out of run() or next(), so that binding needs no checks. Columns
/// count from 0 and may be asked only after next() was true. Errors: Session lists them.
class Statement
{
public:
    Statement(Statement&&) noexcept;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    Statement& bind(std::int64_t value);
    Statement& bind(std::optional<std::int64_t> value); ///< NULL where there is none
    Statement& bindText(std::string_view utf8);
    Statement& bindBlob(std::string_view bytes);

    Result<std::int64_t> run(); ///< rows changed
    Result<bool> next();        ///< false: no more rows

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::optional<std::int64_t> optionalInteger(int column) const;
    [[nodiscard]] std::string text(int column) const; ///< UTF-8
    [[nodiscard]] std::string blob(int column) const;
    [[nodiscard]] bool isNull(int column) const;
    /// Rowid of what run() inserted.
    [[nodiscard]] std::int64_t insertedId() const;

private:
    friend class Session;
    struct Prepared;
    explicit Statement(std::shared_ptr<Prepared> prepared);
    Result<void> start();

    std::shared_ptr<Prepared> prepared_;
    std::optional<Error> error_;
    int bound_ = 0;
    bool started_ = false;
};

struct SessionOptions
{
    bool readOnly = false;
    bool immutable = false; ///< read without locks and without making -wal or -shm; only when nobody writes
    bool durable = true;    ///< synchronous=FULL; else NORMAL (a power cut may take the last commits)
    std::chrono::milliseconds busyTimeout{5000};
    std::int64_t pageCacheKiB = 8192;
};

/// One connection to a SQLite file, with its prepared statements (at most 200 kept). For one thread: the one
/// that opened it.
///
/// Errors: Busy (locked too long), Corrupt, Exhausted (disk full), Io, PermissionDenied (read-only),
/// AlreadyExists (unique), Conflict (another constraint), InvalidArgument (not UTF-8), Internal (bad SQL).
/// Needs a QCoreApplication in the process: Qt loads its driver through it.
class Session
{
public:
    static Result<std::unique_ptr<Session>> open(const std::string& path, const SessionOptions& options);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// From the cache where the same text was prepared before and is free.
    [[nodiscard]] Statement prepare(std::string_view sql);
    /// One statement without parameters or rows.
    Result<void> execute(std::string_view sql);
    /// The first column of the first row as text; NotFound where there is no row. For pragmas and counts.
    Result<std::string> scalar(std::string_view sql);

    /// What the running transaction changed so far; the repositories add to it.
    [[nodiscard]] ChangeSet& changes() { return changes_; }

private:
    struct Private;
    explicit Session(std::unique_ptr<Private> d);

    std::unique_ptr<Private> d_;
    ChangeSet changes_;
};

} // namespace spillway::catalog
