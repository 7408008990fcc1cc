// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/operations.h"

// The rows of the table of operations about the audit log.
namespace spillway::admin {

[[nodiscard]] Result<QJsonValue> auditList(OperationContext& context, const Arguments& arguments);
[[nodiscard]] Result<QJsonValue> auditVerify(OperationContext& context, const Arguments& arguments);

struct AuditVerdict;
[[nodiscard]] QJsonObject toJson(const AuditVerdict& verdict);

} // namespace spillway::admin
