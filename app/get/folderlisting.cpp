// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/folderlisting.h"

#include "app/get/safename.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace spillway::get {

namespace {

/// The exact bytes where the name is no UTF-8, else the text.
std::string bytesOf(const QJsonObject& entry, const char* name)
{
    const QJsonValue exact = entry.value(QLatin1String(name) + QLatin1String("_bytes"));
    if (exact.isString())
        return QByteArray::fromBase64(exact.toString().toLatin1()).toStdString();
    return entry.value(QLatin1String(name)).toString().toStdString();
}

} // namespace

std::optional<ListedEntry> parseListingLine(std::string_view line)
{
    const auto document =
        QJsonDocument::fromJson(QByteArray::fromRawData(line.data(), static_cast<qsizetype>(line.size())));
    if (!document.isObject())
        return std::nullopt;
    const QJsonObject object = document.object();
    const QString type = object.value(QLatin1String("type")).toString();
    ListedEntry entry;
    entry.folder = type == QLatin1String("dir");
    if (!entry.folder && type != QLatin1String("file"))
        return std::nullopt;
    auto path = safeRelativePath(bytesOf(object, object.contains(QLatin1String("path")) ? "path" : "name"));
    const qint64 size = object.value(QLatin1String("size")).toInteger(entry.folder ? 0 : -1);
    if (!path || size < 0)
        return std::nullopt;
    entry.path = std::move(*path);
    entry.size = static_cast<std::uint64_t>(size);
    const QDateTime time =
        QDateTime::fromString(object.value(QLatin1String("mtime")).toString(), Qt::ISODate);
    if (time.isValid())
        entry.modified = time.toSecsSinceEpoch();
    return entry;
}

bool ListingReader::onHead(const AnswerHead& head)
{
    head_ = head;
    lastByte_ = clock_.monotonic();
    if (head.status != 200) {
        problem_ = "the server answers " + std::to_string(head.status);
        return false;
    }
    if (!head.contentType.starts_with("application/x-ndjson")) {
        otherKind_ = true;
        problem_ = "that is no folder which Spillway serves: it has no listing for programs";
        return false;
    }
    return true;
}

bool ListingReader::onBody(std::string_view bytes)
{
    lastByte_ = clock_.monotonic();
    rest_ += bytes;
    std::size_t begin = 0;
    for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
        takeLine(std::string_view(rest_).substr(begin, end - begin));
        begin = end + 1;
    }
    rest_.erase(0, begin);
    if (entries_.size() > kMostEntries)
        problem_ = "the folder has more than " + std::to_string(kMostEntries) + " entries";
    else if (rest_.size() > kMostLine)
        problem_ = "the listing has a line that is too long";
    return !problem_;
}

StatusVerdict ListingReader::verdict() const
{
    if (head_.status == 0 || head_.status == 200)
        return {FailureKind::Broken, !otherKind_};
    return judgeStatus(head_.status);
}

void ListingReader::takeLine(std::string_view line)
{
    if (line.empty())
        return;
    if (auto entry = parseListingLine(line))
        entries_.push_back(std::move(*entry));
    else
        ++skipped_;
}

void ListingReader::onEnd(const RequestEnd& end)
{
    over_ = true;
    if (!problem_ && (end.cause != RequestEnd::Cause::Whole || !rest_.empty()))
        problem_ = end.message.empty() ? "the listing was cut" : end.message;
}

} // namespace spillway::get
