// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/records.h"
#include "server/policy/limitset.h"

#include <memory>

namespace spillway::engine {

/// The rows of the catalog as the snapshot that is in force. A row whose subject cannot be read (written by
/// hand) is passed over.
[[nodiscard]] std::shared_ptr<const policy::LimitSet> limitSet(const std::vector<catalog::Limit>& rows);

} // namespace spillway::engine
