// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/invite.h"

#include <QtCore/QByteArray>
#include <QtCore/QUrl>

namespace spillway::contract {

namespace {

constexpr qsizetype kFingerprintBytes = 32;

const QString kScheme = QStringLiteral("spillway-console");

} // namespace

QString Invite::text() const
{
    const QString shownHost =
        host.contains(QLatin1Char(':')) ? QLatin1Char('[') + host + QLatin1Char(']') : host;
    return QStringLiteral("%1://%2:%3/%4/%5")
        .arg(kScheme, shownHost, QString::number(port),
             QString(fingerprint).remove(QLatin1Char(':')).toLower(), code);
}

Result<Invite> Invite::parse(const QString& text)
{
    const auto wrong = [] {
        return fail(ErrorCode::InvalidArgument,
                    "this is no invite; spillway console invite on the server prints one");
    };
    const QUrl url(text.trimmed(), QUrl::StrictMode);
    const QStringList parts = url.path().split(QLatin1Char('/'), Qt::SkipEmptyParts);
    if (!url.isValid() || url.scheme() != kScheme || url.host().isEmpty() || url.port() <= 0 ||
        parts.size() != 2 || url.hasQuery() || url.hasFragment())
        return wrong();
    const QByteArray digits = parts[0].toLatin1();
    const QByteArray bytes = QByteArray::fromHex(digits);
    if (bytes.size() != kFingerprintBytes || bytes.toHex() != digits.toLower())
        return wrong();
    return Invite{url.host(), static_cast<quint16>(url.port()),
                  QString::fromLatin1(bytes.toHex(':')).toUpper(), parts[1]};
}

} // namespace spillway::contract
