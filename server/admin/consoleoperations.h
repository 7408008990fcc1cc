// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/operations.h"

// Rows of the table of operations that look into a running server: its connections.
namespace spillway::admin {

[[nodiscard]] Result<QJsonValue> connectionList(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> connectionKick(OperationContext& context, const Arguments& arguments);

} // namespace spillway::admin
