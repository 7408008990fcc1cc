// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/net/peeraddress.h"

#include <mutex>
#include <optional>

namespace spillway::net {

/// The last connection that another machine made: the one proof that this one can be reached. What a firewall
/// keeps out never gets here, so its absence says nothing but "not yet". Thread-safe.
class OutsideContact
{
public:
    struct Contact
    {
        PeerAddress peer;
        WallTime at{};
    };

    void note(const PeerAddress& peer, WallTime at)
    {
        const std::lock_guard lock(mutex_);
        last_ = Contact{peer, at};
    }
    [[nodiscard]] std::optional<Contact> last() const
    {
        const std::lock_guard lock(mutex_);
        return last_;
    }

private:
    mutable std::mutex mutex_; ///< guards last_
    std::optional<Contact> last_;
};

/// Whether the other end of this connection is on this machine: over loopback, or over an address of the
/// machine's own, which both ends then have. A reverse proxy on this machine is on this machine.
[[nodiscard]] bool isFromThisMachine(int fd, const PeerAddress& peer) noexcept;

} // namespace spillway::net
