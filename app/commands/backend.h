// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commands/adminclient.h"
#include "server/admin/auditlog.h"
#include "server/catalog/datafolder.h"
#include "server/config/cli.h"
#include "server/engine/management.h"

#include <memory>

namespace spillway::app {

/// Where a command looks: the data folder, and whether a server runs on it.
struct Location
{
    std::string dataFolder;
    bool found =
        false; ///< through a pointer file, not named by --data, SPILLWAY_DATA or default: tell the user
};

/// --data, $SPILLWAY_DATA or the user's default folder; where nothing runs on the default one, the folder of
/// the one server of this user that runs elsewhere. Conflict where several do.
[[nodiscard]] Result<Location> locate(const config::ParsedCommand& command);

/// Runs operations: through the admin API of the server that runs on the data folder, else on its catalog
/// with the folder's lock held. Main thread; needs a QCoreApplication.
class Backend
{
public:
    /// NotFound where no server runs and `mayCreate` is false and there is no catalog. Waits up to 3 s for a
    /// server that is starting, or another command, to be done with the folder's lock; then Busy.
    [[nodiscard]] static Result<Backend> open(const config::ParsedCommand& command, bool mayCreate);

    [[nodiscard]] Result<QJsonValue> run(std::string_view operation, const QJsonObject& parameters);
    [[nodiscard]] bool online() const { return client_.has_value(); }
    [[nodiscard]] const Location& location() const { return location_; }
    [[nodiscard]] std::int64_t serverPid() const { return serverPid_; }

private:
    explicit Backend(Location location) : location_(std::move(location)) {}
    [[nodiscard]] Result<void> openCatalog(const config::ParsedCommand& command, catalog::DataFolder folder);

    Location location_;
    std::optional<AdminClient> client_;
    std::int64_t serverPid_ = 0;
    // Without a server; in order of dependence.
    std::unique_ptr<catalog::DataFolder> folder_;
    std::unique_ptr<SystemClock> clock_;
    std::unique_ptr<catalog::Catalog> catalog_;
    std::unique_ptr<engine::Management> management_;
    std::unique_ptr<admin::AuditLog> audit_;
};

} // namespace spillway::app
