// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/operations.h"
#include "server/engine/settingscontrol.h"

namespace spillway::admin {

/// The operations setting.list, setting.set and setting.reset, of a running server. A setting in JSON is a
/// row of the settings table with what it is now: see settingJson(). The list has the settings file beside
/// it.
[[nodiscard]] Result<QJsonValue> settingList(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> settingSet(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> settingReset(OperationContext& context, const Arguments& arguments);

/// name, type ("duration"), help, default and value (lists of texts), list (several may be given), allowed,
/// choices, zero_means (or ""), needs_restart, secret, origin ("default", "file", "environment",
/// "command-line"), where, fixed_by (or "", or "own-machine" in setting.list for who is elsewhere), pending.
/// A secret's value is empty, and `set` says whether there is one.
[[nodiscard]] QJsonObject settingJson(const engine::SettingInfo& info);

} // namespace spillway::admin
