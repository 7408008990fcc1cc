// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/catalog.h"
#include "server/download/recipient.h"

#include <condition_variable>
#include <functional>
#include <list>
#include <thread>
#include <unordered_map>
#include <vector>

// How a recipient comes to be counted:
//
//                     known, and he lasts ───────────────────────────────► go on
//   request ── table ─┤
//                     └ new ─┬ link without maximum: he goes on now ───► queue ──1 s──► one transaction for
//                     many
//                            └ link with a maximum: the request parks ──► one transaction ──► on the disk: go
//                            on
//
// A transaction looks for a receipt of his that lasts (so a restart counts nobody twice), else adds one to
// the link's count and a row to `receipts`, or neither.
namespace spillway::download {

/// Who takes which link: counts each recipient once, and writes down what arrived. One for all workers; the
/// engine owns it, and destroys it after the workers' threads have ended and before the catalog.
///
/// Any thread. Memory is bounded: over `maxRecipients` the one unused for longest leaves (he is in the
/// catalog, and is found there again); where all are busy nobody new is kept: a link with a maximum then
/// answers Unavailable, another is served and not counted, which the counters tell. What is queued is lost in
/// a crash: at most the last second of links without a maximum.
class Recipients
{
public:
    struct Options
    {
        policy::RecipientLife life;
        std::size_t maxRecipients = 65'536;
        std::size_t maxFiles = 262'144;
        std::chrono::milliseconds saveEvery{1000};
    };
    Recipients(catalog::Catalog& catalog, const Clock& clock, Options options);
    ~Recipients(); ///< saves what it can
    Recipients(const Recipients&) = delete;
    Recipients& operator=(const Recipients&) = delete;

    void setLife(const policy::RecipientLife& life);
    [[nodiscard]] policy::RecipientLife life() const;

    /// Who asks for what.
    struct Question
    {
        std::string link;
        std::string name; ///< of the recipient
        bool isFolder = false;
        std::int64_t now = 0; ///< seconds since 1970
    };
    enum class Verdict : std::uint8_t
    {
        Admitted,
        UsedUp,
        Revoked,     ///< or gone
        Unavailable, ///< the catalog does not answer, or the table is full
    };
    struct Answer
    {
        Verdict verdict = Verdict::Unavailable;
        RecipientPtr recipient; ///< of Admitted; null where he could not be kept
        bool isNew = false;
    };
    using Done = std::function<void(const Answer&)>;

    /// A recipient in memory who lasts; `counted`: only one whose count is on the disk.
    [[nodiscard]] RecipientPtr known(const Question& question, bool counted);
    /// Link without a maximum: always Admitted, counted soon.
    [[nodiscard]] Answer admit(const Question& question);
    /// Link with a maximum: `done` is called once, on any thread, maybe before this returns; Admitted means
    /// that the count is on the disk.
    void admitDurably(const Question& question, Done done);
    /// Link that is used up: Admitted where the recipient was counted before and lasts. Counts nothing.
    void find(const Question& question, Done done);

    /// Something of his is to be saved soon.
    void changed(const RecipientPtr& recipient);
    /// Saves all that is queued now. Waits for the catalog: not on a worker. The first error comes back; what
    /// could not be saved stays queued.
    Result<void> save();

    struct Counters
    {
        std::uint64_t counted = 0;       ///< downloads, since the start
        std::uint64_t refused = 0;       ///< recipients who found no room in the table
        std::uint64_t filesDropped = 0;  ///< files that are in no receipt for want of room
        std::uint64_t piecesDropped = 0; ///< pieces of files forgotten: more than a union holds
        std::uint64_t saveFailures = 0;  ///< transactions; tried again
        std::size_t recipients = 0;      ///< in memory now
    };
    [[nodiscard]] Counters counters() const;

private:
    struct Table;
    void run();
    void touchRunning();
    Result<void> saveSome(std::span<const RecipientPtr> some);

    catalog::Catalog& catalog_;
    const Clock& clock_;
    const std::chrono::milliseconds saveEvery_;
    const std::shared_ptr<Table> table_; ///< shared with what the catalog calls back
    std::mutex saving_;                  ///< one save() at a time
    std::thread thread_;
};

} // namespace spillway::download
