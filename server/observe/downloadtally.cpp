// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/downloadtally.h"

namespace spillway::observe {

DownloadTally::DownloadTally(std::size_t keys)
    : lists_{HeavyHitters(keys), HeavyHitters(keys), HeavyHitters(keys)}
{
}

void DownloadTally::add(std::string_view link, const Address& client, std::string_view share,
                        const DownloadOf& of, std::uint64_t bytes, std::uint64_t downloads)
{
    if (!link.empty())
        lists_[Links].add(link, bytes, downloads);
    lists_[Clients].add({reinterpret_cast<const char*>(client.data()), client.size()}, bytes, downloads);
    scratch_.assign(share);
    if (!of.path.empty())
        scratch_.append(1, '/').append(of.path.substr(0, kLongestPath));
    if (of.what == DownloadOf::What::Archive)
        scratch_.append(1, '/');
    lists_[Files].add(scratch_, bytes, downloads);
}

void DownloadTally::merge(const DownloadTally& other)
{
    for (std::size_t i = 0; i < ListCount; ++i)
        lists_[i].merge(other.lists_[i]);
}

} // namespace spillway::observe
