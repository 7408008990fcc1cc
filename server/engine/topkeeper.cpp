// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/topkeeper.h"

#include "server/engine/sealedfile.h"
#include "server/observe/log.h"

#include <QtCore/QDataStream>
#include <QtCore/QIODevice>

namespace spillway::engine {

using observe::DownloadTally;
using observe::HeavyHitters;

namespace {

constexpr std::string_view kMagic = "spillway-top-1\n";
constexpr std::size_t kSavedOfList = 64;
constexpr quint32 kMostSteps = 32;

void write(QDataStream& out, const DownloadTally& tally)
{
    for (std::size_t i = 0; i < DownloadTally::ListCount; ++i) {
        const auto hits = tally.list(static_cast<DownloadTally::List>(i)).top(kSavedOfList);
        out << static_cast<quint32>(hits.size());
        for (const HeavyHitters::Hit& hit : hits)
            out << QByteArray::fromStdString(hit.key) << static_cast<quint64>(hit.bytes)
                << static_cast<quint64>(hit.count);
    }
}

/// False where it makes no sense.
bool read(QDataStream& in, DownloadTally& tally)
{
    for (std::size_t i = 0; i < DownloadTally::ListCount; ++i) {
        const auto list = static_cast<DownloadTally::List>(i);
        quint32 count = 0;
        in >> count;
        if (count > kSavedOfList)
            return false;
        for (quint32 n = 0; n < count; ++n) {
            QByteArray key;
            quint64 bytes = 0, downloads = 0;
            in >> key >> bytes >> downloads;
            if (list == DownloadTally::Clients &&
                key.size() != static_cast<qsizetype>(sizeof(DownloadTally::Address)))
                return false;
            tally.list(list).add(key.toStdString(), bytes, downloads);
        }
    }
    return in.status() == QDataStream::Ok;
}

} // namespace

TopKeeper::TopKeeper(std::string path, const Clock& clock, observe::Log& log)
    : path_(std::move(path)), clock_(clock), log_(log)
{
}

std::int64_t TopKeeper::nowMs() const
{
    return std::chrono::floor<std::chrono::milliseconds>(clock_.wall()).time_since_epoch().count();
}

void TopKeeper::load()
{
    if (const auto read = this->read(); !read)
        log_.warning("the lists of what is downloaded most begin anew", {{"reason", read.error().message}});
}

Result<void> TopKeeper::read()
{
    const auto body = readSealed(path_, kMagic);
    if (!body)
        return fail(body.error());
    if (!*body)
        return {};
    QDataStream in(**body);
    TopDownloads top;
    for (std::size_t i = 0; i < contract::kHistorySpans; ++i) {
        quint32 steps = 0;
        in >> steps;
        if (steps > kMostSteps)
            return fail(damagedFile(path_));
        for (quint32 n = 0; n < steps; ++n) {
            qint64 begin = 0;
            in >> begin;
            TopDownloads::Step step{begin, DownloadTally()};
            if (!engine::read(in, step.tally))
                return fail(damagedFile(path_));
            top.restore(static_cast<contract::HistorySpan>(i), std::move(step), nowMs());
        }
    }
    if (in.status() != QDataStream::Ok || !in.atEnd())
        return fail(damagedFile(path_));
    const std::lock_guard lock(mutex_);
    top_ = std::move(top);
    return {};
}

void TopKeeper::give(std::unique_ptr<DownloadTally> tally)
{
    if (!tally)
        return;
    const std::lock_guard lock(inboxMutex_);
    inbox_.push_back(std::move(tally));
}

void TopKeeper::fold()
{
    std::vector<std::unique_ptr<DownloadTally>> given;
    {
        const std::lock_guard lock(inboxMutex_);
        given.swap(inbox_);
    }
    const std::int64_t now = nowMs();
    const std::lock_guard lock(mutex_);
    for (const auto& tally : given)
        top_.add(*tally, now);
}

QByteArray TopKeeper::bytes() const
{
    QByteArray body;
    QDataStream out(&body, QIODevice::WriteOnly);
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < contract::kHistorySpans; ++i) {
        const auto& steps = top_.steps(static_cast<contract::HistorySpan>(i));
        out << static_cast<quint32>(steps.size());
        for (const TopDownloads::Step& step : steps) {
            out << static_cast<qint64>(step.beginMs);
            write(out, step.tally);
        }
    }
    return body;
}

void TopKeeper::save()
{
    const std::lock_guard lock(saving_);
    const auto written = writeSealed(path_, kMagic, bytes());
    if (!written && !failed_)
        log_.warning("what is downloaded most is not saved, and would be lost at a restart",
                     {{"reason", written.error().message}});
    failed_ = !written;
}

DownloadTally TopKeeper::sum(contract::HistorySpan span) const
{
    const std::lock_guard lock(mutex_);
    return top_.sum(span, nowMs());
}

} // namespace spillway::engine
