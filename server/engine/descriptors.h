// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/settings.h"

#include <cstddef>

namespace spillway::engine {

/// Raises the soft limit of open files to the hard one and returns it.
std::size_t raiseDescriptorLimit();

/// How many connections fit: the limit of open files less what files, sockets and databases of ours may need.
/// `cacheEntries`: open files kept by each worker.
[[nodiscard]] std::size_t connectionsFor(std::size_t descriptorLimit, std::size_t workers,
                                         std::size_t cacheEntries);

/// A limit of open files under which connectionsFor() gives at least `connections`.
[[nodiscard]] std::size_t descriptorsFor(std::size_t connections, std::size_t workers,
                                         std::size_t cacheEntries);

/// The workers that the settings ask for: one per processor core where they name no number.
[[nodiscard]] std::size_t workerCount(const config::Settings& settings);

/// What `http.max_connections` becomes under a limit of open files: never more than fit, or clients would
/// take the descriptors that answering them needs.
struct ConnectionBound
{
    std::size_t connections = 0;
    std::size_t asked = 0;    ///< the setting, where it is more than that; else 0
    std::size_t limitFor = 0; ///< the limit of open files that `asked` needs
};
[[nodiscard]] ConnectionBound connectionBound(const config::Settings& settings, std::size_t descriptorLimit);

} // namespace spillway::engine
