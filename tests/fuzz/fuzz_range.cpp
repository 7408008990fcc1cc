// SPDX-License-Identifier: GPL-3.0-or-later
// Input: eight bytes of size, then the field. Whatever is asked, the ranges lie within the file and apart
// from each other, and the length of a multipart answer is the sum of its texts.
#include "check.h"
#include "server/http/multipart.h"
#include "server/http/range.h"

#include <cstring>

using namespace spillway::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::uint64_t fileSize = 0;
    if (size < sizeof fileSize)
        return 0;
    std::memcpy(&fileSize, data, sizeof fileSize);
    const std::string field(reinterpret_cast<const char*>(data) + sizeof fileSize, size - sizeof fileSize);
    fileSize >>= 1; // as file offsets go
    for (std::uint64_t total : {fileSize, fileSize % 1000}) {
        const RangeSet set = parseRange(field, total);
        check((set.outcome() == RangeSet::Outcome::Partial) == !set.ranges().empty(),
              "ranges where there are some");
        check(set.ranges().size() <= kMaxParts, "at most 64 parts");
        check(total > 0 || set.outcome() == RangeSet::Outcome::Whole, "an empty file is sent whole");
        check(set.totalLength() <= total, "not more than the file");
        const MultipartForm form{"boundary", "text/plain", total};
        std::uint64_t length = closingDelimiter(form.boundary).size();
        for (std::size_t i = 0; i < set.ranges().size(); ++i) {
            const ByteRange& a = set.ranges()[i];
            check(a.first <= a.last && a.last < total, "within the file");
            for (std::size_t j = 0; j < i; ++j) {
                const ByteRange& b = set.ranges()[j];
                check(a.first > b.last ? a.first - b.last > kPartHeadBytes
                                       : b.first > a.last && b.first - a.last > kPartHeadBytes,
                      "apart from each other");
            }
            length += partHead(form, a, i == 0 ? Part::First : Part::Later).size() + a.length();
        }
        check(set.ranges().empty() || length == multipartLength(form, set.ranges()), "the length is the sum");
    }
    return 0;
}
