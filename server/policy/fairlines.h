// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/policy/subjectkey.h"

#include <algorithm>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>

//     ring_:   client A ─► client B ─► client C ─► (A again)       whose turn it is: the front
//                 │           │           │
//              a1 a2 a3       b1        c1 c2                      in the order in which they came
namespace spillway::policy {

/// What waits, in a line for each client. Clients take turns, so that who asks for much waits behind itself
/// (round-robin fair queueing, RFC 970). Not thread-safe.
template<class Item>
class FairLines
{
public:
    void push(const SubjectKey& client, Item item)
    {
        auto [found, isNew] = byClient_.try_emplace(client);
        if (isNew)
            found->second = ring_.insert(ring_.end(), Line{client, {}});
        found->second->items.push_back(std::move(item));
        ++size_;
    }

    /// The next one's turn; its client goes to the end. Only where size() > 0.
    [[nodiscard]] Item pop()
    {
        const auto turn = ring_.begin();
        ring_.splice(ring_.end(), ring_, turn);
        return takeOut(turn, turn->items.begin());
    }

    /// Leaves before its turn. It must be there.
    void remove(const SubjectKey& client, const Item& item)
    {
        const auto line = byClient_.at(client);
        (void)takeOut(line, std::find(line->items.begin(), line->items.end(), item));
    }

    /// The newest of the longest line, where that is longer than `length`: who has to make room for others.
    [[nodiscard]] std::optional<Item> takeFromLongest(std::size_t length)
    {
        const auto longest = std::max_element(ring_.begin(), ring_.end(), [](const Line& a, const Line& b) {
            return a.items.size() < b.items.size();
        });
        if (longest == ring_.end() || longest->items.size() <= length)
            return std::nullopt;
        return takeOut(longest, std::prev(longest->items.end()));
    }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t sizeOf(const SubjectKey& client) const
    {
        const auto found = byClient_.find(client);
        return found == byClient_.end() ? 0 : found->second->items.size();
    }

private:
    struct Line
    {
        SubjectKey client;
        std::list<Item> items; ///< never empty
    };
    using Ring = std::list<Line>;

    Item takeOut(typename Ring::iterator line, typename std::list<Item>::iterator place)
    {
        Item item = std::move(*place);
        line->items.erase(place);
        if (line->items.empty()) {
            byClient_.erase(line->client);
            ring_.erase(line);
        }
        --size_;
        return item;
    }

    Ring ring_;
    std::unordered_map<SubjectKey, typename Ring::iterator, SubjectKey::Hash> byClient_;
    std::size_t size_ = 0;
};

} // namespace spillway::policy
