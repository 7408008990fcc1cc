// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/observe/health.h"

#include <string_view>

namespace spillway::engine {

/// How near a mode's rule is to holding: what it looks at, as of the last second, and from where on it
/// counts.
struct LoadGauge
{
    observe::Mode mode = observe::Mode::Saving;
    std::string_view name; ///< "cpu", "memory", "descriptors", "queue_wait", "disk_free"
    std::string_view unit; ///< "percent", "milliseconds", "bytes"
    double value = 0;
    double limit = 0;
    bool below = false; ///< the rule holds below the limit, not above
};

} // namespace spillway::engine
