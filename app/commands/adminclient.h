// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/operations.h"
#include "server/admin/runfile.h"

#include <chrono>

namespace spillway::app {

/// Calls the admin API of a server on this machine: one connection a call, blocking, never through a proxy.
///
/// Only http:// and a loopback address: the token leaves the machine for nobody. Errors: what the server
/// answered (its `code`), Unavailable where it cannot be reached or does not answer in time, Corrupt for an
/// answer that is none.
class AdminClient
{
public:
    AdminClient(admin::RunFile run, std::chrono::milliseconds timeout)
        : run_(std::move(run)), timeout_(timeout)
    {
    }

    [[nodiscard]] Result<QJsonValue> call(const admin::Operation& operation,
                                          const QJsonObject& parameters) const;

private:
    [[nodiscard]] Result<std::string> exchange(const std::string& request) const;

    admin::RunFile run_;
    std::chrono::milliseconds timeout_; ///< of one call, all in all
};

} // namespace spillway::app
