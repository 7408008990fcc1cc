// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/migrations.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <array>
#include <charconv>
#include <openssl/evp.h>

// A static library's resources are not registered by themselves. Outside any namespace, as Qt asks.
static void registerMigrations()
{
    Q_INIT_RESOURCE(migrations);
}

namespace spillway::catalog {

namespace {

std::string sha256Hex(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest = {};
    unsigned int size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        constexpr std::string_view digits = "0123456789abcdef";
        hex += digits[digest[i] >> 4];
        hex += digits[digest[i] & 15];
    }
    return hex;
}

/// Cuts at each ";" that is in no quotes and no "--" comment; QSqlQuery runs only the first statement of a
/// text.
std::vector<std::string> splitStatements(std::string_view sql)
{
    std::vector<std::string> statements;
    std::string current;
    char quote = 0;
    bool blank = true;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        const char c = sql[i];
        if (quote == 0 && c == '-' && i + 1 < sql.size() && sql[i + 1] == '-') {
            i = std::min(sql.find('\n', i), sql.size() - 1);
            current += '\n';
            continue;
        }
        if (quote != 0)
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        if (c == ';' && quote == 0) {
            if (!blank)
                statements.push_back(std::move(current));
            current.clear();
            blank = true;
            continue;
        }
        current += c;
        blank = blank && (c == ' ' || c == '\n' || c == '\t' || c == '\r');
    }
    if (!blank)
        statements.push_back(std::move(current));
    return statements;
}

Result<void> runOne(Session& session, const Migration& migration, std::int64_t now)
{
    for (const std::string& statement : splitStatements(migration.sql)) {
        if (auto ran = session.execute(statement); !ran)
            return ran;
    }
    Statement insert = session.prepare(
        "INSERT INTO schema_version (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)");
    insert.bind(std::int64_t{migration.number})
        .bindText(migration.name)
        .bindText(migration.checksum)
        .bind(now);
    if (auto ran = insert.run(); !ran)
        return fail(ran.error());
    return {};
}

std::string title(int number, const std::string& name)
{
    return std::to_string(number) + " (" + name + ")";
}

} // namespace

const std::vector<Migration>& builtInMigrations()
{
    static const std::vector<Migration> all = [] {
        registerMigrations();
        std::vector<Migration> list;
        const QDir folder(QStringLiteral(":/spillway/migrations"));
        for (const QString& name : folder.entryList({QStringLiteral("*.sql")}, QDir::Files, QDir::Name)) {
            QFile file(folder.filePath(name));
            if (!file.open(QIODevice::ReadOnly))
                continue; // cannot be for a resource that the folder lists; the gap would fail every open
            if (auto migration = makeMigration(name.toStdString(), file.readAll().toStdString()); migration)
                list.push_back(std::move(*migration));
        }
        return list;
    }();
    return all;
}

Result<Migration> makeMigration(const std::string& fileName, const std::string& sql)
{
    Migration migration;
    const auto [end, error] =
        std::from_chars(fileName.data(), fileName.data() + fileName.size(), migration.number);
    const std::string rest(static_cast<const char*>(end), fileName.data() + fileName.size());
    if (error != std::errc() || migration.number < 1 || rest.size() < 6 || rest.front() != '_' ||
        !rest.ends_with(".sql"))
        return fail(ErrorCode::InvalidArgument, "a migration is named 0001_name.sql, not " + fileName);
    migration.name = rest.substr(1, rest.size() - 5);
    migration.sql = sql;
    migration.checksum = sha256Hex(sql);
    return migration;
}

Result<std::vector<AppliedMigration>> appliedMigrations(Session& session)
{
    const auto table =
        session.scalar("SELECT count(*) FROM sqlite_master WHERE type='table' AND name='schema_version'");
    if (!table)
        return fail(table.error());
    if (*table == "0")
        return fail(ErrorCode::Corrupt,
                    "it has no table of schema versions, so it is not a Spillway catalog or lost its head");
    std::vector<AppliedMigration> applied;
    Statement rows = session.prepare("SELECT number, name, checksum FROM schema_version ORDER BY number");
    for (;;) {
        auto more = rows.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            return applied;
        applied.push_back({static_cast<int>(rows.integer(0)), rows.text(1), rows.text(2)});
    }
}

Result<void> compareMigrations(std::span<const Migration> known, std::span<const AppliedMigration> applied)
{
    if (!applied.empty() && applied.back().number > static_cast<int>(known.size()))
        return fail(ErrorCode::TooNew,
                    "its schema is version " + std::to_string(applied.back().number) +
                        ", this Spillway knows up to " + std::to_string(known.size()) +
                        "; start the newer Spillway that wrote it, or restore an older copy");
    for (std::size_t i = 0; i < applied.size(); ++i) {
        const AppliedMigration& was = applied[i];
        if (was.number != static_cast<int>(i) + 1)
            return fail(ErrorCode::Corrupt,
                        "migration " + std::to_string(i + 1) + " is missing from its history");
        if (was.checksum != known[i].checksum)
            return fail(ErrorCode::Corrupt, "it was made by another migration " +
                                                title(was.number, was.name) + " than this Spillway's " +
                                                title(known[i].number, known[i].name));
    }
    return {};
}

Result<void> migrate(Session& session, std::span<const Migration> known, std::int64_t now)
{
    if (auto made =
            session.execute("CREATE TABLE IF NOT EXISTS schema_version (number INTEGER PRIMARY KEY, "
                            "name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL)");
        !made)
        return made;
    const auto applied = appliedMigrations(session);
    if (!applied)
        return fail(applied.error());
    if (auto same = compareMigrations(known, *applied); !same)
        return same;
    for (const Migration& migration : known.subspan(applied->size())) {
        auto ran = session.execute("BEGIN IMMEDIATE");
        if (ran)
            ran = runOne(session, migration, now);
        if (ran)
            ran = session.execute("COMMIT");
        if (!ran) {
            (void)session.execute(
                "ROLLBACK"); // fails where the error ended the transaction; the first error counts
            return fail(ran.error().code, "migration " + title(migration.number, migration.name) +
                                              " failed: " + ran.error().message);
        }
    }
    return {};
}

} // namespace spillway::catalog
