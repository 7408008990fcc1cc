// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/arguments.h"
#include "server/admin/caller.h"
#include "server/catalog/index/fileindex.h"
#include "server/engine/management.h"

#include <QtCore/QJsonValue>
#include <span>

namespace spillway::engine {
class Engine;
}

namespace spillway::admin {

class AuditLog;
class ConsoleDoor;

/// What an operation works on. `engine` is null where no server runs (the command line on the catalog),
/// `index` there and where index.enabled is off.
struct OperationContext
{
    engine::Management& management;
    engine::Engine* engine = nullptr;
    catalog::FileIndex* index = nullptr;
    Caller caller = Caller::owner();
    AuditLog* audit = nullptr;   ///< null: nothing is recorded
    ConsoleDoor* door = nullptr; ///< null where no admin listener runs
};

/// One thing the admin API can do. The HTTP API, the command line without a server and /openapi.json are made
/// from the table of these. Names in JSON are stable: snake_case, times as unix seconds or null.
struct Operation
{
    std::string_view name;   ///< "link.create"
    std::string_view method; ///< of HTTP
    std::string_view path;   ///< "/api/v1/links/{id}"
    std::string_view summary;
    std::vector<Parameter> parameters;
    Result<QJsonValue> (*run)(OperationContext&, const Arguments&);
    bool always = false; ///< also where changes are refused: it changes nothing of the catalog, or must work
};

/// If-Match of operations that change an object with a `version`: made only where it is still that one.
[[nodiscard]] Parameter ifMatchParameter();

[[nodiscard]] const std::vector<Operation>& operations();
[[nodiscard]] const Operation* findOperation(std::string_view name);

/// The parameter "expires", under the rules of Expiry::parse.
[[nodiscard]] Result<engine::Expiry> checkedExpiry(const Arguments& arguments);

/// Checks the parameters and the caller, then runs it, and records it where it changes something (changes.h).
/// PermissionDenied where he may not; a link outside his shares is NotFound. Unavailable for a change where
/// the server's mode refuses changes. Blocks on the catalog and the disk.
[[nodiscard]] Result<QJsonValue> runOperation(const Operation& operation, OperationContext& context,
                                              const QJsonObject& parameters);

/// `template` is Operation::path; the values of {names} are added to `values`. Both are percent-decoded.
[[nodiscard]] bool matchPath(std::string_view pattern, std::string_view path, QJsonObject& values);

} // namespace spillway::admin
