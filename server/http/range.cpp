// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/range.h"

#include "server/http/chars.h"

#include <algorithm>
#include <limits>

namespace spillway::http {

namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

/// Takes 1*DIGIT off the front; false where there is none. Saturates.
bool takeNumber(std::string_view& text, std::uint64_t& number)
{
    if (text.empty() || !chars::is(text.front(), chars::Digit))
        return false;
    number = 0;
    while (!text.empty() && chars::is(text.front(), chars::Digit)) {
        const auto digit = static_cast<std::uint64_t>(text.front() - '0');
        number = number > (kMost - digit) / 10 ? kMost : number * 10 + digit;
        text.remove_prefix(1);
    }
    return true;
}

enum class Spec : std::uint8_t
{
    Malformed,
    Unsatisfiable,
    Good
};

/// int-range or suffix-range (RFC 9110 §14.1.1), for a representation that is not empty.
Spec parseSpec(std::string_view spec, std::uint64_t size, ByteRange& range)
{
    std::uint64_t first = 0;
    std::uint64_t last = kMost;
    if (spec.starts_with('-')) {
        std::uint64_t suffix = 0;
        spec.remove_prefix(1);
        if (!takeNumber(spec, suffix) || !spec.empty())
            return Spec::Malformed;
        if (suffix == 0)
            return Spec::Unsatisfiable;
        range = {suffix >= size ? 0 : size - suffix, size - 1};
        return Spec::Good;
    }
    if (!takeNumber(spec, first) || !spec.starts_with('-'))
        return Spec::Malformed;
    spec.remove_prefix(1);
    if (!spec.empty() && (!takeNumber(spec, last) || !spec.empty() || last < first))
        return Spec::Malformed;
    if (first >= size)
        return Spec::Unsatisfiable;
    range = {first, std::min(last, size - 1)};
    return Spec::Good;
}

bool overlap(const ByteRange& a, const ByteRange& b)
{
    return a.first <= b.last && b.first <= a.last;
}

/// Overlapping, adjacent, or with a gap smaller than a part head.
bool near(const ByteRange& a, const ByteRange& b)
{
    if (overlap(a, b))
        return true;
    const std::uint64_t gap = a.last < b.first ? b.first - a.last - 1 : a.first - b.last - 1;
    return gap < kPartHeadBytes;
}

} // namespace

std::uint64_t RangeSet::totalLength() const
{
    std::uint64_t total = 0;
    for (const ByteRange& range : ranges())
        total += range.length();
    return total;
}

// Invariant: no two ranges are near each other. A new one may bridge several; what it grows to is no nearer
// to the rest than its parts were, so one pass is enough.
bool RangeSet::add(ByteRange range)
{
    const ByteRange asked = range;
    bool overlapping = false;
    std::size_t place = count_;
    for (std::size_t i = 0; i < count_;) {
        overlapping = overlapping || overlap(ranges_[i], asked);
        if (!near(ranges_[i], range)) {
            ++i;
            continue;
        }
        range = {std::min(range.first, ranges_[i].first), std::max(range.last, ranges_[i].last)};
        place = std::min(place, i);
        std::copy(ranges_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                  ranges_.begin() + static_cast<std::ptrdiff_t>(count_),
                  ranges_.begin() + static_cast<std::ptrdiff_t>(i));
        --count_;
    }
    place = std::min(place, count_);
    std::copy_backward(ranges_.begin() + static_cast<std::ptrdiff_t>(place),
                       ranges_.begin() + static_cast<std::ptrdiff_t>(count_),
                       ranges_.begin() + static_cast<std::ptrdiff_t>(count_) + 1);
    ranges_[place] = range;
    ++count_;
    return overlapping;
}

RangeSet parseRange(std::string_view field, std::uint64_t size)
{
    RangeSet set;
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos || !chars::equalsLower(field.substr(0, equals), "bytes"))
        return set;
    std::string_view rest = field.substr(equals + 1);
    std::string_view member;
    std::size_t specs = 0;
    std::size_t overlapping = 0;
    while (chars::nextMember(rest, member)) {
        ByteRange range;
        // Of an empty representation only the syntax counts, and that to no effect: see the header.
        const Spec spec = parseSpec(member, std::max<std::uint64_t>(size, 1), range);
        if (spec == Spec::Malformed || ++specs > kMaxRangeSpecs)
            return RangeSet();
        if (spec == Spec::Unsatisfiable)
            continue;
        if (set.add(range))
            ++overlapping;
        if (set.count_ > kMaxParts || overlapping > 2)
            return RangeSet();
    }
    if (specs == 0 || size == 0)
        return RangeSet();
    set.outcome_ = set.count_ == 0 ? RangeSet::Outcome::Unsatisfiable : RangeSet::Outcome::Partial;
    return set;
}

} // namespace spillway::http
