// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/operations.h"

namespace spillway::admin {

/// The operations limit.list, limit.show and limit.set. A limit in JSON: level, id (null: the default), and
/// each field as a number or null: requests a second, burst, bandwidth in bytes a second, connections,
/// downloads, queue, wait in seconds; priority is a word. In the list of a running server also, where
/// downloads or connections are limited, how many run there (`running`) and stand in its line (`waiting`).
[[nodiscard]] Result<QJsonValue> limitList(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> limitShow(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> limitSet(OperationContext& context, const Arguments& arguments);
/// Level and id, and with `fields` what may be set.
[[nodiscard]] std::vector<Parameter> limitParameters(bool fields);

} // namespace spillway::admin
