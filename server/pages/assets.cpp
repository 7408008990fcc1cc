// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/assets.h"

#include <QCryptographicHash>
#include <QFile>
#include <QString>
#include <zlib.h>

// A static library's resources are not registered by themselves. Outside any namespace, as Qt asks.
static void registerWeb()
{
    Q_INIT_RESOURCE(web);
}

namespace spillway::pages {

namespace {

constexpr std::size_t kVersionDigits = 16;

std::string readAsset(std::string_view name)
{
    QFile file(QStringLiteral(":/spillway/web/") +
               QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size())));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

/// Empty where it would save less than a tenth.
std::string compressed(const std::string& bytes)
{
    constexpr int gzipWindow = 15 + 16; // the most, in the form of RFC 1952
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzipWindow, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data())); // zlib does not write there
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    out.resize(done ? stream.total_out : 0);
    deflateEnd(&stream);
    return out.size() * 10 < bytes.size() * 9 ? out : std::string();
}

} // namespace

Assets::Assets()
    : assets_{{{"spillway.css", "text/css; charset=utf-8", {}, {}},
               {"spillway.js", "text/javascript; charset=utf-8", {}, {}},
               {"types.svg", "image/svg+xml", {}, {}},
               {"preview.png", "image/png", {}, {}}}}
{
    registerWeb();
    QCryptographicHash digest(QCryptographicHash::Sha256);
    for (Asset& asset : assets_) {
        asset.bytes = readAsset(asset.name);
        asset.gzip = compressed(asset.bytes);
        digest.addData(QByteArrayView(asset.bytes.data(), static_cast<qsizetype>(asset.bytes.size())));
    }
    version_ = digest.result().toHex().left(kVersionDigits).toStdString();
}

const Asset* Assets::find(std::string_view name) const noexcept
{
    for (const Asset& asset : assets_)
        if (asset.name == name)
            return &asset;
    return nullptr;
}

const Assets& assets()
{
    static const Assets all;
    return all;
}

} // namespace spillway::pages
