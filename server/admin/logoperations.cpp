// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/logoperations.h"

#include "server/admin/linesbackward.h"
#include "server/base/uniquefd.h"
#include "server/engine/engine.h"

#include <QtCore/QJsonArray>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <sys/stat.h>

namespace spillway::admin {

namespace {

/// What one call looks through for a search.
constexpr std::uint64_t kMostBytes = 16 << 20;

/// A place in one file: "INODE-OFFSET", so that a rotated log is noticed.
struct Place
{
    std::uint64_t inode = 0, offset = 0;
    [[nodiscard]] QString text() const { return QStringLiteral("%1-%2").arg(inode).arg(offset); }
    [[nodiscard]] static Result<Place> parse(const std::string& text)
    {
        Place place;
        const char* const end = text.data() + text.size();
        const auto inode = std::from_chars(text.data(), end, place.inode);
        if (inode.ec == std::errc() && inode.ptr < end && *inode.ptr == '-') {
            const auto offset = std::from_chars(inode.ptr + 1, end, place.offset);
            if (offset.ec == std::errc() && offset.ptr == end)
                return place;
        }
        return fail(ErrorCode::InvalidArgument, "\"" + text + "\" is no cursor of this log");
    }
};

std::string fileOf(engine::Engine& engine)
{
    const std::string& named = engine.settings().get<"log.file">();
    return named.empty() ? engine.dataFolder() + "/access.log" : named;
}

/// Behind the last whole line of a file of `size` bytes: a line may be on its way.
Result<std::uint64_t> endOfLines(int fd, std::uint64_t size)
{
    LinesBackward lines(fd, size);
    std::string last;
    char byte = '\n';
    if (size > 0 && ::pread(fd, &byte, 1, static_cast<off_t>(size - 1)) != 1)
        return fail(osError("cannot read the access log", errno));
    if (byte == '\n')
        return size;
    if (const auto more = lines.next(last); !more)
        return fail(more.error());
    return lines.position();
}

QJsonObject answerOf(const QString& format, const QJsonArray& lines, const Place& newest,
                     const std::optional<Place>& older)
{
    return {{QStringLiteral("format"), format},
            {QStringLiteral("lines"), lines},
            {QStringLiteral("newest"), newest.text()},
            {QStringLiteral("older"), older ? QJsonValue(older->text()) : QJsonValue(QJsonValue::Null)}};
}

} // namespace

Result<QJsonValue> logList(OperationContext& context, const Arguments& arguments)
{
    if (!context.engine)
        return fail(ErrorCode::Unavailable, "no server runs; the access log is a file in the data folder");
    const QString format = toQString(context.engine->settings().get<"log.access">());
    const std::int64_t limit = arguments.integer("limit", 200);
    if (limit < 1 || limit > 2000)
        return fail(ErrorCode::InvalidArgument, "a page has 1 to 2000 lines");
    const UniqueFd fd(::open(fileOf(*context.engine).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd && errno == ENOENT)
        return QJsonValue(answerOf(format, {}, {}, {}));
    struct stat info = {};
    if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode))
        return fail(osError("cannot read the access log", fd ? EINVAL : errno));
    const auto end = endOfLines(fd.get(), static_cast<std::uint64_t>(info.st_size));
    if (!end)
        return fail(end.error());
    const Place newest{info.st_ino, *end};
    std::uint64_t from = *end, until = 0;
    for (const char* name : {"after", "before"}) {
        if (!arguments.has(name))
            continue;
        const auto place = Place::parse(arguments.text(name));
        if (!place)
            return fail(place.error());
        if (place->inode == newest.inode && place->offset <= *end) // else the file is another one by now
            (name[0] == 'a' ? until : from) = place->offset;
    }
    const QString wanted = toQString(arguments.text("q"));
    LinesBackward lines(fd.get(), from);
    QJsonArray found;
    std::string text;
    while (found.size() < limit && lines.position() > until && from - lines.position() < kMostBytes) {
        const auto more = lines.next(text);
        if (!more)
            return fail(more.error());
        if (!*more)
            break;
        const QString line = toQString(text);
        if (wanted.isEmpty() || line.contains(wanted, Qt::CaseInsensitive))
            found.prepend(line);
    }
    const bool rest = lines.position() > until;
    return QJsonValue(answerOf(format, found, newest,
                               rest ? std::optional(Place{newest.inode, lines.position()}) : std::nullopt));
}

} // namespace spillway::admin
