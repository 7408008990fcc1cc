// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/units.h"
#include "server/net/pacer.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace spillway::policy {

/// A rate that several transfers share, whichever workers they are on: a token bucket kept as one number, the
/// time at which the bytes granted so far will have been paid for (the virtual scheduling form of GCRA, ITU-T
/// I.371). No lock.
///
///     now          paidUntil                grant while paidUntil < now + burst; each byte moves paidUntil
///     by 1/rate
///      |─────────────|────────► time
///
/// The burst is 50 ms' worth, for the workers' timers are late by up to 20 ms; at least 16 KiB.
class Bandwidth final : public net::Pacer
{
public:
    /// `rate` > 0.
    explicit Bandwidth(BytesPerSecond rate);

    [[nodiscard]] Grant take(std::uint64_t wanted, Monotonic now) override;
    void giveBack(std::uint64_t bytes) override;

    [[nodiscard]] BytesPerSecond rate() const noexcept { return rate_; }

private:
    [[nodiscard]] std::int64_t nanosecondsFor(std::uint64_t bytes) const noexcept;

    const BytesPerSecond rate_;
    const std::int64_t burst_;               ///< in ns of rate_
    std::atomic<std::int64_t> paidUntil_{0}; ///< ns since the clock's epoch
};

/// The limits in use, by name: all who ask for one name while any of them holds it get the same. Any thread.
/// As many entries as limited transfers, so the bound on connections bounds it; what nobody holds is swept
/// out as it grows.
class BandwidthTable
{
public:
    [[nodiscard]] std::shared_ptr<Bandwidth> get(std::string_view name, BytesPerSecond rate);
    [[nodiscard]] std::size_t size() const;

private:
    mutable std::mutex mutex_; ///< guards the two below
    std::unordered_map<std::string, std::weak_ptr<Bandwidth>> limits_;
    std::size_t sweepAt_ = 64;
};

} // namespace spillway::policy
