// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/livesnapshots.h"

#include "server/base/threadpriority.h"
#include "server/engine/engine.h"

#include <algorithm>
#include <charconv>

namespace spillway::engine {

namespace {

constexpr std::size_t kMostTransfers = 20'000;
constexpr int kNiceness = 16; // 2.8 % of a processor that workers want for themselves

QString toQString(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

/// "/s/a%20b?token=x" → "/s/a b". An absolute-form target keeps its path alone, too (RFC 9112 §3.2.2).
QByteArray pathOf(std::string_view target)
{
    target = target.substr(0, target.find('?'));
    if (const std::size_t scheme = target.find("://");
        scheme != std::string_view::npos && !target.starts_with('/')) {
        const std::size_t path = target.find('/', scheme + 3);
        target = path == std::string_view::npos ? std::string_view("/") : target.substr(path);
    }
    return QByteArray::fromPercentEncoding(
        QByteArray::fromRawData(target.data(), static_cast<qsizetype>(target.size())));
}

/// What the limits say of a transfer's priority: the innermost level that says anything.
class Priorities
{
public:
    explicit Priorities(Engine& engine) : limits_(engine.limits().limits()), rules_(engine.rules().rules()) {}

    [[nodiscard]] QString of(const http::AnswerList::Row& row, const http::AnswerList::Texts& texts) const
    {
        using Level = policy::LimitLevel;
        using Key = policy::SubjectKey;
        std::optional<policy::Priority> priority;
        const auto ask = [&](Level level, const auto& key) {
            if (!priority && !limits_->untouched(level))
                priority = limits_->fieldsFor(level, key()).priority;
        };
        ask(Level::Connection, [] { return Key(); });
        ask(Level::Ip, [&] { return Key::client(row.client); });
        if (!texts.link.empty())
            ask(Level::Link, [&] { return Key::text(texts.link); });
        if (!texts.token.empty())
            ask(Level::Token, [&] { return Key::text(texts.token); });
        if (const auto share = rules_->byName.find(std::string(texts.share)); share != rules_->byName.end())
            ask(Level::Share, [&] { return Key::number(share->second->share.id); });
        ask(Level::Server, [] { return Key(); });
        return toQString(
            policy::kPriorityNames[static_cast<std::size_t>(priority.value_or(policy::Priority::Normal))]);
    }

private:
    const std::shared_ptr<const policy::LimitSet> limits_;
    const std::shared_ptr<const download::Rules> rules_;
};

std::int64_t milliseconds(WallTime time)
{
    return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

double milliseconds(std::chrono::nanoseconds duration)
{
    return std::chrono::duration<double, std::milli>(duration).count();
}

} // namespace

QString ConnectionName::text() const
{
    return QStringLiteral("%1-%2-%3").arg(worker).arg(slot).arg(generation);
}

Result<ConnectionName> ConnectionName::parse(const std::string& text)
{
    ConnectionName name;
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    const auto number = [&](auto& value, bool last) {
        const auto read = std::from_chars(at, end, value);
        const bool good =
            read.ec == std::errc() && (last ? read.ptr == end : read.ptr < end && *read.ptr == '-');
        at = read.ptr + 1;
        return good;
    };
    if (number(name.worker, false) && number(name.slot, false) && number(name.generation, true))
        return name;
    return fail(ErrorCode::InvalidArgument, "\"" + text + "\" names no connection");
}

namespace {

/// A row as consoles see it; its id and length are for the caller.
contract::Transfer transferOf(const http::AnswerList::Row& row, const http::AnswerList::Texts& texts,
                              const Priorities& priorities, std::int64_t startedAtMs)
{
    contract::Transfer transfer;
    transfer.client = toQString(row.client.toString());
    transfer.path = pathOf(texts.target);
    transfer.share = toQString(texts.share);
    transfer.link = toQString(texts.link);
    transfer.userAgent = toQString(texts.userAgent);
    transfer.token = toQString(texts.token);
    transfer.priority = priorities.of(row, texts);
    transfer.tls = row.tls;
    transfer.startedAtMs = startedAtMs;
    transfer.sent = static_cast<std::int64_t>(row.sent);
    if (!row.endless)
        transfer.total = static_cast<std::int64_t>(row.sent + row.left);
    return transfer;
}

/// Unix milliseconds of a moment of the engine's clock.
class Calendar
{
public:
    explicit Calendar(const Clock& clock) : wall_(milliseconds(clock.wall())), now_(clock.monotonic()) {}
    [[nodiscard]] std::int64_t at(Monotonic time) const
    {
        return wall_ - std::chrono::floor<std::chrono::milliseconds>(now_ - time).count();
    }

private:
    const std::int64_t wall_;
    const Monotonic now_;
};

contract::TransferList running(Engine& engine, const std::vector<http::AnswerList>& lists)
{
    const Calendar calendar(engine.clock());
    const Priorities priorities(engine);
    contract::TransferList all;
    std::size_t total = 0;
    for (const http::AnswerList& list : lists)
        total += list.rows.size();
    all.transfers.reserve(total);
    for (std::size_t worker = 0; worker < lists.size(); ++worker) {
        const http::AnswerList& list = lists[worker];
        all.omitted += static_cast<std::int64_t>(list.omitted);
        for (const http::AnswerList::Row& row : list.rows) {
            all.transfers.push_back(transferOf(row, list.of(row), priorities, calendar.at(row.start)));
            all.transfers.back().id = ConnectionName{worker, row.slot, row.generation}.text();
        }
    }
    std::stable_sort(all.transfers.begin(), all.transfers.end(), [](const auto& left, const auto& right) {
        return left.startedAtMs < right.startedAtMs;
    });
    if (all.transfers.size() > kMostTransfers) {
        all.omitted += static_cast<std::int64_t>(all.transfers.size() - kMostTransfers);
        all.transfers.resize(kMostTransfers);
    }
    return all;
}

std::vector<contract::EndedTransfer> ended(Engine& engine, const std::vector<http::AnswerList>& lists)
{
    const Calendar calendar(engine.clock());
    const Priorities priorities(engine);
    std::vector<contract::EndedTransfer> all;
    for (std::size_t worker = 0; worker < lists.size(); ++worker)
        for (const http::AnswerList::Ended& one : lists[worker].ended) {
            all.push_back(
                {transferOf(one.row, lists[worker].of(one.row), priorities, calendar.at(one.row.start)),
                 calendar.at(one.end), one.complete});
            all.back().transfer.id = QStringLiteral("%1-%2").arg(worker).arg(one.serial);
        }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& left, const auto& right) { return left.endedAtMs < right.endedAtMs; });
    return all;
}

} // namespace

Result<contract::TransferList> listTransfers(Engine& engine)
{
    auto lists = engine.answersInFlight(kMostTransfers);
    if (!lists)
        return fail(lists.error());
    return running(engine, *lists);
}

contract::LiveSnapshot LiveSnapshots::take()
{
    [[maybe_unused]] thread_local const bool polite = (giveWay(kNiceness), true);
    observe::MetricsSnapshot now = engine_.metrics().snapshot();
    contract::LiveSnapshot snapshot;
    snapshot.atMs = milliseconds(now.wall);
    snapshot.connections = static_cast<std::int64_t>(engine_.connections());
    snapshot.requests = static_cast<std::int64_t>(now.requestsTotal());
    snapshot.sentBytes = static_cast<std::int64_t>(now[observe::Counter::SentBytes]);
    const auto modes = engine_.health().active();
    snapshot.mode = toQString(observe::modeName(engine_.health().mode()));
    if (!modes.empty())
        snapshot.modeReason = QString::fromStdString(modes.front().reason);
    if (before_) {
        const observe::MetricsRates rates = observe::ratesBetween(*before_, now);
        snapshot.seconds = rates.seconds;
        snapshot.sentRate = rates.sentBytes;
        snapshot.receivedRate = rates.receivedBytes;
        snapshot.requestRate = rates.requests;
        snapshot.clientErrorRate = rates.clientErrors;
        snapshot.serverErrorRate = rates.serverErrors;
        if (rates.seconds > 0) {
            const auto perSecond = [&](unsigned statusClass) {
                return static_cast<double>(now.requestsOfClass(statusClass) -
                                           before_->requestsOfClass(statusClass)) /
                       rates.seconds;
            };
            snapshot.okRate = perSecond(2);
            snapshot.redirectRate = perSecond(3);
        }
        snapshot.p50Ms = milliseconds(rates.p50);
        snapshot.p95Ms = milliseconds(rates.p95);
        snapshot.p99Ms = milliseconds(rates.p99);
        snapshot.cacheHitRatio = rates.fileCacheHitRatio;
    }
    snapshot.waiting = engine_.limits().queue().waiting.load(std::memory_order_relaxed);
    snapshot.waitMs = engine_.limits().queueWait().count();
    if (const auto lists = engine_.answersInFlight(kMostTransfers, &endedSeen_)) {
        running_ = running(engine_, *lists);
        snapshot.ended = ended(engine_, *lists);
        endedSeen_.resize(lists->size());
        for (std::size_t worker = 0; worker < lists->size(); ++worker)
            if (!(*lists)[worker].ended.empty())
                endedSeen_[worker] = (*lists)[worker].ended.back().serial;
    }
    snapshot.running = running_;
    before_ = std::move(now);
    return snapshot;
}

} // namespace spillway::engine
