// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/uniquefd.h"
#include "server/net/listensocket.h"

#include <optional>
#include <sys/types.h>

namespace spillway::net {

/// A claim tells the other processes of this user that an address and port are not to be shared. The kernel
/// cannot: a process's own workers make a SO_REUSEPORT group, which any process of the same user may join.
///
/// It is a socket with an abstract name (unix(7)), so it lives in the same network namespace as the port,
/// needs no folder that all processes see, and ends with its process. Who claims does so before binding the
/// port, who joins looks after binding it: whichever comes first, a claimed port is not joined. Another user
/// can take the name first, and with that the claim, but never the port.

/// Held as long as the descriptor is open. Empty where somebody has the name already. Any thread.
[[nodiscard]] UniqueFd claimPort(const ListenAddress& address);

/// The process of this user that claims what `address` would take clients from: that address, or all
/// addresses of its family. 0 where its number cannot be told.
[[nodiscard]] std::optional<pid_t> portClaimedBy(const ListenAddress& address);

} // namespace spillway::net
