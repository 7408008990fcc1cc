// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <QtCore/QString>

namespace spillway::contract {

/// What `spillway console invite` prints and a console takes by paste: where the server is, which certificate
/// it has, and a code that is good once. One word:
///
///     spillway-console://HOST:PORT/FINGERPRINT/CODE      the fingerprint as 64 hexadecimal digits
struct Invite
{
    QString host;
    quint16 port = 0;
    QString fingerprint; ///< "AB:CD:…"
    QString code;

    [[nodiscard]] QString text() const;
    /// InvalidArgument.
    [[nodiscard]] static Result<Invite> parse(const QString& text);
};

} // namespace spillway::contract
