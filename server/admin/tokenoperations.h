// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/operations.h"

namespace spillway::admin {

/// The operations token.create, token.list and token.revoke. A token in JSON: id, name, scopes, shares (null:
/// all), state, times; `token`, its text, only in the answer that makes it.
[[nodiscard]] Result<QJsonValue> tokenCreate(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> tokenList(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> tokenRevoke(OperationContext& context, const Arguments& arguments);

} // namespace spillway::admin
