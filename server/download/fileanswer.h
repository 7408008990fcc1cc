// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/body/filecache.h"
#include "server/download/coverage.h"
#include "server/download/target.h"
#include "server/http/exchange.h"
#include "server/http/headwriter.h"

namespace spillway::download {

/// Answers for one open file: preconditions, ranges, the fields that go with them (RFC 9110 §13, §14). One
/// per worker.
class FileAnswer
{
public:
    /// `recipients`: who writes down what arrives under stored links.
    FileAnswer(Recipients& recipients, const Clock& clock) : recipients_(recipients), clock_(clock) {}

    /// Whether send() will send bytes of the file. Pure.
    [[nodiscard]] static bool sendsBytes(const http::Exchange& exchange, const body::CachedFile& file);
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
    /// Follows the answer for the recipient's receipt; nothing where there is none, or he has it all.
    void follow(http::Exchange& exchange, const Target& target, const body::CachedFile& file,
                std::vector<BodyPiece> pieces);
    void sendRanges(http::Exchange& exchange, const Target& target,
                    const std::shared_ptr<body::CachedFile>& file, std::int64_t now, bool attachment);

    Recipients& recipients_;
    const Clock& clock_;
    http::HeadWriter writer_; ///< for ready answers; others use the exchange's
};

/// The content of a file as segments: its bytes in memory where it is hot, else the file.
[[nodiscard]] net::Segment wholeFile(const std::shared_ptr<body::CachedFile>& file);

} // namespace spillway::download
