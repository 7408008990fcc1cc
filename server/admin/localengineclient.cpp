// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/localengineclient.h"

namespace spillway::admin {

namespace {

constexpr std::size_t kThreads = 3;
constexpr std::size_t kQueue = 1024;

} // namespace

LocalEngineClient::LocalEngineClient(OperationContext context, engine::Engine& engine)
    : context_(context), snapshots_(engine), watchers_([this] { adjustPace(); }),
      pool_(std::make_unique<BlockingPool>("console", kThreads, kQueue)),
      livePool_(std::make_unique<BlockingPool>("live", 1, 1))
{
    context_.caller = Caller::owner(Caller::Kind::Console);
    pace_.callOnTimeout(this, [this] { takeSnapshot(); });
}

LocalEngineClient::~LocalEngineClient()
{
    livePool_.reset();
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
    auto watch = watchers_.add(interval, std::move(sink));
    takeSnapshot();
    return watch;
}

void LocalEngineClient::adjustPace()
{
    const auto pace = watchers_.pace();
    if (pace.count() == 0)
        pace_.stop();
    else if (!pace_.isActive() || pace_.intervalAsDuration() != pace)
        pace_.start(pace);
}

void LocalEngineClient::takeSnapshot()
{
    if (building_)
        return;
    building_ = livePool_->submit([this] {
        auto snapshot = std::make_shared<const contract::LiveSnapshot>(snapshots_.take());
        QMetaObject::invokeMethod(
            this,
            [this, snapshot] {
                building_ = false;
                watchers_.deliver(snapshot);
            },
            Qt::QueuedConnection);
    });
}

} // namespace spillway::admin
