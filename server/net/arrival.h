// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace spillway::net {

/// Told once what became of bytes that were sent. Worker thread only.
class ArrivalWatcher
{
public:
    virtual ~ArrivalWatcher() = default;
    /// How many of the last bytes the client's system has not acknowledged: 0, or, where the connection ended
    /// before, what was missing then.
    virtual void arrived(std::uint64_t missing) = 0;
};

/// What of one connection's stream somebody waits for. Exists only while somebody does.
///
/// The kernel's own count of acknowledged bytes (tcp_info) places each wait in the stream, so answers that
/// follow on the same connection do not disturb it. With TLS those are the encrypted bytes, which are more
/// than what they hold: what is reported missing is then too much, never too little.
class Arrivals
{
public:
    /// For all that the socket was given so far. At once where the kernel cannot be asked. At most kMax wait;
    /// over it the oldest is told as it stands.
    void wait(int fd, std::unique_ptr<ArrivalWatcher> watcher);
    /// Tells those whose bytes are there; with `last` all. True while some still wait.
    bool check(int fd, bool last);

    static constexpr std::size_t kMax = 8;

private:
    struct Waiting
    {
        std::uint64_t position = 0; ///< in the stream, of the byte after the last
        std::unique_ptr<ArrivalWatcher> watcher;
    };
    std::vector<Waiting> waiting_;
};

} // namespace spillway::net
