// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/linkurl.h"
#include "server/download/credentials.h"
#include "server/download/grant.h"
#include "server/download/pageanswer.h"
#include "server/download/pipeline.h"
#include "server/http/query.h"
#include "server/pages/chatpage.h"
#include "server/pages/filepage.h"

// The part of Pipeline about pages in place of files: what people see of a stored link's file, and what
// previews of chats do.
namespace spillway::download {

namespace {

/// Up to here the page waits for its checksum, some milliseconds; a larger file's is computed for the next
/// time the page is shown.
constexpr std::uint64_t kSummedForPage = 16U << 20;

/// Where the page stands below its folder link.
void setPlace(pages::FilePage& page, const Target& target)
{
    if (!target.link->isFolder)
        return;
    const std::string_view below = pathBelowLink(target);
    const auto slash = below.rfind('/');
    page.linkName = target.link->name;
    if (slash != std::string_view::npos)
        page.shownPath = below.substr(0, slash);
}

} // namespace

pages::LinkFacts linkFacts(const catalog::Link& link)
{
    pages::LinkFacts facts{link.note, link.expiresAt, {}};
    if (link.maxDownloads)
        facts.remaining = std::max<std::int64_t>(0, *link.maxDownloads - link.downloads);
    return facts;
}

/// The recipient who reads the page, as the links in it name him: who he was, else who his address is.
/// decisions/0004 says why not a new one.
std::string Pipeline::grantFor(const http::Exchange& exchange, const std::string& link) const
{
    if (!rules_->signer)
        return {};
    const std::int64_t now = exchange.wallSecond();
    const auto known = grantedName(*rules_->signer, exchange.head(), link, now);
    const std::string name = known ? *known : recipientName(exchange.client());
    return std::string(kGrantParameter) + "=" + makeGrant(*rules_->signer, link, name, now + kGrantLasts);
}

/// It counts nothing. The checksum is that of the index, or computed.
void Pipeline::showFilePage(http::Exchange& exchange, const Target& target,
                            const std::shared_ptr<body::CachedFile>& file)
{
    const http::Query query(exchange.head().rawQuery);
    const catalog::Link& link = *target.link;
    auto page = std::make_shared<pages::FilePage>();
    page->name = link.isFolder ? file->name : link.name;
    page->size = file->file->size();
    page->modifiedAt = file->file->lastModified();
    page->mediaType = file->mediaType;
    page->facts = linkFacts(link);
    page->credentials = signedQuery(exchange.head().rawQuery);
    page->grant = grantFor(exchange, link.id);
    page->hasPassword = !link.passwordHash.empty();
    if (query.contains("preview"))
        page->preview = pages::Preview::Asked;
    else if (link.maxDownloads)
        page->preview = pages::Preview::OnRequest;
    setPlace(*page, target);
    if (!parts_.digests) {
        answerFilePage(exchange, *page);
        return;
    }
    // The file is this thread's own: what another one gets are its facts.
    const Digests::File asked{target.share->share.id, target.share->root, target.path, file->file->facts()};
    const bool small = page->size <= kSummedForPage;
    const http::Parked parked = exchange.park();
    parts_.digests->ask(asked, small ? Digests::Effort::Computed : Digests::Effort::Known,
                        [this, parked, page, post = post_, id = link.id,
                         share = target.share](const Digests::Answer& answer) {
                            if (answer.verdict == Digests::Verdict::Found)
                                page->sha256 = digestText(answer.sha256);
                            post([this, parked, page, id, share] {
                                parked.resume([&](http::Exchange& again) {
                                    again.labels.route = observe::Route::Link;
                                    again.labels.share = share->share.name;
                                    again.labels.link = id;
                                    answerFilePage(again, *page);
                                });
                            });
                        });
    if (!small)
        parts_.digests->ask(asked, Digests::Effort::Computed, [](const Digests::Answer&) {});
}

void Pipeline::answerFilePage(http::Exchange& exchange, pages::FilePage& page)
{
    const pages::View view = viewOf(exchange, *rules_);
    const std::array<std::string_view, 2> parts{page.credentials, page.grant};
    page.url =
        view.site + auth::percentEncodePath(exchange.head().path) + pages::reference(pages::joinQuery(parts));
    answerPage(exchange, view, pages::filePage(view, page), kPrivateFields);
}

/// A chat's preview gets a page in place of what a stored link leads to. `file`: null for a folder.
bool Pipeline::answerPreviewBot(http::Exchange& exchange, const Target& target, const body::CachedFile* file)
{
    if (!target.link || !counting_.isPreviewBot(exchange))
        return false;
    const std::string_view below = pathBelowLink(target);
    const std::string_view name = below.substr(below.rfind('/') + 1);
    const pages::View view = viewOf(exchange, *rules_);
    std::string html = pages::chatPage(view, name.empty() ? std::string_view(target.link->name) : name,
                                       file ? std::optional(file->file->size()) : std::nullopt);
    answerPage(exchange, view, std::move(html), kPrivateFields);
    return true;
}

} // namespace spillway::download
