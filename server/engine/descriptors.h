// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace spillway::engine {

/// Raises the soft limit of open files to the hard one and returns it.
std::size_t raiseDescriptorLimit();

/// How many connections fit: the limit of open files less what files, sockets and databases of ours may need.
/// `cacheEntries`: open files kept by each worker.
[[nodiscard]] std::size_t connectionsFor(std::size_t descriptorLimit, std::size_t workers,
                                         std::size_t cacheEntries);

} // namespace spillway::engine
