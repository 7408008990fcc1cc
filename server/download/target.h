// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/download/recipient.h"
#include "server/download/right.h"
#include "server/download/rules.h"
#include "server/http/exchange.h"
#include "server/policy/admission.h"

namespace spillway::download {

/// Whether an answer may be kept by caches between: it may not where the URL or a field held a secret.
enum class Audience : std::uint8_t
{
    Public,
    Secret
};

/// By whom the limits of an answer are found, beside its client and connection.
struct LimitSubjects
{
    catalog::ShareId share = 0;
    std::optional<policy::SubjectKey> token;
    std::optional<policy::SubjectKey> link; ///< a stored link's id, or the digest of a presigned URL
    BytesPerSecond ownRate;                 ///< of the link's record or the URL; 0: none
    std::int64_t ownDownloads = 0;          ///< 0: none
};

/// Whose download an answer under a stored link is.
struct Taking
{
    RecipientPtr recipient; ///< whose receipt the answer goes into; null: nobody's
    bool byGrant = false;   ///< he is named by a grant, not by his address
    std::string fields;     ///< whole lines for the answer's head
};

/// Why a stored link does not open is nobody's business who has no good one: one sentence for all reasons.
inline constexpr std::string_view kLinkRefused =
    "This address needs a valid link or token. The one that was used may have expired or been revoked.";

inline constexpr std::string_view kLinkExpired = "This link has expired.";

/// What a request is after, once it is known to be allowed.
struct Target
{
    std::shared_ptr<const ShareRule> share;
    std::string path;        ///< below the share: bytes, no slash at either end
    bool folderForm = false; ///< the request's path ended in "/"
    Audience audience = Audience::Public;
    observe::Route route = observe::Route::File;
    std::string linkId;                        ///< of a stored link
    std::shared_ptr<const catalog::Link> link; ///< its record, as it was when it was judged; null: no link
    std::shared_ptr<const auth::KnownToken> token; ///< that let it through; null: none did
    std::shared_ptr<const Right> right; ///< looked at again while the answer goes out; null: public
    bool mayDownload = true;            ///< files
    bool mayList = true;                ///< folders
    std::int64_t expiresAt = 0;         ///< seconds since 1970; 0: never
    std::shared_ptr<net::Pacer> pacer;  ///< how fast; null: as fast as it goes
    LimitSubjects subjects;
    Taking taking;                                   ///< of the link
    std::shared_ptr<const policy::LimitPath> limits; ///< of server, share, token, link; null: none
    std::shared_ptr<policy::Admission> admission;    ///< the slots it has, and its pacer; null: not limited
    /// The rules' epoch when the request came in, before anything was looked up: a decision that waited for a
    /// disk or the catalog must not be remembered as one of a later epoch.
    std::uint64_t epoch = 0;
    /// Whether the decision depends on nothing but the URL and the rules, so that it may be remembered for
    /// this URL.
    bool repeatable = true;

    void admit(std::shared_ptr<policy::Admission> given)
    {
        admission = std::move(given);
        if (admission->paces())
            pacer = admission;
    }
};

inline constexpr std::string_view kAllow = "Allow: GET, HEAD, OPTIONS\r\n";
inline constexpr std::string_view kRetrySoon = "Retry-After: 5\r\n";
/// Of every answer that a secret was needed for.
inline constexpr std::string_view kPrivateFields =
    "Cache-Control: private, no-store\r\nReferrer-Policy: no-referrer\r\n";
/// How the log and the counters call a request for `target`.
inline void label(http::Exchange& exchange, const Target& target)
{
    exchange.labels.route = target.route;
    exchange.labels.share = target.share->share.name;
    exchange.labels.link = target.linkId;
    if (target.token)
        exchange.labels.token = target.token->record.id;
}
/// And what the answer that follows is made of, for what is downloaded most. `fromStart`: its first byte is
/// in it.
inline void labelDownload(http::Exchange& exchange, const Target& target, bool fromStart,
                          observe::DownloadOf::What what = observe::DownloadOf::What::File)
{
    exchange.labels.download = {what, fromStart, target.path};
}
inline void failBusy(http::Exchange& exchange)
{
    exchange.fail(503, "The server is busy; try again in a moment.", kRetrySoon);
}

/// The target's path as it is below its link; empty for the link's own file or folder.
[[nodiscard]] inline std::string_view pathBelowLink(const Target& target)
{
    const std::string& root = target.link->path;
    if (root.empty())
        return target.path;
    return std::string_view(target.path).substr(std::min(target.path.size(), root.size() + 1));
}

/// "a/b/" without the slash at its end.
[[nodiscard]] inline std::string_view withoutSlash(std::string_view path)
{
    if (path.ends_with('/'))
        path.remove_suffix(1);
    return path;
}

} // namespace spillway::download
