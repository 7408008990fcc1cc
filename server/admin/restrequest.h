// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/operations.h"

#include <QtCore/QByteArray>
#include <QtCore/QJsonValue>

// The table of operations as a client of the admin API sees it. Pure; any thread.
namespace spillway::admin {

struct RestRequest
{
    QByteArray method, target; ///< "PATCH", "/api/v1/shares/docs"
    QByteArray ifMatch;        ///< the field's value; empty: none
    QByteArray body;           ///< JSON; empty: none
    /// The bytes on the wire. `host`: with its port. The connection stays open where the server wants it.
    [[nodiscard]] QByteArray text(const QByteArray& host, const QByteArray& token, bool keepAlive) const;
};

/// `parameters` by the places that the row gives them.
[[nodiscard]] RestRequest restRequest(const Operation& operation, const QJsonObject& parameters);

/// What a whole answer says: its JSON, or the error of its problem+json. Corrupt where it is neither.
[[nodiscard]] Result<QJsonValue> restAnswer(int status, const QByteArray& body);

} // namespace spillway::admin
