// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/arguments.h"
#include "server/admin/auditlog.h"
#include "server/admin/linesbackward.h"

#include <QtCore/QHash>
#include <QtCore/QJsonDocument>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <unistd.h>

// Reading the audit log from its end, through all of its files. A cursor is "FILE-OFFSET": in which file, by
// its number, and where the next older line ends in it.
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
    for (const char* member : {"mac", "what", "seq", "continues", "dropped"})
        entry.remove(QLatin1String(member));
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

struct Place
{
    std::uint64_t file = 0, offset = 0;
    [[nodiscard]] std::string text() const { return std::to_string(file) + "-" + std::to_string(offset); }
};

Result<Place> placeOf(const std::string& text, const Place& end)
{
    if (text.empty())
        return end;
    Place place;
    const char* const last = text.data() + text.size();
    const auto file = std::from_chars(text.data(), last, place.file);
    if (file.ec == std::errc() && file.ptr < last && *file.ptr == '-') {
        const auto offset = std::from_chars(file.ptr + 1, last, place.offset);
        if (offset.ec == std::errc() && offset.ptr == last && place.file > 0 &&
            (place.file < end.file || (place.file == end.file && place.offset <= end.offset)))
            return place;
    }
    return fail(ErrorCode::InvalidArgument, "\"after\" is not the `next` of a page");
}

/// Lines from a place on, the newest first, over the borders of files.
class Backward
{
public:
    /// `current` is the file that nothing is added to any more, or audit.log, up to `end`.
    Backward(const AuditPaths& paths, std::shared_ptr<const UniqueFd> current, const Place& end)
        : paths_(paths), current_(std::move(current)), end_(end)
    {
    }

    [[nodiscard]] Result<void> begin(const Place& from)
    {
        file_ = from.file;
        return open(from.offset);
    }
    /// False at the beginning of the oldest file that is there.
    [[nodiscard]] Result<bool> next(std::string& line)
    {
        while (lines_) {
            const std::uint64_t before = lines_->position();
            const auto more = lines_->next(line);
            if (!more)
                return fail(more.error());
            read_ += before - lines_->position();
            if (*more)
                return true;
            --file_;
            if (auto opened = open(std::nullopt); !opened)
                return fail(opened.error());
        }
        return false;
    }
    [[nodiscard]] std::uint64_t read() const { return read_; }
    /// Where the next line ends; nothing where there is none.
    [[nodiscard]] std::optional<Place> place()
    {
        if (lines_ && lines_->position() == 0) {
            --file_;
            if (!open(std::nullopt))
                return std::nullopt;
        }
        return lines_ ? std::optional(Place{file_, lines_->position()}) : std::nullopt;
    }

private:
    /// From `offset` on, or its end. One that is not there was deleted, and so were those before it.
    Result<void> open(std::optional<std::uint64_t> offset)
    {
        lines_.reset();
        if (file_ == 0)
            return {};
        if (file_ == end_.file) {
            lines_.emplace(current_->get(), offset.value_or(end_.offset));
            return {};
        }
        auto fd = openAuditFile(paths_.aside(file_));
        if (!fd)
            return fail(fd.error());
        if (!*fd)
            return {};
        opened_ = std::move(*fd);
        const off_t end = ::lseek(opened_.get(), 0, SEEK_END);
        if (end < 0)
            return fail(osError("cannot read " + paths_.aside(file_), errno));
        const auto size = static_cast<std::uint64_t>(end);
        lines_.emplace(opened_.get(), std::min(offset.value_or(size), size));
        return {};
    }

    const AuditPaths& paths_;
    const std::shared_ptr<const UniqueFd> current_;
    const Place end_;
    UniqueFd opened_;
    std::optional<LinesBackward> lines_; ///< none: all is read
    std::uint64_t file_ = 0, read_ = 0;
};

} // namespace

Result<AuditPage> AuditLog::list(const AuditQuery& query) const
{
    if (query.limit < 1 || query.limit > 1000)
        return fail(ErrorCode::InvalidArgument, "a page has 1 to 1000 entries");
    Place end;
    File current;
    {
        const std::lock_guard lock(mutex_);
        end = {number_, size_};
        current = log_;
    }
    const auto from = placeOf(query.after, end);
    if (!from)
        return fail(from.error());
    const QString wanted = toQString(query.search);
    Backward lines(paths_, std::move(current), end);
    if (auto begun = lines.begin(*from); !begun)
        return fail(begun.error());
    QHash<qint64, QJsonObject> ends; // whose begin stands further up
    AuditPage page;
    std::string text;
    // Changes that overlapped: a begin whose end is on this page is, too.
    while ((page.entries.size() < query.limit ||
            (!ends.isEmpty() && page.entries.size() < query.limit + kMostOverlap)) &&
           lines.read() < kMostBytes) {
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
        const QJsonObject ended = ends.take(line.value(QLatin1String("seq")).toInteger());
        if (line.isEmpty() ||
            (!wanted.isEmpty() && !QString::fromUtf8(bytes).contains(wanted, Qt::CaseInsensitive) &&
             !QString::fromUtf8(QJsonDocument(ended).toJson()).contains(wanted, Qt::CaseInsensitive)))
            continue;
        page.entries.append(entryOf(line, ended));
    }
    if (const auto place = lines.place())
        page.next = place->text();
    return page;
}

} // namespace spillway::admin
