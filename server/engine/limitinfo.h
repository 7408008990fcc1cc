// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/policy/limit.h"

#include <string>
#include <string_view>
#include <vector>

namespace spillway::engine {

/// A row of limits as people name it.
struct LimitInfo
{
    policy::LimitLevel level = policy::LimitLevel::Server;
    std::string id; ///< share name, token or link id, address or block; empty: the level's default
    policy::LimitFields fields;
};

/// One field and its new value as people write it ("20/s", "8MiB/s", "none" to take it away).
struct LimitChange
{
    std::string field;
    std::string value;
};

/// The fields by name, in the order in which they are shown: requests, burst, bandwidth, connections,
/// downloads, queue, wait, priority.
[[nodiscard]] const std::vector<std::string_view>& limitFieldNames();
/// InvalidArgument for a field that is not known or a value that does not fit it.
[[nodiscard]] Result<void> changeLimit(policy::LimitFields& fields, const LimitChange& change);
/// As changeLimit() would read it back; empty where it is not set.
[[nodiscard]] std::string limitFieldText(const policy::LimitFields& fields, std::string_view field);

} // namespace spillway::engine
