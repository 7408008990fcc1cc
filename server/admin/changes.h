// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/operations.h"

// What surrounds an operation that changes something: the version that it is for, and the audit log.
namespace spillway::admin {

/// Whether it is recorded: whatever changes something, and showing a link again, because its URL is a key.
[[nodiscard]] bool isRecorded(const Operation& operation);

/// Runs a recorded operation, whose caller and parameters were checked, with its lines in `context.audit`,
/// where there is one. `given` are the parameters as they came. With `if_match` the object must have that
/// version: Stale else. Where the log cannot be written nothing is done and its error comes back; only what
/// must work on a full disk (a mode, a kick) is done all the same, and the process log has it.
[[nodiscard]] Result<QJsonValue> runRecorded(const Operation& operation, OperationContext& context,
                                             const Arguments& arguments, const QJsonObject& given);

/// `value` with whatever opens something replaced by "(hidden)": URLs, tokens, passwords, key secrets, secret
/// settings.
[[nodiscard]] QJsonValue withoutSecrets(const QJsonValue& value);

} // namespace spillway::admin
