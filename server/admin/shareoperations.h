// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/operations.h"

// Rows of the table of operations about shares, what is in them, and what could be shared.
namespace spillway::admin {

[[nodiscard]] Result<QJsonValue> shareList(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> shareAdd(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> shareUpdate(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> shareRemove(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> folderList(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> folderBrowse(OperationContext& context, const Arguments& arguments);

/// Whether the caller shares only what lies in share_roots: from another machine always; by an API token
/// wherever it is shown, as soon as the setting names a folder. The window and the command line of this
/// machine, which has the run's own token or the data folder, share whatever their user can read.
[[nodiscard]] bool sharesInRootsOnly(const OperationContext& context);

} // namespace spillway::admin
