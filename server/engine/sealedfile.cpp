// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/sealedfile.h"

#include "server/base/uniquefd.h"
#include "server/config/files.h"

#include <QtCore/QCryptographicHash>
#include <algorithm>
#include <cerrno>
#include <fcntl.h>

namespace spillway::engine {

namespace {

constexpr qsizetype kHashSize = 32;
constexpr std::size_t kMostBytes = 8 << 20;

QByteArray hashOf(const QByteArray& bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

} // namespace

Error damagedFile(const std::string& path)
{
    return {ErrorCode::Corrupt, path + " is damaged", 0};
}

Result<std::optional<QByteArray>> readSealed(const std::string& path, std::string_view magic)
{
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd && errno == ENOENT)
        return std::optional<QByteArray>();
    if (!fd)
        return fail(osError("cannot read " + path, errno));
    const auto all = config::readAt(fd.get(), 0, kMostBytes, path);
    if (!all)
        return fail(all.error());
    const QByteArray file = QByteArray::fromStdString(*all);
    const QByteArray sealed = file.chopped(std::min(kHashSize, file.size()));
    if (!all->starts_with(magic) || hashOf(sealed) != file.right(kHashSize))
        return fail(damagedFile(path));
    return std::optional(sealed.mid(static_cast<qsizetype>(magic.size())));
}

Result<void> writeSealed(const std::string& path, std::string_view magic, const QByteArray& body)
{
    QByteArray all(magic.data(), static_cast<qsizetype>(magic.size()));
    all += body;
    all += hashOf(all);
    return config::writePrivateFile(path, all.toStdString());
}

} // namespace spillway::engine
