// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/body/filecache.h"
#include "server/download/target.h"
#include "server/http/exchange.h"
#include "server/http/headwriter.h"

namespace spillway::download {

/// Answers for one open file: preconditions, ranges, the fields that go with them (RFC 9110 §13, §14). One
/// per worker.
class FileAnswer
{
public:
    /// A 200, 206, 304, 412 or 416 for GET or HEAD.
    void send(http::Exchange& exchange, const Target& target, const std::shared_ptr<body::CachedFile>& file);
    /// The whole file for a GET without Range or preconditions, with a head that was made once: one send
    /// where the file is hot, else a send and a sendfile.
    void sendReady(http::Exchange& exchange, const ShareRule& share, Audience audience,
                   body::CachedFile& file);

private:
    void fields(http::HeadWriter& writer, const ShareRule& share, Audience audience,
                const body::CachedFile& file, std::int64_t now, bool attachment) const;
    void validatorFields(http::HeadWriter& writer, const ShareRule& share, Audience audience,
                         const body::CachedFile& file, std::int64_t now) const;
    void sendWhole(http::Exchange& exchange, const Target& target,
                   const std::shared_ptr<body::CachedFile>& file, std::int64_t now, bool attachment);
    void sendRanges(http::Exchange& exchange, const Target& target,
                    const std::shared_ptr<body::CachedFile>& file, std::int64_t now, bool attachment);

    http::HeadWriter writer_; ///< for ready answers; others use the exchange's
};

/// The content of a file as segments: its bytes in memory where it is hot, else the file.
[[nodiscard]] net::Segment wholeFile(const std::shared_ptr<body::CachedFile>& file);

} // namespace spillway::download
