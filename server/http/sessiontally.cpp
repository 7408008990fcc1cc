// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/inflight.h"

// The part of Session that keeps who takes what.
namespace spillway::http {

/// Of an answer that is over before its call is.
void Session::tally(const Exchange& exchange, std::uint64_t bodyBytes)
{
    const RequestLabels& labels = exchange.labels;
    if (bodyBytes == 0 || !sendsContent(exchange.status_))
        return;
    if (!tally_)
        tally_ = std::make_unique<observe::DownloadTally>();
    if (const std::uint64_t many = tally_->standsFor(bodyBytes); many > 0)
        tally_->add(labels.link, exchange.client().address, labels.share, labels.download, bodyBytes * many,
                    labels.download.fromStart ? many : 0);
}

/// Of one that goes on, or did: what the tally does not have yet.
void Session::tally(InFlight& answer, std::uint64_t bodyBytes)
{
    if (answer.download.what == observe::DownloadOf::What::Nothing || bodyBytes <= answer.tallied)
        return;
    if (!tally_)
        tally_ = std::make_unique<observe::DownloadTally>();
    observe::DownloadOf download = answer.download;
    download.path = answer.text(8);
    observe::DownloadTally::Address client = answer.connection.peer().address;
    if (const auto other = answer.text(6); !other.empty())
        std::copy(other.begin(), other.end(), client.begin());
    const bool begins = download.fromStart && answer.tallied == 0;
    tally_->add(answer.text(5), client, answer.text(4), download, bodyBytes - answer.tallied, begins ? 1 : 0);
    answer.tallied = bodyBytes;
}

std::unique_ptr<observe::DownloadTally> Session::takeTally()
{
    // Each that was looked at goes to the end, so that the next call begins with those that were not.
    const Going* const last = going_.before;
    for (std::size_t seen = 0; seen < kTalliedAtOnce && going_.after != &going_; ++seen) {
        Going* const one = going_.after;
        auto& answer = static_cast<InFlight&>(*one);
        tally(answer, answer.bodyBytes());
        one->linkBefore(going_);
        if (one == last)
            break;
    }
    return std::move(tally_);
}

} // namespace spillway::http
