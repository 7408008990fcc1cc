// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/grant.h"
#include "server/download/listinganswer.h"
#include "server/download/pageanswer.h"
#include "server/download/pipeline.h"
#include "server/pages/sharespage.h"

// Folders: their pages and listings, their ZIPs, and the list of what is public.
namespace spillway::download {

void Pipeline::answerFolder(http::Exchange& exchange, const Target& target)
{
    if (answerPreviewBot(exchange, target, nullptr))
        return;
    if (!target.share->share.listing || !target.mayList) {
        refuse(exchange);
        return;
    }
    if (parts_.health.is(observe::Mode::Saving)) {
        exchange.fail(503,
                      "Folders cannot be listed or packed now, because the server is busy; files can be had.",
                      "Retry-After: 60\r\n");
        return;
    }
    if (zipAnswer_ && ZipAnswer::isAskedFor(exchange.head())) {
        answerZip(exchange, target);
        return;
    }
    if (!target.link) {
        sendListing(exchange, target);
        return;
    }
    counting_.admit(exchange, target, false,
                    [this](http::Exchange& again, const Target& counted) { sendListing(again, counted); });
}

void Pipeline::sendListing(http::Exchange& exchange, const Target& target)
{
    const Answering answering(*this, target.right, target.subjects, target.epoch, target.admission);
    const std::string grant = target.link ? grantFor(exchange, target.link->id) : std::string();
    answerListing(exchange, target, *rules_, grant, parts_.pool, post_);
}

/// What the folder holds is listed and read at once, so both must be allowed.
void Pipeline::answerZip(http::Exchange& exchange, const Target& target)
{
    if (!target.mayDownload) {
        refuse(exchange);
        return;
    }
    zipAnswer_->plan(exchange, target,
                     [this](http::Exchange& again, const Target& planned, const body::ZipPlanPtr& plan) {
                         if (!planned.link) {
                             sendZip(again, planned, plan);
                             return;
                         }
                         counting_.admit(again, planned, ZipAnswer::sendsBytes(again, *plan),
                                         [this, plan](http::Exchange& counted, const Target& taken) {
                                             sendZip(counted, taken, plan);
                                         });
                     });
}

void Pipeline::sendZip(http::Exchange& exchange, const Target& target, const body::ZipPlanPtr& plan)
{
    zipAnswer_->prepare(exchange, target, plan,
                        [this](http::Exchange& again, const Target& ready, const body::ZipPlanPtr& its) {
                            const Answering answering(*this, ready.right, ready.subjects, ready.epoch,
                                                      ready.admission);
                            zipAnswer_->send(again, ready, its);
                        });
}

void Pipeline::answerRoot(http::Exchange& exchange)
{
    std::vector<std::string_view> names;
    for (const auto& [name, rule] : rules_->byName)
        if (rule->share.isPublic)
            names.emplace_back(name);
    const pages::View view = viewOf(exchange, *rules_);
    answerPage(exchange, view, pages::sharesPage(view, names), "Cache-Control: no-cache\r\n");
}

} // namespace spillway::download
