// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/mediatype.h"

#include "server/http/utf8.h"

#include <QMimeDatabase>
#include <QMimeType>
#include <QString>
#include <algorithm>
#include <array>
#include <cerrno>
#include <mutex>
#include <unistd.h>

namespace spillway::body {

namespace {

constexpr std::size_t longestExtension = 32; ///< longer ones are names, not types
constexpr std::size_t lookedAt = 4096;
constexpr std::string_view unknownType = "application/octet-stream";

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

/// "a.b.tar.GZ" → ".tar.gz", "a.txt" → ".txt", "Makefile" → "makefile", "x." and ".profile" → "".
std::string keyOf(std::string_view name)
{
    name = name.substr(name.rfind('/') + 1);
    const std::size_t last = name.rfind('.');
    if (last == std::string_view::npos)
        return name.size() <= longestExtension ? lowered(name) : std::string();
    if (last == 0 || last + 1 == name.size() || name.size() - last > longestExtension)
        return {};
    const std::size_t before = name.rfind('.', last - 1);
    if (before == std::string_view::npos || before == 0 || last - before > longestExtension)
        return lowered(name.substr(last));
    return lowered(name.substr(before));
}

std::string lookUp(const std::string& key)
{
    const QString name = QString::fromUtf8((key.front() == '.' ? "x" + key : key).c_str());
    std::string type =
        QMimeDatabase().mimeTypeForFile(name, QMimeDatabase::MatchExtension).name().toStdString();
    if (type.empty() || type.starts_with("inode/") || type.find('/') == std::string::npos)
        return std::string(unknownType);
    if (type == "application/javascript" || type == "application/ecmascript")
        return "text/javascript"; // RFC 9239 §6
    return type;
}

bool isText(std::string_view type)
{
    return type.starts_with("text/") || type == "application/xml" || type == "application/xhtml+xml";
}

} // namespace

MediaTypes::MediaTypes(std::size_t limit) : limit_(std::max<std::size_t>(limit, 1)) {}

std::string MediaTypes::forName(std::string_view name)
{
    const std::string key = keyOf(name);
    if (key.empty())
        return std::string(unknownType);
    {
        std::shared_lock lock(mutex_);
        if (const auto found = known_.find(key); found != known_.end())
            return found->second;
    }
    lookups_.fetch_add(1, std::memory_order_relaxed);
    std::string type = lookUp(key);
    std::unique_lock lock(mutex_);
    if (known_.size() >= limit_) {
        known_.clear();
        overflows_.fetch_add(1, std::memory_order_relaxed);
    }
    known_.insert_or_assign(key, type);
    return type;
}

std::string MediaTypes::forFile(std::string_view name, int fd)
{
    std::string type = forName(name);
    if (!isText(type))
        return type;
    std::array<char, lookedAt + 1> begin;
    ssize_t got = -1;
    do
        got = ::pread(fd, begin.data(), begin.size(), 0);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return type;
    const auto bytes = static_cast<std::size_t>(got);
    return withCharset(std::move(type), {begin.data(), std::min(bytes, lookedAt)}, bytes > lookedAt);
}

std::string withCharset(std::string type, std::string_view begin, bool more)
{
    if (!isText(type))
        return type;
    if (type.find("html") != std::string::npos || type.find("xml") != std::string::npos) {
        const std::string lower = lowered(begin);
        if (lower.find("charset") != std::string::npos || lower.find("encoding") != std::string::npos)
            return type;
    }
    for (std::string_view rest = begin; !rest.empty();) {
        const http::Utf8Step step = http::decodeUtf8(rest);
        const bool cut =
            more && rest.size() < 4 && (static_cast<unsigned char>(rest.front()) & 0xc0U) == 0xc0U;
        if (!step.valid && !cut)
            return type;
        if (!step.valid)
            break;
        if (step.codePoint == 0)
            return type; // a text has no NUL: UTF-16, or no text at all
        rest.remove_prefix(step.bytes);
    }
    return type + "; charset=utf-8";
}

} // namespace spillway::body
