// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/requesthead.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace spillway::http {

/// An entity tag (RFC 9110 §8.8.3). `opaque` has its quotes: W/"x" is {"\"x\"", true}.
struct EntityTag
{
    std::string_view opaque;
    bool weak = false;
    friend bool operator==(const EntityTag&, const EntityTag&) = default;
};

/// Takes one tag off the front of `text`; none, and `text` as it was, where none stands there.
[[nodiscard]] std::optional<EntityTag> takeEntityTag(std::string_view& text);

/// RFC 9110 §8.8.3.2.
[[nodiscard]] constexpr bool strongMatch(const EntityTag& a, const EntityTag& b)
{
    return !a.weak && !b.weak && a.opaque == b.opaque;
}
[[nodiscard]] constexpr bool weakMatch(const EntityTag& a, const EntityTag& b)
{
    return a.opaque == b.opaque;
}

/// What the selected representation has to compare with. It exists: for one that does not, answer 404 first.
struct Validators
{
    EntityTag tag;                            ///< empty opaque: it has none
    std::optional<std::int64_t> lastModified; ///< as Last-Modified says it: whole seconds since 1970
};

enum class Precondition : std::uint8_t
{
    Proceed,
    NotModified, ///< 304
    Failed,      ///< 412
};

/// The conditional fields but for If-Range, in the order of RFC 9110 §13.2.2. `now`, seconds since 1970, is
/// needed for dates with two-digit years. A list is matched up to the first thing in it that is no tag; a
/// field that is no date is as if it were not there (§13.1.3, §13.1.4).
[[nodiscard]] Precondition evaluate(const RequestHead& head, const Validators& validators, std::int64_t now);

/// Whether Range counts, by If-Range (RFC 9110 §13.1.5): true where the field is absent (null), or is the
/// strong tag, or is exactly the Last-Modified date and that date is a strong validator. We hold it to be one
/// from one second after it on (§8.8.2.2, RFC 7232's 60 seconds became one there): before, the file may
/// change again within the same second.
[[nodiscard]] bool ifRangeHolds(std::string_view ifRange, const Validators& validators, std::int64_t now);

} // namespace spillway::http
