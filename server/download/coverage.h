// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/download/recipients.h"
#include "server/http/exchange.h"
#include "server/http/multipart.h"

namespace spillway::download {

/// A run of an answer's body that is bytes of the file.
struct BodyPiece
{
    std::uint64_t at = 0;     ///< in the body
    std::uint64_t offset = 0; ///< in the file
    std::uint64_t length = 0;
};

/// Of a 206: one range is the body itself, several stand between part heads (http/multipart.h).
[[nodiscard]] std::vector<BodyPiece> bodyPieces(std::span<const http::ByteRange> ranges,
                                                const http::MultipartForm& form);

/// What of the file is in the first `bodyBytes` of the body. Pure.
[[nodiscard]] std::vector<policy::RangeUnion::Piece> filePieces(std::span<const BodyPiece> pieces,
                                                                std::uint64_t bodyBytes);

/// Writes into a receipt which bytes of the file an answer has brought: those that the client's system has
/// acknowledged. Begins the transfer where it is made, ends it where it dies.
class CoverageWatcher final : public http::AnswerWatcher
{
public:
    /// Null where the transfer cannot be followed (the bound of files was hit).
    [[nodiscard]] static std::unique_ptr<CoverageWatcher> make(Recipients& recipients, RecipientPtr recipient,
                                                               LinkFile file, std::vector<BodyPiece> pieces,
                                                               const Clock& clock);
    ~CoverageWatcher() override;
    CoverageWatcher(const CoverageWatcher&) = delete;
    CoverageWatcher& operator=(const CoverageWatcher&) = delete;

    void ended(std::uint64_t bodyBytes, std::uint64_t unacknowledged, bool complete) override;
    [[nodiscard]] bool awaitsArrival() const override { return true; }
    void arrived(std::uint64_t missing) override;

private:
    CoverageWatcher(Recipients& recipients, RecipientPtr recipient, LinkFile file,
                    std::vector<BodyPiece> pieces, const Clock& clock);

    Recipients& recipients_;
    const RecipientPtr recipient_;
    const LinkFile file_;
    const std::vector<BodyPiece> pieces_;
    const Clock& clock_;
    std::uint64_t bodyBytes_ = 0; ///< taken by the kernel
    std::uint64_t missing_ = 0;   ///< of them, not acknowledged
};

} // namespace spillway::download
