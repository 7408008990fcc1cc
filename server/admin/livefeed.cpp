// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/livefeed.h"

#include "server/contract/codec.h"
#include "server/engine/engine.h"
#include "server/net/worker.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <algorithm>
#include <deque>
#include <utility>

namespace spillway::admin {

namespace {

/// Comes at once, so that a client knows that it is through; how soon to come again after a break.
constexpr std::string_view kPreface = "retry: 1000\n\n";

} // namespace

/// A snapshot as text, cut where the list of what ended has its place.
struct LiveFeed::Event
{
    std::string head; ///< "event: snapshot\ndata: {…,"ended":["
    std::string tail; ///< "]}\n\n"
    std::vector<std::shared_ptr<const std::string>> ended;
};

struct LiveFeed::Reader
{
    std::chrono::milliseconds interval;
    std::function<bool()> allowed;
    Monotonic due{};
    std::shared_ptr<const Event> newest;                  ///< not begun yet
    std::deque<std::shared_ptr<const std::string>> ended; ///< not sent yet, of snapshots left out, too
    std::function<void()> wake;
    bool over = false;

    /// How many were too many.
    std::size_t keep(const Event& event)
    {
        ended.insert(ended.end(), event.ended.begin(), event.ended.end());
        const std::size_t tooMany = ended.size() > kMostEnded ? ended.size() - kMostEnded : 0;
        ended.erase(ended.begin(), ended.begin() + static_cast<std::ptrdiff_t>(tooMany));
        return tooMany;
    }
    /// All that ended, as the rows of a list.
    [[nodiscard]] std::string takeEnded()
    {
        std::string rows;
        for (const auto& one : std::exchange(ended, {}))
            rows.append(rows.empty() ? "" : ",").append(*one);
        return rows;
    }
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
        if (!current_ && reader_->newest) {
            current_ = std::exchange(reader_->newest, nullptr);
            ended_ = reader_->takeEnded();
            at_ = 0;
        }
        if (!current_) {
            if (reader_->over)
                return State::Done;
            reader_->wake = std::move(wake);
            return State::Pending;
        }
        // Head, what ended, tail: the large one is shared by all who read.
        std::size_t begin = 0;
        for (const std::string* part :
             std::initializer_list<const std::string*>{&current_->head, &ended_, &current_->tail}) {
            const std::size_t from = at_ - begin;
            if (at_ >= begin && from < part->size()) {
                const std::size_t size = std::min(budget, part->size() - from);
                out.append(*part, from, size);
                at_ += size;
                break;
            }
            begin += part->size();
        }
        if (at_ == current_->head.size() + ended_.size() + current_->tail.size())
            current_.reset();
        return State::More;
    }

private:
    LiveFeed& feed_;
    const std::shared_ptr<Reader> reader_;
    std::shared_ptr<const Event> current_; ///< null: the one before is out
    std::string ended_;                    ///< that goes with it
    std::size_t at_ = 0;
    bool begun_ = false;
};

LiveFeed::LiveFeed(engine::Engine& engine, net::Worker& worker)
    : worker_(worker), snapshots_(engine), pool_(std::make_unique<BlockingPool>("live", 1, 4))
{
    pace_.callOnTimeout(&pace_, [this] { build(); });
    if (auto bound = engine.metrics().attachBound(
            "live_ended", [this] { return endedLeftOut_.load(std::memory_order_relaxed); }))
        bound_ = std::move(*bound);
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
        auto event = std::make_shared<const Event>(eventOf(snapshots_.take()));
        worker_.post([this, event = std::move(event)] { deliver(event); });
    });
}

LiveFeed::Event LiveFeed::eventOf(const contract::LiveSnapshot& snapshot)
{
    QJsonObject object = contract::toJson(snapshot);
    Event event;
    for (const QJsonValue one : object.take(QStringLiteral("ended")).toArray())
        event.ended.push_back(std::make_shared<const std::string>(
            QJsonDocument(one.toObject()).toJson(QJsonDocument::Compact).toStdString()));
    event.head =
        "event: snapshot\ndata: " + QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
    event.head.back() = ','; // it was the end of the object
    event.head += "\"ended\":[";
    event.tail = "]}\n\n";
    return event;
}

void LiveFeed::deliver(const std::shared_ptr<const Event>& event)
{
    building_ = false;
    const Monotonic now = worker_.clock().monotonic();
    const auto all = readers_; // a wake can end a stream
    for (const auto& reader : all) {
        endedLeftOut_.fetch_add(reader->keep(*event), std::memory_order_relaxed);
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
