// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/conditional.h"

#include "server/http/chars.h"
#include "server/http/httpdate.h"

namespace spillway::http {

namespace {

bool listMatches(std::string_view list, const EntityTag& tag,
                 bool (*match)(const EntityTag&, const EntityTag&))
{
    if (list == "*")
        return true;
    if (tag.opaque.empty())
        return false;
    for (;;) {
        while (!list.empty() && (chars::isBlank(list.front()) || list.front() == ','))
            list.remove_prefix(1);
        const auto candidate = takeEntityTag(list);
        if (!candidate)
            return false;
        if (match(*candidate, tag))
            return true;
        list = chars::trim(list);
        if (!list.starts_with(','))
            return false;
    }
}

} // namespace

std::optional<EntityTag> takeEntityTag(std::string_view& text)
{
    EntityTag tag;
    tag.weak = text.starts_with("W/"); // "W" has case (RFC 9110 §8.8.3)
    const std::string_view quoted = text.substr(tag.weak ? 2 : 0);
    if (!quoted.starts_with('"'))
        return std::nullopt;
    std::size_t end = 1;
    while (end < quoted.size() && chars::is(quoted[end], chars::EtagChar))
        ++end;
    if (end == quoted.size() || quoted[end] != '"')
        return std::nullopt;
    tag.opaque = quoted.substr(0, end + 1);
    text = quoted.substr(end + 1);
    return tag;
}

Precondition evaluate(const RequestHead& head, const Validators& validators, std::int64_t now)
{
    const bool reads = head.method == Method::Get || head.method == Method::Head;
    // 1 and 2: does the client still mean the representation that we have?
    if (head.ifMatch.data() != nullptr) {
        if (!listMatches(head.ifMatch, validators.tag, strongMatch))
            return Precondition::Failed;
    } else if (head.ifUnmodifiedSince.data() != nullptr && validators.lastModified) {
        const auto date = parseHttpDate(head.ifUnmodifiedSince, now);
        if (date && *validators.lastModified > *date)
            return Precondition::Failed;
    }
    // 3 and 4: has the client got it already?
    if (head.ifNoneMatch.data() != nullptr) {
        if (listMatches(head.ifNoneMatch, validators.tag, weakMatch))
            return reads ? Precondition::NotModified : Precondition::Failed;
    } else if (reads && head.ifModifiedSince.data() != nullptr && validators.lastModified) {
        const auto date = parseHttpDate(head.ifModifiedSince, now);
        if (date && *validators.lastModified <= *date)
            return Precondition::NotModified;
    }
    return Precondition::Proceed;
}

bool ifRangeHolds(std::string_view ifRange, const Validators& validators, std::int64_t now)
{
    if (ifRange.data() == nullptr)
        return true;
    if (ifRange.starts_with('"') || ifRange.starts_with("W/")) {
        const auto tag = takeEntityTag(ifRange);
        return tag && ifRange.empty() && !validators.tag.opaque.empty() && strongMatch(*tag, validators.tag);
    }
    const auto date = parseHttpDate(ifRange, now);
    return date && validators.lastModified && *date == *validators.lastModified && *date < now;
}

} // namespace spillway::http
