// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/overload.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace spillway::policy {

namespace {

constexpr double kLeave = 0.9; ///< of the limit

OverloadStage next(OverloadStage stage, int step)
{
    return static_cast<OverloadStage>(static_cast<int>(stage) + step);
}

} // namespace

std::string_view stageName(OverloadStage stage)
{
    constexpr std::array<std::string_view, static_cast<std::size_t>(OverloadStage::Count)> names{
        "none", "no-listings", "sampled-log", "short-keep-alive", "no-connections"};
    return names[std::min(static_cast<std::size_t>(stage), names.size() - 1)];
}

OverloadStage Overload::update(const OverloadSignals& signals, Monotonic now)
{
    last_ = signals;
    const auto judge = [this](Signal signal, double value, double limit) {
        over_[signal] = value >= (over_[signal] ? limit * kLeave : limit);
    };
    judge(Cpu, signals.cpu, limits_.cpu);
    judge(Memory, signals.memory, limits_.memory);
    judge(Descriptors, signals.descriptors, limits_.descriptors);
    judge(QueueWait, static_cast<double>(signals.queueWait.count()),
          static_cast<double>(limits_.queueWait.count()));
    if (!limits_.enabled)
        over_ = {};

    const bool anyOver = std::find(over_.begin(), over_.end(), true) != over_.end();
    const bool onlyCpu = over_[Cpu] && !over_[Memory] && !over_[Descriptors] && !over_[QueueWait];
    const OverloadStage highest =
        onlyCpu && signals.delay < kDelay ? OverloadStage::SampledLog : OverloadStage::NoConnections;
    if (!limits_.enabled) {
        stage_ = OverloadStage::None;
    } else if (anyOver && stage_ <= highest) {
        if (!std::exchange(rising_, true))
            since_ = now;
        if (stage_ < highest && now - since_ >= kRise) {
            stage_ = next(stage_, 1);
            since_ = now;
        }
    } else {
        if (std::exchange(rising_, false))
            since_ = now;
        if (stage_ != OverloadStage::None && now - since_ >= kFall) {
            stage_ = next(stage_, -1);
            since_ = now;
        }
    }
    return stage_;
}

std::string Overload::reason() const
{
    std::string text;
    const auto add = [&](Signal signal, std::string_view name, double value, std::string_view unit) {
        if (!over_[signal])
            return;
        text.append(text.empty() ? "" : ", ").append(name).append(" ");
        text.append(std::to_string(std::llround(value))).append(unit);
    };
    add(Cpu, "processor time", last_.cpu, " %");
    add(Memory, "memory", last_.memory, " %");
    add(Descriptors, "open files", last_.descriptors, " %");
    add(QueueWait, "waiting time", static_cast<double>(last_.queueWait.count()) / 1000, " s");
    return text;
}

} // namespace spillway::policy
