// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/knownrecipients.h"

#include "server/config/ipaddress.h"
#include "server/download/grant.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace spillway::download {

namespace {

constexpr std::size_t kMaxLinkBytes = 32; ///< an id has 16

std::array<std::uint8_t, 16> networkOf(const net::PeerAddress& client)
{
    auto bytes = client.address;
    if (!client.isIPv4())
        std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
    return bytes;
}

/// Link and address in one piece.
struct Key
{
    std::array<char, kMaxLinkBytes + 16> bytes;
    std::size_t size = 0;

    Key(std::string_view link, const net::PeerAddress& client)
    {
        const auto network = networkOf(client);
        size = std::min(link.size(), kMaxLinkBytes);
        std::memcpy(bytes.data(), link.data(), size);
        std::memcpy(bytes.data() + size, network.data(), network.size());
        size += network.size();
    }
    [[nodiscard]] std::string_view view() const { return {bytes.data(), size}; }
};

} // namespace

std::string recipientName(const net::PeerAddress& client)
{
    const std::string text = config::formatIpAddress(config::IpAddress{networkOf(client)});
    return client.isIPv4() ? text : text + "/64";
}

const RecipientPtr* KnownRecipients::passing(const http::RequestHead& head, const net::PeerAddress& client,
                                             const policy::RecipientLife& life, const Pass& pass)
{
    // A target with a grant in its query is not remembered, so only the cookie may hold one here.
    if (head.cookie.find(kGrantCookie) != std::string_view::npos || bots_.is(head.userAgent))
        return nullptr;
    const auto at = known_.find(Key(pass.link, client).view());
    if (at == known_.end())
        return nullptr;
    const Recipient& recipient = *at->second;
    const bool passes = recipient.covers(pass.tag) && recipient.lasts(life, pass.now) &&
                        (!pass.limited || recipient.isSaved());
    return passes ? &at->second : nullptr;
}

bool KnownRecipients::remember(const net::PeerAddress& client, const RecipientPtr& recipient)
{
    const Key key(recipient->link(), client);
    if (const auto at = known_.find(key.view()); at != known_.end()) {
        at->second = recipient;
        return false;
    }
    const bool full = known_.size() >= limit_;
    if (full)
        known_.clear();
    known_.emplace(key.view(), recipient);
    return full;
}

} // namespace spillway::download
