// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/historykeeper.h"

#include "server/engine/sealedfile.h"
#include "server/observe/log.h"

#include <QtCore/QDataStream>
#include <QtCore/QIODevice>
#include <cmath>

namespace spillway::engine {

using contract::HistorySample;

namespace {

constexpr std::chrono::seconds kSaveEvery{60};
constexpr std::string_view kMagic = "spillway-history-1\n";

/// In the file's order.
constexpr std::array<double HistorySample::*, 12> kNumbers{
    &HistorySample::sentRate,     &HistorySample::receivedRate,    &HistorySample::okRate,
    &HistorySample::redirectRate, &HistorySample::clientErrorRate, &HistorySample::serverErrorRate,
    &HistorySample::connections,  &HistorySample::transfers,       &HistorySample::p50Ms,
    &HistorySample::p95Ms,        &HistorySample::p99Ms,           &HistorySample::cacheHitRatio};

} // namespace

HistoryKeeper::HistoryKeeper(std::string path, const Clock& clock, observe::Log& log)
    : path_(std::move(path)), clock_(clock), log_(log), savedAt_(clock.monotonic())
{
}

void HistoryKeeper::load()
{
    if (const auto read = this->read(); !read)
        log_.warning("the charts' history begins anew", {{"reason", read.error().message}});
}

Result<void> HistoryKeeper::read()
{
    const auto body = readSealed(path_, kMagic);
    if (!body)
        return fail(body.error());
    if (!*body)
        return {};
    QDataStream in(**body);
    std::array<std::vector<HistorySample>, contract::kHistorySpans> spans;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        quint32 count = 0;
        in >> count;
        if (count > contract::kHistoryShapes[i].capacity() + 1)
            return fail(damagedFile(path_));
        for (quint32 n = 0; n < count; ++n) {
            HistorySample sample;
            qint64 at = 0;
            in >> at;
            sample.atMs = at;
            for (const auto number : kNumbers) {
                in >> sample.*number;
                if (!std::isfinite(sample.*number))
                    return fail(damagedFile(path_));
            }
            spans[i].push_back(sample);
        }
    }
    if (in.status() != QDataStream::Ok || !in.atEnd())
        return fail(damagedFile(path_));
    const std::int64_t now =
        std::chrono::floor<std::chrono::milliseconds>(clock_.wall()).time_since_epoch().count();
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < spans.size(); ++i)
        history_.restore(static_cast<contract::HistorySpan>(i), spans[i], now);
    return {};
}

void HistoryKeeper::add(const HistoryReading& reading)
{
    const std::lock_guard lock(mutex_);
    history_.add(reading);
}

bool HistoryKeeper::saveDue()
{
    const Monotonic now = clock_.monotonic();
    if (now - savedAt_ < kSaveEvery)
        return false;
    savedAt_ = now;
    return true;
}

QByteArray HistoryKeeper::bytes() const
{
    QByteArray body;
    QDataStream out(&body, QIODevice::WriteOnly);
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < contract::kHistorySpans; ++i) {
        contract::HistoryPage page = history_.page(static_cast<contract::HistorySpan>(i));
        if (page.running) // for the run that reads this, its step ended here
            page.samples.push_back(*page.running);
        out << static_cast<quint32>(page.samples.size());
        for (const HistorySample& sample : page.samples) {
            out << static_cast<qint64>(sample.atMs);
            for (const auto number : kNumbers)
                out << sample.*number;
        }
    }
    return body;
}

void HistoryKeeper::save()
{
    const std::lock_guard lock(saving_);
    const auto written = writeSealed(path_, kMagic, bytes());
    if (!written && !failed_)
        log_.warning("the charts' history is not saved, and would be lost at a restart",
                     {{"reason", written.error().message}});
    failed_ = !written;
}

contract::HistoryPage HistoryKeeper::page(contract::HistorySpan span, std::int64_t afterMs) const
{
    const std::lock_guard lock(mutex_);
    return history_.page(span, afterMs);
}

} // namespace spillway::engine
