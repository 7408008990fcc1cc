// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/liveuse.h"

#include <QtNetwork/QHostAddress>
#include <cmath>

namespace spillway::ui {

namespace {

constexpr double kSmoothSeconds = 2.0;

double smoothed(double before, double now, double seconds)
{
    return before + (now - before) * (1 - std::exp(-seconds / kSmoothSeconds));
}

LiveUse::Sum& operator+=(LiveUse::Sum& sum, const LiveUse::Sum& more)
{
    sum.rate += more.rate;
    sum.running += more.running;
    sum.sent += more.sent;
    sum.total += more.total;
    return sum;
}

} // namespace

/// A sum keeps its place in memory while anything is added to it.
void LiveUse::begin(Known& known, const contract::Transfer& transfer, std::int64_t nowMs)
{
    const double age = static_cast<double>(nowMs - transfer.startedAtMs) / 1000;
    known.rate = age > 0.2 ? static_cast<double>(transfer.sent) / age : 0;
    known.startedAtMs = transfer.startedAtMs;
    known.sums = {&clients_[transfer.client], &links_[transfer.link],
                  transfer.share.isEmpty() ? nullptr : &shares_[transfer.share],
                  transfer.token.isEmpty() ? nullptr : &tokens_[transfer.token]};
}

void LiveUse::update(const contract::LiveSnapshot& snapshot)
{
    for (Sums* sums : {&shares_, &tokens_, &links_, &clients_})
        for (auto& [key, sum] : *sums)
            sum = {};
    known_.reserve(static_cast<qsizetype>(snapshot.running.transfers.size()));
    const double seconds = static_cast<double>(snapshot.atMs - atMs_) / 1000;
    const double weight = 1 - std::exp(-seconds / kSmoothSeconds);
    for (const contract::Transfer& transfer : snapshot.running.transfers) {
        Known& known = known_[transfer.id];
        // A connection's next answer has the same name.
        if (known.seenAtMs == 0 || known.startedAtMs + 50 < transfer.startedAtMs) {
            begin(known, transfer, snapshot.atMs);
        } else if (seconds > 0) {
            const double current = static_cast<double>(transfer.sent - known.sent) / seconds;
            known.rate += (std::max(0.0, current) - known.rate) * weight;
        }
        known.sent = transfer.sent;
        known.seenAtMs = snapshot.atMs;
        for (Sum* sum : known.sums)
            if (sum)
                *sum += {known.rate, 1, transfer.sent, transfer.total.value_or(0)};
    }
    if (known_.size() > static_cast<qsizetype>(snapshot.running.transfers.size()))
        known_.removeIf([&](const auto& one) { return one.value().seenAtMs != snapshot.atMs; });
    for (Sums* sums : {&shares_, &tokens_, &links_, &clients_})
        std::erase_if(*sums, [](const auto& one) { return one.second.running == 0; });
    atMs_ = snapshot.atMs;
    const double rate = seconds > 0 && seconds < 10 ? smoothed(server_.rate, snapshot.sentRate, seconds)
                                                    : snapshot.sentRate; // the first
    server_ = {};
    for (const auto& [client, sum] : clients_)
        server_ += sum;
    server_.rate = rate;
    server_.running += static_cast<int>(snapshot.running.omitted);
}

LiveUse::Sum LiveUse::of(contract::LimitLevel level, const QString& id) const
{
    using Level = contract::LimitLevel;
    if (level == Level::Server)
        return server_;
    if (level == Level::Connection)
        return {};
    const Sums& sums = level == Level::Share   ? shares_
                       : level == Level::Token ? tokens_
                       : level == Level::Link  ? links_
                                               : clients_;
    Sum all;
    if (id.isEmpty()) {
        for (const auto& [key, sum] : sums)
            if (!key.isEmpty())
                all += sum;
        return all;
    }
    if (level != Level::Ip || !id.contains(QLatin1Char('/'))) {
        const auto sum = sums.find(id);
        return sum == sums.end() ? all : sum->second;
    }
    const auto block = QHostAddress::parseSubnet(id);
    for (const auto& [client, sum] : sums)
        if (QHostAddress(client).isInSubnet(block))
            all += sum;
    return all;
}

} // namespace spillway::ui
