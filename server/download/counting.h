// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/signedvalue.h"
#include "server/download/knownrecipients.h"
#include "server/download/recipients.h"
#include "server/download/target.h"
#include "server/http/exchange.h"

#include <unordered_map>

namespace spillway::download {

/// The stage before an answer under a stored link: who is it, and was he counted? One per worker, on its
/// thread.
///
/// admit() calls `go` at once, or parks the request and calls it later, or answers itself: 403 where the link
/// is used up, 503 where the catalog cannot say. `takes`: the answer will have bytes of a file; else (HEAD,
/// 304, a listing) nothing is counted, but a used-up link still opens for nobody but those it was counted
/// for. The target that `go` gets has the recipient, for the receipt.
class Counting
{
public:
    using Go = std::function<void(http::Exchange&, const Target&)>;

    /// `limit`: recipients remembered.
    Counting(Recipients& recipients, std::size_t limit) : recipients_(recipients), known_(limit) {}

    /// Who reads and makes grants; at the start and whenever it is another one.
    void setSigner(std::shared_ptr<const auth::ValueSigner> signer) { signer_ = std::move(signer); }

    /// The shortest way, for a request that was let through a moment ago: KnownRecipients::passing.
    [[nodiscard]] bool passes(const http::Exchange& exchange, std::string_view link, bool limited,
                              std::uint64_t tag);
    void admit(http::Exchange& exchange, const Target& target, bool takes, Go go);
    [[nodiscard]] bool isPreviewBot(const http::Exchange& exchange)
    {
        return known_.isPreviewBot(exchange.head().userAgent);
    }

private:
    /// A request that the catalog decides on. It holds an open file, so it stays with the worker: the catalog
    /// has its number only.
    struct Waiting
    {
        Target target;
        Recipients::Question question;
        bool takes = false;
        Go go;
    };
    [[nodiscard]] Recipients::Question questionOf(const http::Exchange& exchange, const Target& target,
                                                  bool& byGrant) const;
    void proceed(http::Exchange& exchange, Target& target, const RecipientPtr& recipient, bool isNew,
                 const Go& go);
    void lookUp(http::Exchange& exchange, Waiting waiting, bool usedUp);
    void answered(http::Exchange& exchange, Waiting waiting, const Recipients::Answer& answer);

    Recipients& recipients_;
    std::shared_ptr<const auth::ValueSigner> signer_; ///< null: there are no grants
    KnownRecipients known_;
    std::unordered_map<std::uint64_t, Waiting> waiting_;
    std::uint64_t nextWaiting_ = 0;
};

} // namespace spillway::download
