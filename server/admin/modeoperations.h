// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/operations.h"

namespace spillway::admin {

/// The operations mode.show and mode.set. A mode in JSON: mode, active, by_hand, by_rule, reason, since; of a
/// running server also `gauges`, a list of name, unit, value, limit, below (engine::LoadGauge).
[[nodiscard]] Result<QJsonValue> modeShow(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> modeSet(OperationContext& context, const Arguments& arguments);

} // namespace spillway::admin
