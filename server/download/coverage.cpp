// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/coverage.h"

#include <algorithm>

namespace spillway::download {

std::vector<BodyPiece> bodyPieces(std::span<const http::ByteRange> ranges, const http::MultipartForm& form)
{
    std::vector<BodyPiece> pieces;
    pieces.reserve(ranges.size());
    std::uint64_t at = 0;
    auto which = http::Part::First;
    for (const http::ByteRange& range : ranges) {
        if (ranges.size() > 1)
            at += http::partHead(form, range, which).size();
        pieces.push_back({at, range.first, range.length()});
        at += range.length();
        which = http::Part::Later;
    }
    return pieces;
}

std::vector<policy::RangeUnion::Piece> filePieces(std::span<const BodyPiece> pieces, std::uint64_t bodyBytes)
{
    std::vector<policy::RangeUnion::Piece> arrived;
    for (const BodyPiece& piece : pieces)
        if (piece.at < bodyBytes)
            arrived.push_back({piece.offset, piece.offset + std::min(piece.length, bodyBytes - piece.at)});
    return arrived;
}

std::unique_ptr<CoverageWatcher> CoverageWatcher::make(Recipients& recipients, RecipientPtr recipient,
                                                       LinkFile file, std::vector<BodyPiece> pieces,
                                                       const Clock& clock)
{
    if (!recipient->begin(file, unixSeconds(clock.wall())))
        return nullptr;
    recipients.changed(recipient);
    return std::unique_ptr<CoverageWatcher>(
        new CoverageWatcher(recipients, std::move(recipient), std::move(file), std::move(pieces), clock));
}

CoverageWatcher::CoverageWatcher(Recipients& recipients, RecipientPtr recipient, LinkFile file,
                                 std::vector<BodyPiece> pieces, const Clock& clock)
    : recipients_(recipients), recipient_(std::move(recipient)), file_(std::move(file)),
      pieces_(std::move(pieces)), clock_(clock)
{
}

CoverageWatcher::~CoverageWatcher()
{
    const std::uint64_t there = bodyBytes_ - std::min(bodyBytes_, missing_);
    recipient_->end(file_, filePieces(pieces_, there), unixSeconds(clock_.wall()));
    recipients_.changed(recipient_);
}

void CoverageWatcher::ended(std::uint64_t bodyBytes, std::uint64_t unacknowledged, bool)
{
    bodyBytes_ = bodyBytes;
    missing_ = unacknowledged;
}

void CoverageWatcher::arrived(std::uint64_t missing)
{
    missing_ = std::min(missing_, missing);
}

} // namespace spillway::download
