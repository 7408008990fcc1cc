// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/download/previewbots.h"
#include "server/download/recipient.h"
#include "server/http/requesthead.h"
#include "server/net/peeraddress.h"

#include <string>
#include <unordered_map>

namespace spillway::download {

/// The recipient that an address is: IPv4, or IPv6's /64 ("192.0.2.7", "2001:db8:1:2::/64").
[[nodiscard]] std::string recipientName(const net::PeerAddress& client);

/// The recipients that one worker has met, by link and address: a look-up without a lock or an allocation.
/// Bounded; forgets everything when full. Worker thread only.
class KnownRecipients
{
public:
    explicit KnownRecipients(std::size_t limit) : limit_(limit) {}

    /// What a request for a whole file of a link asks.
    struct Pass
    {
        std::string_view link;
        std::uint64_t tag = 0; ///< LinkFile::tag of the file
        bool limited = false;  ///< the link has a maximum of downloads
        std::int64_t now = 0;  ///< seconds since 1970
    };
    /// He whose request needs no counting and no receipt, because he was counted, lasts and has the whole
    /// file already; null where that is not known, the request has a grant, or is a preview's. Some 60 ns
    /// with a browser's head.
    [[nodiscard]] const RecipientPtr* passing(const http::RequestHead& head, const net::PeerAddress& client,
                                              const policy::RecipientLife& life, const Pass& pass);
    /// True where the bound was hit and all others had to be forgotten.
    [[nodiscard]] bool remember(const net::PeerAddress& client, const RecipientPtr& recipient);
    [[nodiscard]] bool isPreviewBot(std::string_view userAgent) { return bots_.is(userAgent); }

private:
    struct Hash
    {
        using is_transparent = void;
        [[nodiscard]] std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>{}(text);
        }
    };
    PreviewBots bots_;
    std::unordered_map<std::string, RecipientPtr, Hash, std::equal_to<>> known_; ///< by Key's bytes
    const std::size_t limit_;
};

} // namespace spillway::download
