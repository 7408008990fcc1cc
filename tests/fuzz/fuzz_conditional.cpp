// SPDX-License-Identifier: GPL-3.0-or-later
// Input: one byte that picks fields and method, then a field's text. Dates that are read are written back the
// same; tags that are taken lie within the text; evaluation ends.
#include "check.h"
#include "server/http/conditional.h"
#include "server/http/httpdate.h"

#include <cstdint>

using namespace spillway::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    constexpr std::int64_t now = 1'795'500'000;
    const unsigned pick = data[0];
    const std::string owned(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::string_view text = owned;

    if (const auto date = parseHttpDate(text, now)) {
        char out[kHttpDateBytes];
        formatHttpDate(*date, out);
        check(parseHttpDate({out, sizeof out}, now) == date, "a date that is read is written back");
    }

    std::string_view rest = text;
    if (const auto tag = takeEntityTag(rest)) {
        check(tag->opaque.size() >= 2 && tag->opaque.front() == '"' && tag->opaque.back() == '"',
              "a tag has quotes");
        check(tag->opaque.size() + (tag->weak ? 2 : 0) + rest.size() == text.size(), "nothing is lost");
    } else {
        check(rest == text, "nothing was taken");
    }

    RequestHead head;
    head.method = (pick & 1U) != 0 ? Method::Get : Method::Put;
    if ((pick & 2U) != 0)
        head.ifMatch = text;
    if ((pick & 4U) != 0)
        head.ifNoneMatch = text;
    if ((pick & 8U) != 0)
        head.ifModifiedSince = text;
    if ((pick & 16U) != 0)
        head.ifUnmodifiedSince = text;
    const Validators validators{{"\"abc\"", (pick & 32U) != 0}, now - 1000};
    const Precondition answer = evaluate(head, validators, now);
    check(answer != Precondition::NotModified || head.method == Method::Get, "304 is for GET and HEAD");
    check((pick & 30U) != 0 || answer == Precondition::Proceed, "no condition, no objection");
    if (ifRangeHolds(text, validators, now))
        check(!validators.tag.weak || text.find('"') == std::string_view::npos, "a weak tag never holds");
    return 0;
}
