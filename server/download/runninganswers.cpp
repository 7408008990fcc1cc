// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/runninganswers.h"

#include <vector>

namespace spillway::download {

class RunningAnswers::Watcher final : public http::AnswerWatcher
{
public:
    Watcher(RunningAnswers& owner, Item followed) : item(std::move(followed)), owner_(&owner)
    {
        owner.watchers_.insert(this);
        if (owner.watchers_.size() == 1 && owner.told_)
            owner.told_(true);
    }
    ~Watcher() override { leave(); }
    void ended(std::uint64_t, std::uint64_t, bool) override { leave(); }
    void forget() { owner_ = nullptr; }

    Item item;

private:
    void leave()
    {
        if (!owner_ || owner_->watchers_.erase(this) == 0)
            return;
        if (owner_->watchers_.empty() && owner_->told_)
            owner_->told_(false);
    }

    RunningAnswers* owner_; ///< null: it is gone
};

RunningAnswers::~RunningAnswers()
{
    for (Watcher* watcher : watchers_)
        watcher->forget();
}

std::unique_ptr<http::AnswerWatcher> RunningAnswers::follow(std::shared_ptr<const Right> right,
                                                            const http::Exchange& exchange,
                                                            net::Connection& connection, std::uint64_t epoch)
{
    const std::int64_t expiresAt = right->expiresAt;
    return std::make_unique<Watcher>(*this,
                                     Item{std::move(right), exchange.client(), connection, epoch, expiresAt});
}

void RunningAnswers::sweep(std::uint64_t epoch, std::int64_t now, const Judge& judge)
{
    std::vector<net::Connection*> gone;
    for (Watcher* watcher : watchers_) {
        Item& item = watcher->item;
        const bool over = item.expiresAt != 0 && now >= item.expiresAt;
        if (item.epoch == epoch && !over)
            continue;
        const Verdict verdict = judge(item);
        if (verdict == Verdict::Gone)
            gone.push_back(&item.connection);
        else if (verdict == Verdict::Holds)
            item.epoch = epoch;
    }
    // A connection has one answer at a time, so none is in the list twice; ending one ends no other.
    for (net::Connection* connection : gone)
        connection->closeNow(net::EndReason::Kicked);
}

} // namespace spillway::download
