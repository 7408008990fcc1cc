// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/requesthead.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace spillway::http {

/// Sizes in bytes, a leading CRLF not counted. What is exactly the limit passes. headBytes is 2 at least.
struct HeadLimits
{
    std::size_t headBytes = 16 * 1024;  ///< with its final CRLF CRLF; beyond: 431
    std::size_t targetBytes = 8 * 1024; ///< beyond: 414
    std::size_t fields = 100;           ///< beyond: 431
};

struct GateResult
{
    enum class Outcome : std::uint8_t
    {
        NeedMore,
        Accepted,
        Rejected
    };
    Outcome outcome = Outcome::NeedMore;
    int status = 0;               ///< of Rejected: 400, 414, 417, 431, 501 or 505
    const char* reason = nullptr; ///< of Rejected: a phrase for the log and the error body; static
};

/// The strict parser that stands before everything else: bytes of a connection in, a RequestHead or a refusal
/// out.
///
/// One per worker, used by its thread only; it keeps no state of a connection. Its scratch holds the decoded
/// path, the fields and joined list fields, so the views of a head end with the next parse(). It allocates
/// only when it is made.
///
/// RFC 9112 to the letter where a proxy and a server could read one head in two ways: CRLF only, no folding,
/// no space before the colon, one Host, one framing. It is stricter than llhttp in strict mode (tests/fuzz
/// holds it to that).
///
/// Outcomes do not depend on how the bytes were cut: lines are judged in order, each when it is complete, and
/// what concerns several lines (duplicates, framing, Host) after the last. Before the request line is
/// complete, only its method and its length are looked at: enough to refuse TLS, other protocols and endless
/// lines at once.
class HeadGate
{
public:
    explicit HeadGate(HeadLimits limits = {});

    /// `bytes` is all that the connection holds, from the first byte of this head on; more may follow the
    /// head. `resumeAt` is 0 for a new head, otherwise what the last call left there: a head costs O(size)
    /// however it trickles in. On Accepted it is 0 again and head.size bytes of `bytes` are the head. Else
    /// `head` is undefined.
    [[nodiscard]] GateResult parse(std::string_view bytes, std::size_t& resumeAt, RequestHead& head);

    [[nodiscard]] const HeadLimits& limits() const { return limits_; }

private:
    GateResult parseWhole(const char* start, const char* end, RequestHead& head);
    GateResult parseTrickle(std::string_view bytes, std::size_t scanned, RequestHead& head);
    GateResult parseRequestLine(const char* start, const char* lineFeed, RequestHead& head);
    GateResult judgePartialHead(std::string_view bytes, std::size_t scanned) const;

    HeadLimits limits_;
    std::size_t lineLimit_; ///< longest request line, without its CRLF
    std::unique_ptr<HeaderField[]> fields_;
    std::unique_ptr<char[]> targetScratch_; ///< decoded path, and a target rewritten from absolute form
    std::unique_ptr<char[]> fieldScratch_;  ///< list fields that were sent more than once, joined
};

} // namespace spillway::http
