// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/body/filecache.h"
#include "server/download/digests.h"
#include "server/download/target.h"
#include "server/http/exchange.h"

#include <chrono>
#include <functional>

namespace spillway::download {

/// Digests of files for clients: ?sha256 is a line as sha256sum writes it; Repr-Digest (RFC 9530) stands in a
/// file's answers where the digest is known, and a request with Want-Repr-Digest waits for it a moment. One
/// per worker, on its thread.
class DigestAnswer
{
public:
    using Then = std::function<void(http::Exchange&, const Target&)>;

    /// `wait`: how long Want-Repr-Digest may hold up an answer.
    DigestAnswer(Digests& digests, body::Post post, std::chrono::milliseconds wait)
        : digests_(digests), post_(std::move(post)), wait_(wait)
    {
    }

    [[nodiscard]] static bool isAskedFor(const http::RequestHead& head);
    /// The line, or why there is none.
    void sendLine(http::Exchange& exchange, const Target& target,
                  const std::shared_ptr<body::CachedFile>& file);
    /// Looks for the digest of an open file (CachedFile::digestAskAt), for the answers after this one; goes
    /// on at once, or, where the request wants the digest, when it is there or the wait is over.
    void find(http::Exchange& exchange, const Target& target, const std::shared_ptr<body::CachedFile>& file,
              Then then);

private:
    void look(const Target& target, const std::shared_ptr<body::CachedFile>& file, Monotonic now);

    Digests& digests_;
    const body::Post post_;
    const std::chrono::milliseconds wait_;
};

} // namespace spillway::download
