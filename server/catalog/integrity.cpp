// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/integrity.h"

#include "server/base/uniquefd.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <set>
#include <sys/stat.h>

namespace spillway::catalog {

namespace {

std::int64_t fileSize(const std::string& path)
{
    struct stat info = {};
    return ::stat(path.c_str(), &info) == 0 ? static_cast<std::int64_t>(info.st_size) : -1;
}

Error damaged(const std::string& path, const std::string& why)
{
    return {ErrorCode::Corrupt,
            "the catalog " + path + " is damaged: " + why +
                ". It was left as it is; restore a copy, or move it away to start with an empty one",
            0};
}

/// Before SQLite sees it: the magic words, and no fewer pages than the head counts
/// (https://sqlite.org/fileformat2.html §1.3).
Result<void> checkHead(const std::string& path, bool hasLog)
{
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd)
        return fail(osError("cannot read the catalog " + path, errno));
    std::array<unsigned char, 100> head = {};
    const ssize_t n = ::pread(fd.get(), head.data(), head.size(), 0);
    if (n < 0)
        return fail(osError("cannot read the catalog " + path, errno));
    constexpr std::string_view magic("SQLite format 3\0", 16);
    if (n < static_cast<ssize_t>(head.size()))
        return fail(damaged(path, n == 0 ? "it is empty" : "it is cut short"));
    if (std::string_view(reinterpret_cast<const char*>(head.data()), magic.size()) != magic)
        return fail(damaged(path, "it is not a SQLite file"));
    std::int64_t pageSize = head[16] * 256 + head[17];
    pageSize = pageSize == 1 ? 65536 : pageSize;
    std::int64_t pages = 0;
    for (std::size_t i = 28; i < 32; ++i)
        pages = pages * 256 + head[i];
    if (!hasLog && fileSize(path) < pageSize * pages)
        return fail(damaged(path, "it is cut short"));
    return {};
}

Result<std::set<std::string>> schemaObjects(Session& session)
{
    std::set<std::string> names;
    Statement rows = session.prepare("SELECT type || ' ' || name FROM sqlite_master");
    for (;;) {
        auto more = rows.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            return names;
        names.insert(rows.text(0));
    }
}

/// What the schema must hold is not written down twice: the same migrations are run on an empty database in
/// memory.
Result<void> checkObjects(Session& session, std::span<const Migration> applied)
{
    auto model = Session::open(":memory:", {});
    if (!model)
        return fail(model.error());
    if (auto made = migrate(**model, applied, 0); !made)
        return made;
    const auto expected = schemaObjects(**model);
    const auto found = schemaObjects(session);
    if (!expected || !found)
        return fail(expected ? found.error() : expected.error());
    for (const std::string& name : *expected) {
        if (!found->contains(name))
            return fail(ErrorCode::Corrupt, "the " + name + " is missing");
    }
    return {};
}

Result<void> checkContent(Session& session, std::span<const Migration> known)
{
    // Versions first: a newer schema may hold things that this SQLite cannot check.
    const auto applied = appliedMigrations(session);
    if (!applied)
        return fail(applied.error());
    if (applied->empty())
        return fail(ErrorCode::Corrupt, "its history of migrations is empty");
    if (auto same = compareMigrations(known, *applied); !same)
        return same;
    const auto check = session.scalar("PRAGMA quick_check(1)");
    if (!check)
        return fail(check.error());
    if (*check != "ok")
        return fail(ErrorCode::Corrupt, *check);
    return checkObjects(session, known.first(applied->size()));
}

} // namespace

Result<void> checkCatalogFile(const std::string& path, std::span<const Migration> known)
{
    const bool hasLog = fileSize(path + "-wal") > 0;
    const bool hadShared = fileSize(path + "-shm") >= 0;
    if (auto head = checkHead(path, hasLog); !head)
        return head;

    Result<void> sound;
    {
        auto session = Session::open(path, {.readOnly = true, .immutable = !hasLog});
        sound = session ? checkContent(**session, known) : Result<void>(fail(session.error()));
    }
    if (sound)
        return sound;
    if (hasLog && !hadShared)
        ::unlink((path + "-shm").c_str()); // made by our reading, and nobody else has the folder
    if (sound.error().code == ErrorCode::Corrupt || sound.error().code == ErrorCode::Internal)
        return fail(damaged(path, sound.error().message));
    return fail(sound.error().code, "the catalog " + path + " cannot be opened: " + sound.error().message);
}

} // namespace spillway::catalog
