// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/descriptors.h"

#include <algorithm>
#include <sys/resource.h>
#include <thread>

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

namespace {

/// 128 for databases, logs, pools, listeners; every worker has three of its own.
std::size_t ownDescriptors(std::size_t workers, std::size_t cachedFiles)
{
    return 128 + workers * 3 + cachedFiles;
}

} // namespace

std::size_t connectionsFor(std::size_t descriptorLimit, std::size_t workers, std::size_t cacheEntries)
{
    // A quarter of the limit at most for cached files. At least half of a small limit stays for clients:
    // opens that fail then are answered 503.
    const std::size_t own = ownDescriptors(workers, std::min(workers * cacheEntries, descriptorLimit / 4));
    return descriptorLimit > 2 * own ? descriptorLimit - own : std::max<std::size_t>(descriptorLimit / 2, 1);
}

std::size_t descriptorsFor(std::size_t connections, std::size_t workers, std::size_t cacheEntries)
{
    return connections + ownDescriptors(workers, workers * cacheEntries);
}

std::size_t workerCount(const config::Settings& settings)
{
    const auto wanted = settings.get<"workers">();
    return wanted > 0 ? static_cast<std::size_t>(wanted) : std::max(1U, std::thread::hardware_concurrency());
}

ConnectionBound connectionBound(const config::Settings& settings, std::size_t descriptorLimit)
{
    const auto asked = static_cast<std::size_t>(settings.get<"http.max_connections">());
    const auto entries = static_cast<std::size_t>(settings.get<"cache.entries">());
    const std::size_t workers = workerCount(settings);
    const std::size_t fit = connectionsFor(descriptorLimit, workers, entries);
    if (asked == 0)
        return {fit, 0, 0};
    if (asked <= fit)
        return {asked, 0, 0};
    return {fit, asked, descriptorsFor(asked, workers, entries)};
}

} // namespace spillway::engine
