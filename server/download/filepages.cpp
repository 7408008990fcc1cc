// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/linkurl.h"
#include "server/catalog/index/fileindex.h"
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

std::string hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

/// What the index would have to say of the very file that is open.
catalog::FileFacts indexFacts(const body::FileFacts& facts)
{
    return {false, static_cast<std::int64_t>(facts.size), facts.mtimeNs,
            static_cast<std::int64_t>(facts.inode)};
}

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

/// It counts nothing. The checksum is asked of the index; the answer waits for that, a row of SQL.
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
    if (!parts_.index) {
        answerFilePage(exchange, *page);
        return;
    }
    // The file is this thread's own: what another one gets are its facts.
    const http::Parked parked = exchange.park();
    parts_.index->lookupAsync(
        target.share->share.id, target.path,
        [this, parked, page, post = post_, facts = indexFacts(file->file->facts()), id = link.id,
         share = target.share](const Result<std::optional<catalog::IndexEntry>>& found) {
            if (found && *found && (*found)->facts == facts)
                page->sha256 = hex((*found)->sha256);
            post([this, parked, page, id, share] {
                parked.resume([&](http::Exchange& again) {
                    again.labels.route = observe::Route::Link;
                    again.labels.share = share->share.name;
                    again.labels.link = id;
                    answerFilePage(again, *page);
                });
            });
        });
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
