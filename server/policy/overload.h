// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::policy {

/// What is done about overload, each stage with all before it.
enum class OverloadStage : std::uint8_t
{
    None,
    NoListings,     ///< listings, ZIP and search are answered 503
    SampledLog,     ///< one of ten requests goes to the access log
    ShortKeepAlive, ///< idle connections are closed after 5 s, answers are the last on theirs
    NoConnections,  ///< a new connection is answered 503
    Count
};
[[nodiscard]] std::string_view stageName(OverloadStage stage); ///< "no-listings"

/// How busy the machine is, as of now. Percent may be more than 100.
struct OverloadSignals
{
    double cpu = 0;                         ///< of the workers' processor time
    double memory = 0;                      ///< of what the process may have
    double descriptors = 0;                 ///< of what the process may have
    std::chrono::milliseconds queueWait{0}; ///< of downloads in the waiting queue
    std::chrono::milliseconds delay{0};     ///< until a worker comes to what is posted to it
};

struct OverloadLimits
{
    bool enabled = true;
    double cpu = 95, memory = 95, descriptors = 95;
    std::chrono::milliseconds queueWait{10'000};
};

/// Turns signals into a stage, so that what costs most goes first and comes back last.
///
/// A signal is over its limit or not: it goes over at the limit and comes back below nine tenths of it. While
/// one is over, the stage rises by one for each kRise that passed; once none is, it falls by one for each
/// kFall; so no stage lasts shorter than kRise. A busy processor alone is no reason to turn people away: its
/// highest stage is SampledLog, until work waits for a worker as well. Pure; not for several threads at once.
class Overload
{
public:
    static constexpr std::chrono::seconds kRise{10};
    static constexpr std::chrono::seconds kFall{20};
    static constexpr std::chrono::milliseconds kDelay{250}; ///< from which on work waits for a worker

    void setLimits(const OverloadLimits& limits) { limits_ = limits; }
    /// To be called about once a second. The stage from now on.
    OverloadStage update(const OverloadSignals& signals, Monotonic now);

    [[nodiscard]] OverloadStage stage() const { return stage_; }
    /// Which signals are over, in words: "processor time 97 %, memory 96 %"; empty where none is.
    [[nodiscard]] std::string reason() const;

private:
    enum Signal : std::uint8_t
    {
        Cpu,
        Memory,
        Descriptors,
        QueueWait,
        SignalCount
    };

    OverloadLimits limits_;
    OverloadSignals last_;
    std::array<bool, SignalCount> over_{};
    OverloadStage stage_ = OverloadStage::None;
    bool rising_ = false;
    Monotonic since_{}; ///< when the stage, or the direction, was as it is
};

} // namespace spillway::policy
