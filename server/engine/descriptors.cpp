// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/descriptors.h"

#include <algorithm>
#include <sys/resource.h>

namespace spillway::engine {

std::size_t raiseDescriptorLimit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1024;
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
        ::getrlimit(RLIMIT_NOFILE, &limit);
    }
    return static_cast<std::size_t>(limit.rlim_cur);
}

std::size_t connectionsFor(std::size_t descriptorLimit, std::size_t workers, std::size_t cacheEntries)
{
    // A quarter of the limit at most for cached files, 128 for databases, logs, pools, listeners; every
    // worker has three of its own. At least half of a small limit stays for clients: opens that fail then are
    // answered 503.
    const std::size_t files = std::min(workers * cacheEntries, descriptorLimit / 4);
    const std::size_t own = 128 + workers * 3 + files;
    return descriptorLimit > 2 * own ? descriptorLimit - own : std::max<std::size_t>(descriptorLimit / 2, 1);
}

} // namespace spillway::engine
