// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/arrival.h"

#include <algorithm>
#include <cstddef>
#include <linux/sockios.h>
#include <linux/tcp.h> // glibc's tcp_info ends before tcpi_bytes_acked
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace spillway::net {

namespace {

std::optional<std::uint64_t> acknowledgedBytes(int fd)
{
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
        size < offsetof(tcp_info, tcpi_bytes_acked) + sizeof info.tcpi_bytes_acked)
        return std::nullopt;
    return info.tcpi_bytes_acked;
}

std::uint64_t queuedBytes(int fd)
{
    int bytes = 0;
    return ::ioctl(fd, SIOCOUTQ, &bytes) == 0 ? static_cast<std::uint64_t>(std::max(bytes, 0)) : 0;
}

} // namespace

void Arrivals::wait(int fd, std::unique_ptr<ArrivalWatcher> watcher)
{
    // The queue first: an acknowledgement between the two calls then places the end too far, never too near.
    const std::uint64_t queued = queuedBytes(fd);
    const auto acknowledged = acknowledgedBytes(fd);
    if (!acknowledged || queued == 0) {
        watcher->arrived(queued);
        return;
    }
    if (waiting_.size() == kMax) {
        const Waiting oldest = std::move(waiting_.front());
        waiting_.erase(waiting_.begin());
        oldest.watcher->arrived(oldest.position - std::min(oldest.position, *acknowledged));
    }
    waiting_.push_back({*acknowledged + queued, std::move(watcher)});
}

bool Arrivals::check(int fd, bool last)
{
    if (waiting_.empty())
        return false;
    const std::uint64_t acknowledged = acknowledgedBytes(fd).value_or(0);
    std::size_t told = 0;
    while (told < waiting_.size() && (last || waiting_[told].position <= acknowledged)) {
        const Waiting& waiting = waiting_[told++];
        waiting.watcher->arrived(waiting.position - std::min(waiting.position, acknowledged));
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(told));
    return !waiting_.empty();
}

} // namespace spillway::net
