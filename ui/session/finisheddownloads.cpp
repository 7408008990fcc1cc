// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/finisheddownloads.h"

namespace spillway::ui {

namespace {

/// A last piece may go faster than those before it, and the kernel's buffer takes some at once.
constexpr double kHaste = 2;
constexpr double kBuffered = 4'000'000;

} // namespace

std::vector<contract::Transfer> FinishedDownloads::update(const contract::LiveSnapshot& snapshot)
{
    QHash<QString, Running> now;
    for (const contract::Transfer& transfer : snapshot.running.transfers) {
        if (!transfer.total || *transfer.total < kLeast)
            continue;
        Running running{transfer, snapshot.atMs, 0};
        // A connection's next answer has the same name and begins at another time.
        if (const auto before = running_.constFind(transfer.id);
            before != running_.cend() && before->transfer.startedAtMs == transfer.startedAtMs) {
            const auto passed =
                static_cast<double>(std::max<std::int64_t>(1, snapshot.atMs - before->seenAtMs));
            running.rate = std::max(before->rate / 2,
                                    static_cast<double>(transfer.sent - before->transfer.sent) / passed);
        }
        now.insert(transfer.id, running);
    }
    std::vector<contract::Transfer> finished;
    for (const Running& before : std::as_const(running_)) {
        const auto still = now.constFind(before.transfer.id);
        if (still != now.cend() && still->transfer.startedAtMs == before.transfer.startedAtMs)
            continue;
        const auto passed = static_cast<double>(snapshot.atMs - before.seenAtMs);
        const double reach =
            static_cast<double>(before.transfer.sent) + kBuffered + before.rate * kHaste * passed;
        if (reach >= static_cast<double>(*before.transfer.total))
            finished.push_back(before.transfer);
    }
    running_ = std::move(now);
    return finished;
}

} // namespace spillway::ui
