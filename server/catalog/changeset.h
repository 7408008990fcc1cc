// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/records.h"

namespace spillway::catalog {

/// What one commit touched, by key. Repositories fill it, caches empty themselves by it. A value.
struct ChangeSet
{
    std::vector<ShareId> shares;
    std::vector<std::string> links; ///< ids; those that went with their share too
    std::vector<std::string> settings;
    std::vector<std::string> denied;  ///< digests
    std::vector<std::string> tokens;  ///< ids
    std::vector<std::string> counted; ///< ids of links whose count of downloads alone changed: no rule did
    bool keys = false;
    bool limits = false;
    bool bans = false;

    [[nodiscard]] bool empty() const { return counted.empty() && !touchesRules(); }
    /// Whether what was concluded from the rules before may not hold any more.
    [[nodiscard]] bool touchesRules() const
    {
        return !shares.empty() || !links.empty() || !settings.empty() || !denied.empty() || !tokens.empty() ||
               keys || limits || bans;
    }

    void merge(ChangeSet&& other)
    {
        shares.insert(shares.end(), other.shares.begin(), other.shares.end());
        const auto take = [](std::vector<std::string>& to, std::vector<std::string>& from) {
            for (std::string& key : from)
                to.push_back(std::move(key));
        };
        take(links, other.links);
        take(settings, other.settings);
        take(denied, other.denied);
        take(tokens, other.tokens);
        take(counted, other.counted);
        keys = keys || other.keys;
        limits = limits || other.limits;
        bans = bans || other.bans;
    }
};

} // namespace spillway::catalog
