// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/localengineclient.h"

#include <algorithm>

namespace spillway::admin {

namespace {

constexpr std::size_t kThreads = 3;
constexpr std::size_t kQueue = 1024;

} // namespace

class LocalEngineClient::LocalWatch final : public Watch
{
public:
    LocalWatch(LocalEngineClient& client, std::uint64_t id) : client_(client), alive_(client.alive_), id_(id)
    {
    }
    ~LocalWatch() override
    {
        if (*alive_)
            client_.unwatch(id_);
    }

private:
    LocalEngineClient& client_;
    const std::shared_ptr<bool> alive_;
    const std::uint64_t id_;
};

LocalEngineClient::LocalEngineClient(OperationContext context, engine::Engine& engine)
    : context_(context), snapshots_(engine),
      pool_(std::make_unique<BlockingPool>("console", kThreads, kQueue))
{
    context_.caller = Caller::owner(Caller::Kind::Console);
    pace_.callOnTimeout(this, [this] { takeSnapshot(); });
}

LocalEngineClient::~LocalEngineClient()
{
    *alive_ = false;
    pool_.reset();
}

void LocalEngineClient::call(const char* operation, QJsonObject parameters, Prepare prepare)
{
    const auto finish = [this](const Prepare& prepared, const Result<QJsonValue>& result) {
        QMetaObject::invokeMethod(this, prepared(result), Qt::QueuedConnection);
    };
    const Operation* row = findOperation(operation);
    if (!row) {
        finish(prepare, fail(ErrorCode::Unsupported, std::string("there is no operation ") + operation));
        return;
    }
    const bool taken = pool_->submit([this, row, parameters = std::move(parameters), prepare, finish] {
        finish(prepare, runOperation(*row, context_, parameters));
    });
    if (!taken)
        finish(prepare, fail(ErrorCode::Exhausted, "the server has too much to do; try again in a moment"));
}

std::unique_ptr<LocalEngineClient::Watch> LocalEngineClient::watch(std::chrono::milliseconds interval,
                                                                   std::function<void(const Snapshot&)> sink)
{
    watchers_.push_back({nextWatcher_, interval, std::move(sink)});
    adjustPace();
    takeSnapshot();
    return std::make_unique<LocalWatch>(*this, nextWatcher_++);
}

void LocalEngineClient::unwatch(std::uint64_t id)
{
    std::erase_if(watchers_, [id](const Watcher& watcher) { return watcher.id == id; });
    adjustPace();
}

void LocalEngineClient::adjustPace()
{
    if (watchers_.empty()) {
        pace_.stop();
        return;
    }
    const auto eager =
        std::min_element(watchers_.begin(), watchers_.end(),
                         [](const auto& left, const auto& right) { return left.interval < right.interval; });
    if (!pace_.isActive() || pace_.intervalAsDuration() != eager->interval)
        pace_.start(eager->interval);
}

void LocalEngineClient::takeSnapshot()
{
    if (building_)
        return;
    building_ = pool_->submit([this] {
        auto snapshot = std::make_shared<const contract::LiveSnapshot>(snapshots_.take());
        QMetaObject::invokeMethod(
            this,
            [this, snapshot] {
                building_ = false;
                deliver(snapshot);
            },
            Qt::QueuedConnection);
    });
}

void LocalEngineClient::deliver(const Snapshot& snapshot)
{
    // By id: a sink may end its own watch, or begin another.
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
