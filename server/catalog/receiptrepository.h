// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/session.h"
#include "server/policy/recipientlife.h"

#include <vector>

namespace spillway::catalog {

/// The tables `receipts` and `receipt_files`: who took a link, and what arrived. Changes only inside
/// Catalog::write.
///
/// A recipient has at most one receipt that lasts (policy::RecipientLife). Of each link the newest
/// kKeptPerLink receipts are kept, to about a hundred more; those that last are never removed for that, and
/// all go with their link. Errors beside Session's: NotFound (the link or the receipt is gone).
struct ReceiptRepository
{
    static constexpr std::int64_t kKeptPerLink = 10'000;

    struct Taken
    {
        enum class How : std::uint8_t
        {
            Counted, ///< a new receipt, and one more in the link's count
            Known,   ///< his receipt lasts: not counted again
            UsedUp,  ///< neither: the link's downloads are all taken
            Revoked,
        } how = How::UsedUp;
        Receipt receipt; ///< without its files
    };
    /// Somebody begins to take from a link, or goes on. `beyond`: he was let through already, so he is
    /// counted even past the maximum or a revocation.
    static Result<Taken> take(Session& session, std::string_view link, std::string_view recipient,
                              std::int64_t now, const policy::RecipientLife& life, bool beyond);
    /// His receipt that lasts, without its files.
    static Result<std::optional<Receipt>> lasting(Session& session, std::string_view link,
                                                  std::string_view recipient, std::int64_t now,
                                                  const policy::RecipientLife& life);

    struct Change
    {
        std::int64_t id = 0;
        std::int64_t lastAt = 0;
        bool isFolder = false;
        std::vector<ReceiptFile> files; ///< what arrived lately: joined with what is known of the same file
    };
    struct Saved
    {
        std::optional<std::int64_t> finishedAt;
        std::vector<bool> complete; ///< for each of the files
    };
    /// A file with another entity tag or size than before starts anew.
    static Result<Saved> save(Session& session, const Change& change);

    /// Newest first, with their files by path. `after`: the id that ended the page before; 0: from the start.
    static Result<std::vector<Receipt>> list(Session& session, std::string_view link, std::int64_t after,
                                             std::int64_t limit);
};

} // namespace spillway::catalog
