// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/base/result.h"

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::admin {

/// How a console elsewhere is let in for the first time: an invite is a code that is good once and for a
/// short time, and that a console changes for a token of its own. The codes are in memory alone, as digests;
/// they end with the server.
///
/// Any thread. At most kMost invites wait; the oldest goes.
class ConsoleDoor
{
public:
    static constexpr std::size_t kMost = 16;
    static constexpr std::chrono::minutes kUsual{10};
    static constexpr std::chrono::hours kLongest{24};

    explicit ConsoleDoor(const Clock& clock) : clock_(clock) {}

    /// Where consoles reach the admin API, and its certificate; told by AdminServer. `host` is empty where
    /// nobody elsewhere can.
    struct Address
    {
        std::string host;
        std::uint16_t port = 0;
        std::string fingerprint; ///< "AB:CD:…"
    };
    void setAddress(Address address);
    [[nodiscard]] Address address() const;

    [[nodiscard]] Result<std::string> invite(std::chrono::seconds lasts);
    [[nodiscard]] bool knows(std::string_view code) const;
    /// True once for a code that is good; it is good no more.
    [[nodiscard]] bool take(std::string_view code);

private:
    struct Invite
    {
        std::string digest;
        Monotonic until;
    };
    [[nodiscard]] std::vector<Invite>::const_iterator find(std::string_view code) const;

    const Clock& clock_;
    mutable std::mutex mutex_; ///< guards both
    Address address_;
    std::vector<Invite> invites_; ///< oldest first
};

} // namespace spillway::admin
