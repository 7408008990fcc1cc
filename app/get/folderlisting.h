// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/get/httpclient.h"
#include "app/get/retry.h"
#include "server/base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::get {

/// One line of a folder's NDJSON listing (server/body/listing.h says what is in it).
struct ListedEntry
{
    std::string path; ///< below the folder, the exact bytes; safe to open there (safeRelativePath)
    bool folder = false;
    std::uint64_t size = 0;
    std::optional<std::int64_t> modified; ///< Unix seconds
};

/// None for a line that is no entry, or names what may not be a path below the folder.
[[nodiscard]] std::optional<ListedEntry> parseListingLine(std::string_view line);

/// A listing as it comes in: cuts it into lines, bounded. One thread.
class ListingReader final : public RequestHandler
{
public:
    static constexpr unsigned kDepth =
        32; ///< what a server lists at once; folders there are asked for by themselves
    static constexpr std::size_t kMostEntries = 5'000'000;
    static constexpr std::size_t kMostLine = 64U << 10;

    bool onHead(const AnswerHead& head) override;
    bool onBody(std::string_view bytes) override;
    void onEnd(const RequestEnd& end) override;

    [[nodiscard]] bool over() const { return over_; }
    /// Why the listing is not whole; none: entries() is all of it.
    [[nodiscard]] const std::optional<std::string>& problem() const { return problem_; }
    /// What the problem is to the user, and whether asking again may help.
    [[nodiscard]] StatusVerdict verdict() const;
    [[nodiscard]] const AnswerHead& head() const { return head_; }
    [[nodiscard]] std::vector<ListedEntry>& entries() { return entries_; }
    [[nodiscard]] std::size_t skipped() const { return skipped_; } ///< lines that were no entries
    [[nodiscard]] Monotonic lastByte() const { return lastByte_; }
    explicit ListingReader(const Clock& clock) : clock_(clock), lastByte_(clock.monotonic()) {}

private:
    void takeLine(std::string_view line);

    const Clock& clock_;
    Monotonic lastByte_;
    AnswerHead head_;
    std::string rest_;
    std::vector<ListedEntry> entries_;
    std::size_t skipped_ = 0;
    bool over_ = false, otherKind_ = false;
    std::optional<std::string> problem_;
};

} // namespace spillway::get
