// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/catalog.h"

#include "server/catalog/datafolder.h"
#include "server/catalog/integrity.h"
#include "server/config/files.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>

namespace spillway::catalog {

namespace {

constexpr std::size_t readerThreads = 2;
constexpr std::size_t queueLimit = 4096;

bool exists(const std::string& path)
{
    struct stat info = {};
    return ::lstat(path.c_str(), &info) == 0;
}

/// A new catalog is made whole beside its place and renamed into it, so that `catalog.db` is never half made:
/// one that is empty or has no tables is damage, and is not taken for new.
Result<void> createCatalog(const std::string& dataDir, const std::string& path, std::int64_t now)
{
    const std::string fresh = path + ".new";
    for (const char* const suffix : {"", "-wal", "-shm", "-journal"})
        ::unlink((fresh + suffix).c_str()); // of a start that was cut off
    if (auto made = createPrivateFile(fresh); !made)
        return made;
    {
        auto session = Session::open(fresh, {});
        if (!session)
            return fail(session.error());
        if (auto wal = (*session)->scalar("PRAGMA journal_mode = WAL"); !wal)
            return fail(wal.error());
        if (auto migrated = migrate(**session, builtInMigrations(), now); !migrated)
            return migrated;
        // All of it into the one file, on the disk, before it gets its name.
        if (auto folded = (*session)->scalar("PRAGMA wal_checkpoint(TRUNCATE)"); !folded || *folded != "0")
            return folded ? fail(ErrorCode::Busy, "another program has " + fresh + " open")
                          : fail(folded.error());
    }
    if (exists(fresh + "-wal"))
        return fail(ErrorCode::Busy, "another program has " + fresh + " open");
    if (std::rename(fresh.c_str(), path.c_str()) != 0)
        return fail(osError("cannot rename " + fresh, errno));
    return config::syncFolder(dataDir);
}

} // namespace

Result<std::unique_ptr<Catalog>> Catalog::open(const std::string& dataDir, const Clock& clock)
{
    const std::string path = dataDir + "/catalog.db";
    std::unique_ptr<Catalog> catalog(new Catalog(clock));
    if (exists(path)) {
        if (auto sound = checkCatalogFile(path, builtInMigrations()); !sound)
            return fail(sound.error());
    } else {
        // A log without its file would be replayed into the new one.
        if (exists(path + "-wal"))
            return fail(ErrorCode::Corrupt, "the catalog " + path + " is gone, but its log " + path +
                                                "-wal is there; restore the file, or move the log away");
        if (auto made = createCatalog(dataDir, path, catalog->now()); !made)
            return fail(made.error());
    }

    auto writer = CatalogWriter::open(path, queueLimit, catalog->now());
    if (!writer)
        return fail(writer.error());
    catalog->writer_ = std::move(*writer);
    auto readers = SqlReaders::open(path, readerThreads, queueLimit);
    if (!readers)
        return fail(readers.error());
    catalog->readers_ = std::move(*readers);
    return catalog;
}

} // namespace spillway::catalog
