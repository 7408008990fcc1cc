// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/session.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QStringDecoder>
#include <QUrl>
#include <QVariant>

#include <atomic>
#include <unordered_map>

namespace spillway::catalog {

namespace {

constexpr std::size_t maxCachedStatements = 200;

/// SQLite's result codes (https://sqlite.org/rescode.html); the low byte is the primary code.
ErrorCode codeFor(int native)
{
    constexpr int uniqueKey = 2067, primaryKey = 1555;
    if (native == uniqueKey || native == primaryKey)
        return ErrorCode::AlreadyExists;
    switch (native & 0xff) {
    case 3:  // PERM
    case 8:  // READONLY
    case 23: // AUTH
        return ErrorCode::PermissionDenied;
    case 5: // BUSY
    case 6: // LOCKED
        return ErrorCode::Busy;
    case 7:  // NOMEM
    case 13: // FULL
        return ErrorCode::Exhausted;
    case 10: // IOERR
        return ErrorCode::Io;
    case 11: // CORRUPT
    case 26: // NOTADB
        return ErrorCode::Corrupt;
    case 14: // CANTOPEN
        return ErrorCode::Unavailable;
    case 19: // CONSTRAINT
        return ErrorCode::Conflict;
    default:
        return ErrorCode::Internal;
    }
}

Error sqlError(const QSqlError& error, const std::string& what)
{
    return {codeFor(error.nativeErrorCode().toInt()), what + ": " + error.databaseText().toStdString(), 0};
}

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

struct Statement::Prepared
{
    QSqlQuery query;
    std::optional<Error> error;
    bool inUse = false;
};

Statement::Statement(std::shared_ptr<Prepared> prepared) : prepared_(std::move(prepared))
{
    prepared_->inUse = true;
    error_ = prepared_->error;
}

Statement::Statement(Statement&&) noexcept = default;

Statement::~Statement()
{
    if (!prepared_)
        return;
    prepared_->query.finish(); // lets go of read locks and of the bound values' rows
    prepared_->inUse = false;
}

Statement& Statement::bind(std::int64_t value)
{
    prepared_->query.bindValue(bound_++, QVariant(static_cast<qlonglong>(value)));
    return *this;
}

Statement& Statement::bind(std::optional<std::int64_t> value)
{
    if (value)
        return bind(*value);
    prepared_->query.bindValue(bound_++, QVariant());
    return *this;
}

Statement& Statement::bindText(std::string_view utf8)
{
    QStringDecoder decode(QStringDecoder::Utf8);
    QString text = decode(QByteArrayView(utf8.data(), static_cast<qsizetype>(utf8.size())));
    if (decode.hasError() && !error_)
        error_ = Error{ErrorCode::InvalidArgument, "a text is not valid UTF-8", 0};
    if (text.isNull())
        text = QLatin1String(""); // Qt binds a null string as NULL, and an empty text is not NULL
    prepared_->query.bindValue(bound_++, std::move(text));
    return *this;
}

Statement& Statement::bindBlob(std::string_view bytes)
{
    prepared_->query.bindValue(
        bound_++,
        bytes.empty() ? QByteArray("") : QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())));
    return *this;
}

Result<void> Statement::start()
{
    if (error_)
        return fail(*error_);
    started_ = true;
    if (!prepared_->query.exec())
        return fail(sqlError(prepared_->query.lastError(), "the database refused a statement"));
    return {};
}

Result<std::int64_t> Statement::run()
{
    if (auto ran = start(); !ran)
        return fail(ran.error());
    return std::int64_t{prepared_->query.numRowsAffected()};
}

Result<bool> Statement::next()
{
    if (!started_) {
        if (auto ran = start(); !ran)
            return fail(ran.error());
    }
    if (prepared_->query.next())
        return true;
    if (prepared_->query.lastError().isValid())
        return fail(sqlError(prepared_->query.lastError(), "the database failed while reading"));
    return false;
}

std::int64_t Statement::integer(int column) const
{
    return prepared_->query.value(column).toLongLong();
}

std::optional<std::int64_t> Statement::optionalInteger(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(integer(column));
}

std::string Statement::text(int column) const
{
    return prepared_->query.value(column).toString().toStdString();
}

std::string Statement::blob(int column) const
{
    const QByteArray bytes = prepared_->query.value(column).toByteArray();
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

bool Statement::isNull(int column) const
{
    return prepared_->query.isNull(column);
}

std::int64_t Statement::insertedId() const
{
    return prepared_->query.lastInsertId().toLongLong();
}

struct Session::Private
{
    struct Hash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };

    QString name;
    QSqlDatabase db;
    std::unordered_map<std::string, std::shared_ptr<Statement::Prepared>, Hash, std::equal_to<>> statements;
};

Session::Session(std::unique_ptr<Private> d) : d_(std::move(d)) {}

Session::~Session()
{
    d_->statements.clear();
    d_->db.close();
    d_->db = QSqlDatabase(); // removeDatabase() complains of a copy that lives
    QSqlDatabase::removeDatabase(d_->name);
}

Result<std::unique_ptr<Session>> Session::open(const std::string& path, const SessionOptions& options)
{
    static std::atomic<std::uint64_t> serial{0};

    auto d = std::make_unique<Private>();
    d->name = QStringLiteral("spillway-%1").arg(serial.fetch_add(1));
    d->db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), d->name);
    std::unique_ptr<Session> session(new Session(std::move(d)));
    QSqlDatabase& db = session->d_->db;
    if (!db.isValid())
        return fail(ErrorCode::Unsupported,
                    "Qt's SQLite driver is missing; install the package libqt6sql6-sqlite");

    QString connect = QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(options.busyTimeout.count());
    QString file = fromView(path);
    if (file.toStdString() != path)
        return fail(ErrorCode::InvalidArgument,
                    "the name of the data folder is not valid UTF-8; choose another");
    if (options.readOnly)
        connect += QStringLiteral(";QSQLITE_OPEN_READONLY");
    if (options.immutable) {
        connect += QStringLiteral(";QSQLITE_OPEN_URI");
        file = QStringLiteral("file:") + QString::fromLatin1(QUrl::toPercentEncoding(file, "/")) +
               QStringLiteral("?immutable=1");
    }
    db.setConnectOptions(connect);
    db.setDatabaseName(file);
    if (!db.open())
        return fail(sqlError(db.lastError(), "cannot open " + path));

    const std::string cache = "PRAGMA cache_size = -" + std::to_string(options.pageCacheKiB);
    const char* const sync = options.durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";
    for (const std::string& pragma : {std::string("PRAGMA foreign_keys = ON"), std::string(sync), cache}) {
        if (auto set = session->execute(pragma); !set)
            return fail(set.error());
    }
    return session;
}

Statement Session::prepare(std::string_view sql)
{
    if (const auto known = d_->statements.find(sql); known != d_->statements.end() && !known->second->inUse)
        return Statement(known->second);
    auto prepared =
        std::make_shared<Statement::Prepared>(Statement::Prepared{QSqlQuery(d_->db), std::nullopt, false});
    prepared->query.setForwardOnly(true);
    if (!prepared->query.prepare(fromView(sql)))
        prepared->error =
            sqlError(prepared->query.lastError(), "the database refused to prepare a statement");
    else if (d_->statements.size() < maxCachedStatements)
        d_->statements.try_emplace(std::string(sql), prepared);
    return Statement(std::move(prepared));
}

Result<void> Session::execute(std::string_view sql)
{
    // Not through prepare(): pragmas and schema changes come once, and some must not stay prepared.
    QSqlQuery query(d_->db);
    if (!query.exec(fromView(sql)))
        return fail(sqlError(query.lastError(), "the database refused: " + std::string(sql.substr(0, 80))));
    return {};
}

Result<std::string> Session::scalar(std::string_view sql)
{
    QSqlQuery query(d_->db);
    query.setForwardOnly(true);
    if (!query.exec(fromView(sql)))
        return fail(sqlError(query.lastError(), "the database refused: " + std::string(sql.substr(0, 80))));
    if (!query.next()) {
        if (query.lastError().isValid())
            return fail(sqlError(query.lastError(), "the database failed while reading"));
        return fail(ErrorCode::NotFound, "no row for: " + std::string(sql.substr(0, 80)));
    }
    return query.value(0).toString().toStdString();
}

} // namespace spillway::catalog
