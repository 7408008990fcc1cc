// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/heavyhitters.h"

#include <algorithm>
#include <bit>
#include <functional>

namespace spillway::observe {

HeavyHitters::HeavyHitters(std::size_t capacity)
    : capacity_(std::max<std::size_t>(capacity, 2)), index_(std::bit_ceil(2 * capacity_))
{
}

/// Where a key with this hash can be put.
std::size_t HeavyHitters::freePlace(std::size_t hash) const noexcept
{
    const std::size_t mask = index_.size() - 1;
    std::size_t place = hash & mask;
    while (index_[place] != 0)
        place = (place + 1) & mask;
    return place;
}

HeavyHitters::Entry& HeavyHitters::entryOf(std::string_view key)
{
    if (last_ < entries_.size() && entries_[last_].key == key)
        return entries_[last_];
    const std::size_t hash = std::hash<std::string_view>{}(key), mask = index_.size() - 1;
    for (std::size_t place = hash & mask; index_[place] != 0; place = (place + 1) & mask) {
        Entry& entry = entries_[index_[place] - 1];
        if (entry.hash == hash && entry.key == key) {
            last_ = index_[place] - 1;
            return entry;
        }
    }
    if (entries_.size() == capacity_)
        makeRoom();
    last_ = entries_.size();
    index_[freePlace(hash)] = static_cast<std::uint32_t>(last_ + 1);
    return entries_.emplace_back(Entry{hash, 0, 0, 0, std::string(key)});
}

void HeavyHitters::makeRoom()
{
    std::vector<std::uint64_t> scores(entries_.size());
    std::transform(entries_.begin(), entries_.end(), scores.begin(),
                   [](const Entry& entry) { return entry.score; });
    const auto middle = scores.begin() + static_cast<std::ptrdiff_t>(scores.size() / 2);
    std::nth_element(scores.begin(), middle, scores.end());
    const std::uint64_t median = *middle;
    lost_ += median;
    std::erase_if(entries_, [median](const Entry& entry) { return entry.score <= median; });
    std::fill(index_.begin(), index_.end(), 0);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        entries_[i].score -= median;
        index_[freePlace(entries_[i].hash)] = static_cast<std::uint32_t>(i + 1);
    }
}

void HeavyHitters::add(std::string_view key, std::uint64_t bytes, std::uint64_t count)
{
    if (bytes == 0)
        return;
    Entry& entry = entryOf(key);
    entry.score += bytes;
    entry.bytes += bytes;
    entry.count += count;
}

void HeavyHitters::merge(const HeavyHitters& other)
{
    for (const Entry& one : other.entries_) {
        Entry& entry = entryOf(one.key);
        entry.score += one.score;
        entry.bytes += one.bytes;
        entry.count += one.count;
    }
    lost_ += other.lost_;
}

std::vector<HeavyHitters::Hit> HeavyHitters::top(std::size_t most) const
{
    std::vector<const Entry*> order(entries_.size());
    std::transform(entries_.begin(), entries_.end(), order.begin(),
                   [](const Entry& entry) { return &entry; });
    const std::size_t count = std::min(most, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                      [](const Entry* left, const Entry* right) {
                          return left->bytes != right->bytes ? left->bytes > right->bytes
                                                             : left->key < right->key;
                      });
    std::vector<Hit> hits;
    hits.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        hits.push_back({order[i]->key, order[i]->bytes, order[i]->count});
    return hits;
}

} // namespace spillway::observe
