// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/snapshotwatchers.h"

#include <algorithm>

namespace spillway::admin {

class SnapshotWatchers::Handle final : public Watch
{
public:
    Handle(SnapshotWatchers& watchers, std::uint64_t id)
        : watchers_(watchers), alive_(watchers.alive_), id_(id)
    {
    }
    ~Handle() override
    {
        if (*alive_)
            watchers_.remove(id_);
    }

private:
    SnapshotWatchers& watchers_;
    const std::shared_ptr<bool> alive_;
    const std::uint64_t id_;
};

std::unique_ptr<SnapshotWatchers::Watch> SnapshotWatchers::add(std::chrono::milliseconds interval,
                                                               std::function<void(const Snapshot&)> sink)
{
    const std::uint64_t id = next_++;
    watchers_.push_back({id, interval, std::move(sink)});
    changed_();
    return std::make_unique<Handle>(*this, id);
}

void SnapshotWatchers::remove(std::uint64_t id)
{
    std::erase_if(watchers_, [id](const Watcher& watcher) { return watcher.id == id; });
    changed_();
}

std::chrono::milliseconds SnapshotWatchers::pace() const
{
    const auto eager =
        std::min_element(watchers_.begin(), watchers_.end(), [](const Watcher& left, const Watcher& right) {
            return left.interval < right.interval;
        });
    return eager == watchers_.end() ? std::chrono::milliseconds(0) : eager->interval;
}

void SnapshotWatchers::deliver(const Snapshot& snapshot)
{
    std::vector<std::uint64_t> ids;
    for (const Watcher& watcher : watchers_)
        ids.push_back(watcher.id);
    for (const std::uint64_t id : ids) {
        const auto watcher = std::find_if(watchers_.begin(), watchers_.end(),
                                          [id](const Watcher& one) { return one.id == id; });
        if (watcher == watchers_.end())
            continue;
        const auto sink = watcher->sink;
        sink(snapshot);
    }
}

} // namespace spillway::admin
