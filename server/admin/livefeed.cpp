// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/livefeed.h"

#include "server/contract/codec.h"
#include "server/net/worker.h"

#include <QtCore/QJsonDocument>
#include <algorithm>

namespace spillway::admin {

namespace {

/// Comes at once, so that a client knows that it is through; how soon to come again after a break.
constexpr std::string_view kPreface = "retry: 1000\n\n";

} // namespace

struct LiveFeed::Reader
{
    std::chrono::milliseconds interval;
    std::function<bool()> allowed;
    Monotonic due{};
    std::shared_ptr<const std::string> newest; ///< not begun yet
    std::function<void()> wake;
    bool over = false;
};

class LiveFeed::Stream final : public net::Generator
{
public:
    Stream(LiveFeed& feed, std::shared_ptr<Reader> reader) : feed_(feed), reader_(std::move(reader)) {}
    ~Stream() override { feed_.unsubscribe(reader_); }

    [[nodiscard]] State pull(std::string& out, std::size_t budget, std::function<void()> wake) override
    {
        if (!begun_) {
            begun_ = true;
            out.append(kPreface);
            return State::More;
        }
        if (!current_ || at_ == current_->size()) {
            current_ = std::move(reader_->newest);
            at_ = 0;
        }
        if (!current_) {
            if (reader_->over)
                return State::Done;
            reader_->wake = std::move(wake);
            return State::Pending;
        }
        const std::size_t size = std::min(budget, current_->size() - at_);
        out.append(*current_, at_, size);
        at_ += size;
        return State::More;
    }

private:
    LiveFeed& feed_;
    const std::shared_ptr<Reader> reader_;
    std::shared_ptr<const std::string> current_;
    std::size_t at_ = 0;
    bool begun_ = false;
};

LiveFeed::LiveFeed(engine::Engine& engine, net::Worker& worker)
    : worker_(worker), snapshots_(engine), pool_(std::make_unique<BlockingPool>("live", 1, 4))
{
    pace_.callOnTimeout(&pace_, [this] { build(); });
}

LiveFeed::~LiveFeed()
{
    stop();
}

void LiveFeed::stop()
{
    pace_.stop();
    pool_.reset();
}

std::unique_ptr<net::Generator> LiveFeed::subscribe(std::chrono::milliseconds interval,
                                                    std::function<bool()> allowed)
{
    auto reader = std::make_shared<Reader>();
    reader->interval = std::clamp(interval, kEager, kLazy);
    reader->allowed = std::move(allowed);
    readers_.push_back(reader);
    adjustPace();
    build();
    return std::make_unique<Stream>(*this, std::move(reader));
}

void LiveFeed::unsubscribe(const std::shared_ptr<Reader>& reader)
{
    std::erase(readers_, reader);
    adjustPace();
}

void LiveFeed::adjustPace()
{
    if (readers_.empty() || !pool_)
        return pace_.stop();
    const auto eager =
        std::min_element(readers_.begin(), readers_.end(), [](const auto& left, const auto& right) {
            return left->interval < right->interval;
        });
    if (!pace_.isActive() || pace_.intervalAsDuration() != (*eager)->interval)
        pace_.start((*eager)->interval);
}

void LiveFeed::build()
{
    if (building_ || !pool_)
        return;
    building_ = pool_->submit([this] {
        const QByteArray json =
            QJsonDocument(contract::toJson(snapshots_.take())).toJson(QJsonDocument::Compact);
        auto event =
            std::make_shared<const std::string>("event: snapshot\ndata: " + json.toStdString() + "\n\n");
        worker_.post([this, event = std::move(event)] { deliver(event); });
    });
}

void LiveFeed::deliver(const std::shared_ptr<const std::string>& event)
{
    building_ = false;
    const Monotonic now = worker_.clock().monotonic();
    const auto all = readers_; // a wake can end a stream
    for (const auto& reader : all) {
        if (now < reader->due)
            continue;
        // Half a turn is forgiven, or a timer that fires a little early would leave one out.
        reader->due = now + reader->interval - pace_.intervalAsDuration() / 2;
        if (reader->allowed())
            reader->newest = event;
        else
            reader->over = true;
        if (auto wake = std::exchange(reader->wake, nullptr))
            wake();
    }
}

} // namespace spillway::admin
