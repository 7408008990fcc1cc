// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/operations.h"

// The rows of the table of operations about what the server did lately.
namespace spillway::admin {

[[nodiscard]] Result<QJsonValue> historyGet(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> topGet(OperationContext& context, const Arguments& arguments);

} // namespace spillway::admin
