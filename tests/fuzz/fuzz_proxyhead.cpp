// SPDX-License-Identifier: GPL-3.0-or-later
// Input: the first bytes of a connection. Whatever they are, a head has its bounds, more bytes change no
// verdict, and what is asked for more has not been decided by any shorter piece.
#include "check.h"
#include "server/net/proxyhead.h"

#include <algorithm>

using namespace spillway::net;
using Outcome = ProxyHead::Outcome;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view all(reinterpret_cast<const char*>(data), std::min(size, kMaxProxyHead));
    const ProxyHead whole = parseProxyHead(all);
    check(whole.outcome != Outcome::NeedMore || all.size() < kMaxProxyHead,
          "it never asks for more than the bound");
    check(whole.outcome == Outcome::Complete || (!whole.client && whole.size == 0),
          "nothing of what is not complete");
    if (whole.outcome == Outcome::Complete)
        check(whole.size >= 15 && whole.size <= all.size(), "the head is within what came");
    for (std::size_t length = 0; length < all.size(); ++length) {
        const ProxyHead part = parseProxyHead(all.substr(0, length));
        if (part.outcome != Outcome::NeedMore) {
            check(part.outcome == whole.outcome && part.size == whole.size && part.client == whole.client,
                  "more bytes change nothing");
            break;
        }
    }
    return 0;
}
