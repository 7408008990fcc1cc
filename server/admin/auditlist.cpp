// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/arguments.h"
#include "server/admin/auditlog.h"
#include "server/admin/linesbackward.h"

#include <QtCore/QHash>
#include <QtCore/QJsonDocument>
#include <charconv>

// Reading the audit log from its end. A cursor is the place in the file where the next older line ends.
namespace spillway::admin {

namespace {

/// What one call looks through; a search that found nothing in it goes on with the next page.
constexpr std::uint64_t kMostBytes = 32 << 20;
constexpr qsizetype kMostOverlap = 64;

/// An entry as people see it, of the line that has who and what, and its "end" where there is one.
QJsonObject entryOf(const QJsonObject& line, const QJsonObject& end)
{
    const auto is = [&line](const char* what) {
        return line.value(QLatin1String("what")) == QLatin1String(what);
    };
    QJsonObject entry = line;
    entry.remove(QStringLiteral("mac"));
    entry.remove(QStringLiteral("what"));
    entry.remove(QStringLiteral("seq"));
    entry.insert(QStringLiteral("id"), line.value(QLatin1String("seq")));
    const char* outcome = "done";
    if (is("event")) {
        entry.insert(QStringLiteral("operation"), QStringLiteral("audit"));
        entry.insert(QStringLiteral("by"), QStringLiteral("server"));
    } else if (is("begin") && end.isEmpty()) {
        outcome = "unknown";
    } else if (end.contains(QLatin1String("error"))) {
        outcome = "failed";
    }
    for (const char* member : {"after", "error"})
        if (const QJsonValue value = end.value(QLatin1String(member)); !value.isUndefined())
            entry.insert(QLatin1String(member), value);
    entry.insert(QStringLiteral("outcome"), QLatin1String(outcome));
    return entry;
}

Result<std::uint64_t> cursorOf(const std::string& text, std::uint64_t size)
{
    if (text.empty())
        return size;
    std::uint64_t at = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), at);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || at > size)
        return fail(ErrorCode::InvalidArgument, "\"after\" is not the `next` of a page");
    return at;
}

} // namespace

Result<AuditPage> AuditLog::list(const AuditQuery& query) const
{
    if (query.limit < 1 || query.limit > 1000)
        return fail(ErrorCode::InvalidArgument, "a page has 1 to 1000 entries");
    std::uint64_t size = 0;
    {
        const std::lock_guard lock(mutex_);
        size = size_;
    }
    const auto from = cursorOf(query.after, size);
    if (!from)
        return fail(from.error());
    const QString wanted = toQString(query.search);
    LinesBackward lines(log_.get(), *from);
    QHash<qint64, QJsonObject> ends; // whose begin stands further up
    AuditPage page;
    std::string text;
    // Changes that overlapped: a begin whose end is on this page is, too.
    while ((page.entries.size() < query.limit ||
            (!ends.isEmpty() && page.entries.size() < query.limit + kMostOverlap)) &&
           *from - lines.position() < kMostBytes) {
        const auto more = lines.next(text);
        if (!more)
            return fail(more.error());
        if (!*more)
            return page;
        const QByteArray bytes = QByteArray::fromRawData(text.data(), static_cast<qsizetype>(text.size()));
        const QJsonObject line = QJsonDocument::fromJson(bytes).object();
        if (line.value(QLatin1String("what")) == QLatin1String("end")) {
            ends.insert(line.value(QLatin1String("of")).toInteger(), line);
            continue;
        }
        const QJsonObject end = ends.take(line.value(QLatin1String("seq")).toInteger());
        if (line.isEmpty() ||
            (!wanted.isEmpty() && !QString::fromUtf8(bytes).contains(wanted, Qt::CaseInsensitive) &&
             !QString::fromUtf8(QJsonDocument(end).toJson()).contains(wanted, Qt::CaseInsensitive)))
            continue;
        page.entries.append(entryOf(line, end));
    }
    if (lines.position() > 0)
        page.next = std::to_string(lines.position());
    return page;
}

} // namespace spillway::admin
