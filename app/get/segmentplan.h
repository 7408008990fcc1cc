// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/get/span.h"

#include <map>
#include <optional>

namespace spillway::get {

// Which connection fetches which bytes of a file of known size.
//
//     0                                                            size
//     |####|....3....|##########|....1.....|       |######|...2....|
//      done  active     done      active     hole   done    active
//
// Invariant: done bytes, active pieces and holes never overlap, and together they are the whole file. A piece
// is fetched from its start to its end, so what is done of it stays done when its connection breaks: the rest
// is a hole again. Connections are numbers below `connections`; each has at most one piece.
//
// How often a file is cut is bounded: holes and pieces together never exceed the larger of what the plan
// began with and `connections` (with fixed pieces: twice the connections more).

struct PlanOptions
{
    std::uint64_t size = 0;
    unsigned connections = 1;
    /// Adaptive pieces are not cut below this, and not below what the taker fetches in one second: an answer
    /// takes a while to begin, and a cut connection is lost for further requests.
    std::uint64_t smallest = 128U << 10;
    std::uint64_t largestSmallest = 8U << 20; ///< however fast the taker is
    std::uint64_t fixed = 0;                  ///< pieces of this size, none ever cut again; 0: adaptive
};

/// Pure; one thread.
class SegmentPlan
{
public:
    struct Piece
    {
        Span span;
        /// The piece was all that this connection still had: its request is to be ended.
        std::optional<unsigned> dropped;
    };

    /// `missing` is ordered (isOrdered); all of the file where nothing of it is here.
    SegmentPlan(PlanOptions options, std::vector<Span> missing);

    /// The next piece for `connection`, which has none: of the holes, the first; where all is under way, a
    /// part of the piece that would last longest, cut so that both end together, or the whole of a small one
    /// whose connection crawls. `speed` is what this connection may do, in bytes a second; 0: not known.
    [[nodiscard]] std::optional<Piece> take(unsigned connection, double speed);
    /// What the connection does now, in bytes a second; it begins with the `speed` it was given to take().
    void setSpeed(unsigned connection, double speed);
    /// How many connections may have a piece; lower than before: they keep what they have.
    void setConnections(unsigned connections) { options_.connections = connections; }

    /// The bytes that its connection has still to fetch; none where it has no piece.
    [[nodiscard]] std::optional<Span> rest(unsigned connection) const;
    /// The next `bytes` of the piece are there; not more than rest() has. A piece whose end is reached is
    /// gone.
    void advance(unsigned connection, std::uint64_t bytes);
    /// The connection fetches no more: what is left of its piece, if any, is a hole.
    void release(unsigned connection);

    /// Bytes that were there are a hole again: they were not the right ones. No connection has them now.
    void lose(Span span);

    [[nodiscard]] bool isComplete() const { return holes_.empty() && active_.empty(); }
    [[nodiscard]] std::uint64_t done() const;
    [[nodiscard]] std::size_t active() const { return active_.size(); }
    [[nodiscard]] bool hasHoles() const { return !holes_.empty(); }
    /// All that is not there yet: holes and rests of pieces, ordered.
    [[nodiscard]] std::vector<Span> missing() const;

private:
    struct Active
    {
        Span span;
        double speed = 0;
    };

    Span cutHole();
    std::optional<Piece> steal(unsigned connection, double speed);
    [[nodiscard]] double averageSpeed() const;

    PlanOptions options_;
    std::vector<Span> holes_; ///< ordered, but two may touch
    std::map<unsigned, Active> active_;
};

} // namespace spillway::get
