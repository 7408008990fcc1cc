// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/operations.h"

// The row of the table of operations about the access log.
namespace spillway::admin {

/// Lines of the access log as they are in its file, secrets redacted: the newest, those after a cursor (to
/// follow), or those before one. Nothing is kept in memory for it, and nothing is done for a request that
/// nobody looks at.
[[nodiscard]] Result<QJsonValue> logList(OperationContext& context, const Arguments& arguments);

} // namespace spillway::admin
