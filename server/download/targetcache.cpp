// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/targetcache.h"

namespace spillway::download {

TargetCache::Entry* TargetCache::find(std::string_view target)
{
    if (target.size() > kMaxTargetBytes)
        return nullptr;
    const auto at = entries_.find(target);
    return at == entries_.end() ? nullptr : &at->second;
}

bool TargetCache::insert(std::string_view target, Entry entry)
{
    if (target.size() > kMaxTargetBytes)
        return false;
    const bool full = entries_.size() >= limit_ && !entries_.contains(target);
    if (full)
        entries_.clear();
    entries_.insert_or_assign(std::string(target), std::move(entry));
    return full;
}

} // namespace spillway::download
