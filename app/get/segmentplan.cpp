// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/segmentplan.h"

#include <algorithm>

namespace spillway::get {

namespace {

constexpr std::uint64_t kAlignment = 64U << 10;
/// A small rest is taken over only from a connection that needs this much longer, in seconds, than twice what
/// the taker needs: the new request has to begin first.
constexpr double kTakeOverGain = 2;

std::uint64_t alignedUp(std::uint64_t bytes)
{
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

std::vector<Span> ordered(std::vector<Span> spans)
{
    std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.first < b.first; });
    std::vector<Span> joined;
    for (const Span& span : spans) {
        if (!joined.empty() && joined.back().end == span.first)
            joined.back().end = span.end;
        else
            joined.push_back(span);
    }
    return joined;
}

} // namespace

SegmentPlan::SegmentPlan(PlanOptions options, std::vector<Span> missing)
    : options_(options), holes_(std::move(missing))
{
}

Span SegmentPlan::cutHole()
{
    Span& hole = holes_.front();
    std::uint64_t length = hole.length();
    if (options_.fixed > 0) {
        // On the grid, so that an interrupted piece is not followed by others that are off it.
        length = std::min(length, options_.fixed - hole.first % options_.fixed);
    } else {
        const std::size_t idle =
            options_.connections > active_.size() ? options_.connections - active_.size() : 1;
        if (holes_.size() < idle) {
            const std::uint64_t share =
                std::max(options_.smallest, alignedUp((totalLength(holes_) + idle - 1) / idle));
            if (length >= share + options_.smallest)
                length = share;
        }
    }
    const Span piece{hole.first, hole.first + length};
    hole.first = piece.end;
    if (hole.first == hole.end)
        holes_.erase(holes_.begin());
    return piece;
}

std::optional<SegmentPlan::Piece> SegmentPlan::take(unsigned connection, double speed)
{
    if (active_.contains(connection) || active_.size() >= options_.connections)
        return std::nullopt;
    std::optional<Piece> piece;
    if (!holes_.empty())
        piece = Piece{cutHole(), std::nullopt};
    else if (options_.fixed == 0)
        piece = steal(connection, speed);
    if (piece)
        active_[connection] = Active{piece->span, speed};
    return piece;
}

double SegmentPlan::averageSpeed() const
{
    double sum = 0;
    for (const auto& [connection, piece] : active_)
        sum += piece.speed;
    return active_.empty() ? 0 : sum / static_cast<double>(active_.size());
}

std::optional<SegmentPlan::Piece> SegmentPlan::steal(unsigned connection, double speed)
{
    const double mine = std::max(speed > 0 ? speed : averageSpeed(), 1.0);
    const auto secondsLeft = [](const Active& piece) {
        return static_cast<double>(piece.span.length()) / std::max(piece.speed, 1.0);
    };
    const auto found = std::max_element(active_.begin(), active_.end(), [&](const auto& a, const auto& b) {
        return secondsLeft(a.second) < secondsLeft(b.second);
    });
    if (found == active_.end() || found->first == connection)
        return std::nullopt;
    Active& victim = found->second;
    const std::uint64_t length = victim.span.length();
    const std::uint64_t smallest =
        std::clamp(static_cast<std::uint64_t>(std::min(mine, 1e15)), options_.smallest,
                   std::max(options_.smallest, options_.largestSmallest));
    // A slow one would end later with the least it may take than the other with all of it.
    if (static_cast<double>(smallest) / mine > secondsLeft(victim))
        return std::nullopt;
    if (length / 2 >= smallest) {
        const double part = std::max(victim.speed, 0.0) / (std::max(victim.speed, 0.0) + mine);
        const auto wanted = static_cast<std::uint64_t>(static_cast<double>(length) * part);
        const std::uint64_t kept = std::clamp(alignedUp(wanted), smallest, length - smallest);
        const Span taken{victim.span.first + kept, victim.span.end};
        victim.span.end = taken.first;
        return Piece{taken, std::nullopt};
    }
    if (secondsLeft(victim) <= kTakeOverGain + 2 * static_cast<double>(length) / mine)
        return std::nullopt;
    const Piece whole{victim.span, found->first};
    active_.erase(found);
    return whole;
}

void SegmentPlan::setSpeed(unsigned connection, double speed)
{
    if (const auto found = active_.find(connection); found != active_.end())
        found->second.speed = speed;
}

std::optional<Span> SegmentPlan::rest(unsigned connection) const
{
    const auto found = active_.find(connection);
    return found == active_.end() ? std::nullopt : std::optional(found->second.span);
}

void SegmentPlan::advance(unsigned connection, std::uint64_t bytes)
{
    const auto found = active_.find(connection);
    if (found == active_.end())
        return;
    Span& span = found->second.span;
    span.first += std::min(bytes, span.length());
    if (span.first == span.end)
        active_.erase(found);
}

void SegmentPlan::release(unsigned connection)
{
    const auto found = active_.find(connection);
    if (found == active_.end())
        return;
    holes_.push_back(found->second.span);
    holes_ = ordered(std::move(holes_));
    active_.erase(found);
}

void SegmentPlan::lose(Span span)
{
    if (span.length() == 0)
        return;
    holes_.push_back(span);
    holes_ = ordered(std::move(holes_));
}

std::uint64_t SegmentPlan::done() const
{
    std::uint64_t left = totalLength(holes_);
    for (const auto& [connection, piece] : active_)
        left += piece.span.length();
    return options_.size - left;
}

std::vector<Span> SegmentPlan::missing() const
{
    std::vector<Span> spans = holes_;
    for (const auto& [connection, piece] : active_)
        spans.push_back(piece.span);
    return ordered(std::move(spans));
}

} // namespace spillway::get
