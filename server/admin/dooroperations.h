// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/operations.h"

// The rows of the table of operations by which a console elsewhere is let in.
namespace spillway::admin {

[[nodiscard]] Result<QJsonValue> consoleInvite(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> consoleJoin(OperationContext& context, const Arguments& arguments);

} // namespace spillway::admin
