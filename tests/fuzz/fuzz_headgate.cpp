// SPDX-License-Identifier: GPL-3.0-or-later
// What llhttp (strict) refuses or reads in another way, the head gate refuses; and how the bytes are cut
// makes no difference. The input's first byte decides the cuts, the rest are the bytes of a connection.
#include "check.h"
#include "llhttpjudge.h"
#include "server/http/headgate.h"

#include <algorithm>
#include <cstdint>
#include <vector>

using namespace spillway::http;
using Outcome = GateResult::Outcome;

namespace {

/// Every view of a head must lie in memory that lives: asan looks while we add the bytes up.
std::size_t touch(const RequestHead& head)
{
    std::size_t sum = 0;
    for (std::string_view view :
         {head.methodToken, head.rawTarget, head.rawPath, head.rawQuery, head.path, head.host, head.range,
          head.ifRange, head.ifMatch, head.ifNoneMatch, head.accept, head.acceptLanguage, head.cookie,
          head.forwarded, head.xForwardedFor, head.xForwardedProto, head.wantReprDigest})
        for (char c : view)
            sum += static_cast<unsigned char>(c);
    return sum;
}

void checkAccepted(const RequestHead& head)
{
    check(head.size > 0, "a head has bytes");
    check(!head.rawTarget.empty(), "a head has a target");
    check(head.path.find('\0') == std::string_view::npos, "no NUL in the path");
    check(head.path == "*" || head.path.front() == '/', "the path is absolute");
    check(head.path.find("/../") == std::string_view::npos && !head.path.ends_with("/.."), "no dot segments");
    check(std::count(head.path.begin(), head.path.end(), '/') ==
              std::count(head.rawPath.begin(), head.rawPath.end(), '/'),
          "decoding adds no segment");
    check(!(head.contentLength && head.chunkedBody), "one framing");
    check(head.minorVersion == 0 || head.host.data() != nullptr, "HTTP/1.1 has a host");
    for (const HeaderField& field : head.fields)
        for (char c : field.value)
            check(c != '\r' && c != '\n' && c != '\0', "no line end in a value");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    static HeadGate gate({.headBytes = 2048, .targetBytes = 512, .fields = 20});
    static HeadGate other({.headBytes = 2048, .targetBytes = 512, .fields = 20});
    const std::size_t step = data[0] % 31U + 1;
    const std::vector<char> bytes(data + 1, data + size); // its own memory: asan sees a read beyond it

    RequestHead whole;
    std::size_t resumeAt = 0;
    const GateResult first = gate.parse({bytes.data(), bytes.size()}, resumeAt, whole);
    if (first.outcome == Outcome::Accepted) {
        check(whole.size <= bytes.size(), "a head lies within the bytes");
        checkAccepted(whole);
        touch(whole);
        const std::string difference = disagreement({bytes.data(), bytes.size()}, whole);
        check(difference.empty(), difference);
    }

    RequestHead pieced;
    GateResult last;
    resumeAt = 0;
    std::size_t end = 0;
    std::vector<char> buffer;
    while (end < bytes.size() && last.outcome == Outcome::NeedMore) {
        end = std::min(end + step, bytes.size());
        buffer.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(end));
        buffer.shrink_to_fit();
        last = other.parse({buffer.data(), end}, resumeAt, pieced);
    }
    check(last.outcome == first.outcome && last.status == first.status, "cutting does not change the answer");
    if (last.outcome == Outcome::Accepted) {
        check(pieced.path == whole.path && pieced.size == whole.size && pieced.host == whole.host &&
                  pieced.fields.size() == whole.fields.size() && pieced.keepAlive == whole.keepAlive,
              "cutting does not change the head");
    }
    return 0;
}
